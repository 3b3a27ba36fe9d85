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
} from './archive-fetch.ts';

/** What a file that changes in its place said when it was last asked for. */
export interface Remembered<V> {
  readonly value: V;
  /** Taken from the cache without asking whether it still holds. */
  readonly isRemembered: boolean;
  /** Remembers it; called once it is known to be good, so that nothing bad is kept for hours. */
  remember(): void;
}

/** How one kind of file is remembered. `revalidate`: ask again, however young it is. */
export interface RememberedOptions<V> {
  /** Of the cache; part of the key with the address. */
  readonly kind: string;
  readonly revalidate: boolean;
  /** What is kept of the body; a JSON value. */
  readonly read: (response: HttpResponse) => Promise<V>;
  /** False when a part of it that is kept elsewhere is gone. */
  readonly isWhole?: (value: V) => boolean;
}

/** JSON in the cache. */
interface Stored<V> extends Validators {
  readonly fetched: number;
  readonly value: V;
}

/**
 * What one file says that an archive replaces in place. Asked for at most once per `maxAge`, then with the validators of
 * what is known. Throws ArchiveTrouble (see `missing` when it is not there), or PlimsollError 'HTTP'.
 */
export async function fetchRemembered<V>(
  deps: ArchiveDependencies,
  url: URL,
  { kind, revalidate, read, isWhole = () => true }: RememberedOptions<V>,
): Promise<Remembered<V>> {
  const { cache, now } = deps;
  const keep = (one: Stored<V>): void => cache.put(kind, url.href, Buffer.from(JSON.stringify(one)));
  const bytes = cache.get(kind, url.href);
  const stored = bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored<V>);
  const known = stored && isWhole(stored.value) ? stored : undefined;
  const age = known ? now - known.fetched : Number.POSITIVE_INFINITY;
  if (known && age >= 0 && age < deps.maxAge && !revalidate) {
    deps.http.cost.cacheHits++;
    return { value: known.value, isRemembered: true, remember: () => {} };
  }
  const answer = await get(deps, url, unlessKnown(known));
  if (known && answer.status === 304) {
    answer.discard();
    const renewed = { ...known, fetched: now };
    return { value: known.value, isRemembered: false, remember: () => keep(renewed) };
  }
  if (answer.status !== 200) {
    answer.discard();
    if (!isMissing(answer.status)) throw unreadable(answer);
    const what = `${redactUrl(url)} is not there (${answer.status}); the release may have moved to an archive of old releases, and the package manager in this image fails too`;
    throw missing(deps.places, url, answer.status, what);
  }
  const value = await read(answer);
  const fresh = { fetched: now, value, ...validatorsOf(answer) };
  return { value, isRemembered: false, remember: () => keep(fresh) };
}
