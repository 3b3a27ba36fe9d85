import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import type { Gate } from '../../http/gate.ts';
import { redactUrl } from '../../http/redact.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import { type ArchiveDependencies, get, isMissing } from '../archives/archive-fetch.ts';
import { decode, decodeLimits, type Form } from '../archives/decode.ts';
import { verified } from '../archives/download.ts';
import { resumed } from '../archives/resume.ts';
import { forms, unreadForms } from './compressed-forms.ts';
import { PackageTable } from './package-table.ts';
import type { ListedFile, ReleaseFile } from './release.ts';

/** One form of an index that the Release lists. */
interface Listed {
  readonly form: Form;
  readonly path: string;
  readonly file: ListedFile;
}

/** Does the Release list an index at this path, in whatever form? */
export function listsIndex(release: ReleaseFile, path: string): boolean {
  return forms.some((form) => release.files.has(`${path}${form}`));
}

/**
 * The rows of one Packages index, as PackageTable keeps them: from the cache when the Release names the same bytes as before, else the smallest
 * form that the archive has. Nothing of a file is believed before its size and hash are those of the Release. Throws
 * ArchiveTrouble, or PlimsollError 'HTTP'.
 */
export async function readIndex(
  deps: ArchiveDependencies & { readonly decodeGate: Gate },
  folder: URL,
  release: ReleaseFile,
  path: string,
): Promise<string> {
  const listed = forms.flatMap((form): Listed[] => {
    const file = release.files.get(`${path}${form}`);
    return file ? [{ form, path: `${path}${form}`, file }] : [];
  });
  for (const one of listed) {
    const known = deps.cache.get('index', cacheKey(folder, one));
    if (known === undefined) continue;
    deps.http.cost.cacheHits++;
    return textOf(known);
  }
  const plain = release.files.get(path)?.size ?? decodeLimits.size;
  for (const one of listed) {
    const table = await fetchIndex(deps, folder, release, one, Math.min(plain, decodeLimits.size));
    if (table === undefined) continue;
    deps.cache.put('index', cacheKey(folder, one), table);
    return textOf(table);
  }
  const index = redactUrl(new URL(path, folder));
  const others = unreadForms(release, path);
  if (others !== '') throw new ArchiveTrouble('archive-index-form', `${index} cannot be read${others}`);
  throw new ArchiveTrouble(
    'archive-index-missing',
    `${index} is listed in the Release of its repository and not there in any form that is read (xz, zstd, gzip, plain); the mirror may be in the middle of an update: try again`,
  );
}

/** Raise it when the rows change their form. */
const tableVersion = 2;

function cacheKey(folder: URL, { path, file }: Listed): string {
  return `${new URL(path, folder).href} ${file.sha256} ${tableVersion}`;
}

function textOf(table: Uint8Array): string {
  return Buffer.from(table.buffer, table.byteOffset, table.byteLength).toString('utf8');
}

async function fetchIndex(
  deps: ArchiveDependencies & { readonly decodeGate: Gate },
  folder: URL,
  release: ReleaseFile,
  { form, path, file }: Listed,
  most: number,
): Promise<Uint8Array | undefined> {
  const url = new URL(path, folder);
  if (file.size > limits.archive.aptIndex.most) {
    throw new ArchiveTrouble(
      'archive-file-too-large',
      `${redactUrl(url)} has ${file.size} bytes; at most ${limits.archive.aptIndex.most} are read`,
    );
  }
  // By hash first: a mirror that changes between Release and index still has the old one there.
  const byHash = new URL(`by-hash/SHA256/${file.sha256}`, url);
  for (const address of release.acquireByHash ? [byHash, url] : [url]) {
    // Held from before the request: an answer that waits for its turn would time out.
    await deps.decodeGate.enter();
    try {
      const response = await get(deps, address);
      if (response.status === 200) {
        const name = redactUrl(address);
        const body = resumed(deps, address, response, { size: file.size, time: deps.fileTime });
        return await tableOf(decode(form, verified(body, file, name), most, name), name, deps.signal);
      }
      response.discard();
      if (!isMissing(response.status)) {
        throw new ArchiveTrouble(
          'archive-unreadable',
          `GET ${redactUrl(address)}: the archive answered ${response.status}`,
        );
      }
    } finally {
      deps.decodeGate.leave();
    }
  }
  return undefined;
}

async function tableOf(
  pieces: AsyncIterable<Uint8Array>,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const table = new PackageTable();
  for await (const piece of pieces) {
    if (!table.write(piece)) {
      throw new ArchiveTrouble('archive-index-damaged', `${name} has lines or rows of a size that no index has`, true);
    }
  }
  return inTurns(table.end(name), signal);
}
