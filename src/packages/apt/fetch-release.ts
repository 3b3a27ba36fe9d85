import { limits } from '../../core/limits/limits.ts';
import type { HttpResponse } from '../../http/http-client.ts';
import { redactUrl } from '../../http/redact.ts';
import {
  type ArchiveDependencies,
  get,
  isMissing,
  missing,
  unlessKnown,
  unreadable,
  type Validators,
  validatorsOf,
} from '../archives/archive-fetch.ts';
import { downloadAll } from '../archives/download.ts';
import type { SignedBytes } from '../archives/openpgp-signature.ts';

/** A Release as it came, not yet judged. */
export interface FetchedRelease extends SignedBytes {
  /** Taken from the cache without asking whether it still holds. */
  readonly isRemembered: boolean;
  /** Remembers it; called once it is known to be good, so that nothing bad is kept for hours. */
  remember(): void;
}

/** JSON in the cache. */
interface Stored extends Validators {
  readonly fetched: number;
  readonly form: SignedBytes['form'];
  readonly bytes: string;
  readonly signature?: string;
}

const kind = 'release';

/**
 * The Release of a suite, from its folder: InRelease, else Release with Release.gpg. Asked for at most once per
 * `maxAge`, then with the validators of what is known. Throws ArchiveTrouble, or PlimsollError 'HTTP'.
 */
export async function fetchRelease(
  deps: ArchiveDependencies,
  folder: URL,
  options: { readonly revalidate: boolean },
): Promise<FetchedRelease> {
  const { cache, now } = deps;
  const known = stored(cache.get(kind, folder.href));
  const age = known ? now - known.fetched : Number.POSITIVE_INFINITY;
  if (known && age >= 0 && age < deps.maxAge && !options.revalidate) {
    deps.http.cost.cacheHits++;
    return fetched(deps, folder, known, true);
  }
  return ask(deps, folder, known);
}

async function ask(deps: ArchiveDependencies, folder: URL, known: Stored | undefined): Promise<FetchedRelease> {
  const bounds = { size: limits.archive.aptRelease.most, time: deps.fileTime };
  const main = known?.form === 'detached' ? 'Release' : 'InRelease';
  const answer = await get(deps, new URL(main, folder), unlessKnown(known));
  if (known && answer.status === 304) {
    answer.discard();
    return fetched(deps, folder, { ...known, fetched: deps.now }, false);
  }
  if (answer.status === 200) {
    const bytes = await downloadAll(answer, bounds);
    if (main === 'Release') return detached(deps, folder, answer, bytes);
    return fetched(deps, folder, fresh(deps, answer, 'inline', bytes), false);
  }
  answer.discard();
  if (!isMissing(answer.status)) throw unreadable(answer);
  // It may have changed its form since it was remembered.
  if (main === 'Release') return ask(deps, folder, undefined);
  const other = await get(deps, new URL('Release', folder));
  if (other.status === 200) return detached(deps, folder, other, await downloadAll(other, bounds));
  other.discard();
  if (!isMissing(other.status)) throw unreadable(other);
  // One refusal is enough to doubt both.
  const status = answer.status === 403 ? 403 : other.status;
  const what = `${redactUrl(folder)} has neither InRelease nor Release (${status}); the release may have moved to an archive of old releases, and apt in this image fails too`;
  throw missing(deps.places, new URL('InRelease', folder), status, what);
}

async function detached(
  deps: ArchiveDependencies,
  folder: URL,
  answer: HttpResponse,
  bytes: Buffer,
): Promise<FetchedRelease> {
  const response = await get(deps, new URL('Release.gpg', folder));
  if (response.status !== 200) {
    response.discard();
    if (!isMissing(response.status)) throw unreadable(response);
    return fetched(deps, folder, fresh(deps, answer, 'detached', bytes), false);
  }
  const signature = await downloadAll(response, { size: limits.archive.signature.most, time: deps.fileTime });
  return fetched(
    deps,
    folder,
    { ...fresh(deps, answer, 'detached', bytes), signature: signature.toString('base64') },
    false,
  );
}

function fresh({ now }: ArchiveDependencies, answer: HttpResponse, form: Stored['form'], bytes: Buffer): Stored {
  return { fetched: now, form, bytes: bytes.toString('base64'), ...validatorsOf(answer) };
}

function fetched({ cache }: ArchiveDependencies, folder: URL, value: Stored, isRemembered: boolean): FetchedRelease {
  return {
    form: value.form,
    bytes: Buffer.from(value.bytes, 'base64'),
    ...(value.signature !== undefined && { signature: Buffer.from(value.signature, 'base64') }),
    isRemembered,
    remember: () => {
      if (!isRemembered) cache.put(kind, folder.href, Buffer.from(JSON.stringify(value)));
    },
  };
}

function stored(bytes: Uint8Array | undefined): Stored | undefined {
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored);
}
