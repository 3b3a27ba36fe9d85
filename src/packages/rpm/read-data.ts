import { limits } from '../../core/limits/limits.ts';
import type { Gate } from '../../http/gate.ts';
import { redactUrl } from '../../http/redact.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import { type ArchiveDependencies, get, isMissing, unreadable } from '../archives/archive-fetch.ts';
import { decode, decodeLimits, type Form } from '../archives/decode.ts';
import { verified } from '../archives/download.ts';
import { resumed } from '../archives/resume.ts';
import type { RepomdFile } from './repomd.ts';

const magics: readonly { readonly form: Form; readonly bytes: readonly number[] }[] = [
  { form: '.gz', bytes: [0x1f, 0x8b] },
  { form: '.zst', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { form: '.xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
];

/**
 * What `make` makes of one file of a repository: from the cache when repomd.xml names the same bytes as before, whatever
 * mirror they came from. Nothing is believed before size and hash are those of repomd.xml. Throws ArchiveTrouble, or
 * PlimsollError 'HTTP'.
 */
export async function readData(
  deps: ArchiveDependencies & { readonly decodeGate: Gate },
  folder: URL,
  file: RepomdFile,
  kind: string,
  make: (pieces: AsyncIterable<Uint8Array>, name: string, signal?: AbortSignal) => Promise<string>,
): Promise<string> {
  const url = new URL(file.href, folder);
  const name = redactUrl(url);
  if (!url.href.startsWith(folder.href)) {
    throw new ArchiveTrouble(
      'archive-index-outside',
      `repomd.xml in ${redactUrl(folder)} names a file outside of it, ${name}, which is not asked for`,
      true,
    );
  }
  const { expected, openSize } = file;
  if (expected === undefined) {
    throw new ArchiveTrouble(
      'archive-weak-hash',
      `repomd.xml gives neither sha256 nor sha512 of ${name}, without which nothing of it can be believed`,
      true,
    );
  }
  const key = `${kind} ${expected.sha512 ?? expected.sha256}`;
  const known = deps.cache.get('index', key);
  if (known !== undefined) {
    deps.http.cost.cacheHits++;
    return Buffer.from(known).toString('utf8');
  }
  const size = expected.size ?? limits.archive.rpmIndex.most;
  if (size > limits.archive.rpmIndex.most) {
    throw new ArchiveTrouble(
      'archive-file-too-large',
      `${name} has ${size} bytes; at most ${limits.archive.rpmIndex.most} are read`,
    );
  }
  // Held from before the request: an answer that waits for its turn would time out.
  await deps.decodeGate.enter();
  try {
    const response = await get(deps, url);
    if (response.status !== 200) {
      response.discard();
      if (!isMissing(response.status)) throw unreadable(response);
      throw new ArchiveTrouble(
        'archive-index-missing',
        `${name} is listed in the repomd.xml of its repository and not there; the mirror may be in the middle of an update: try again`,
      );
    }
    const body = verified(resumed(deps, url, response, { size, time: deps.fileTime }), expected, name);
    const most = Math.min(openSize ?? decodeLimits.size, decodeLimits.size);
    const table = await make(decoded(body, most, name), name, deps.signal);
    deps.cache.put('index', key, Buffer.from(table));
    return table;
  } finally {
    deps.decodeGate.leave();
  }
}

/** By what the bytes begin with: names of these files differ between tools. */
async function* decoded(body: AsyncGenerator<Uint8Array>, most: number, name: string): AsyncGenerator<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let size = 0; size < 8; ) {
    const { value, done } = await body.next();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  const head = Buffer.concat(parts);
  if (head.toString('latin1', 0, 3) === 'BZh') {
    await body.return(undefined);
    throw new ArchiveTrouble(
      'archive-form-unread',
      `${name} is compressed with bzip2, which is not read (gz, zst, xz and plain are)`,
    );
  }
  const form = magics.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))?.form ?? '';
  async function* all(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    yield* body;
  }
  yield* decode(form, all(), most, name);
}
