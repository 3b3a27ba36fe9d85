import { createHash, type Hash } from 'node:crypto';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import { decode, decodeLimits } from '../archives/decode.ts';
import { LineTable, rowWords } from '../archives/package-rows.ts';
import { type ApkSignature, apkSignature, signatureHashes } from './apk-signature.ts';
import { firstGzipMember } from './gzip-member.ts';
import { smallTar, tarFile } from './tar-entries.ts';

/** What an APKINDEX.tar.gz says, before anybody asks whether it may be believed. */
export interface ApkIndex {
  /** Empty: not signed. */
  readonly signatures: readonly ApkSignature[];
  /** Of what the signatures are about, in hex, by algorithm; only those that a signature needs. */
  readonly digests: Readonly<Record<string, string>>;
  /** sha256 of the whole file, in hex. */
  readonly sum: string;
  /** See package-rows.ts. */
  readonly table: string;
}

/**
 * Reads an index as it comes: gzip members one after the other, the first with the signatures, what follows with
 * `DESCRIPTION` and `APKINDEX`, which is records of `X:value` lines with an empty line between them. The signatures are
 * over the compressed bytes of all members after the first. Source: apk-v2(5), apk-package(5). Throws ArchiveTrouble,
 * and what `chunks` throws.
 */
export async function readApkIndex(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): Promise<ApkIndex> {
  const { head, rest } = await readHead(chunks);
  // apk-v3(5): `ADB` and how the rest is compressed.
  if (head.toString('latin1', 0, 3) === 'ADB') {
    await rest.return?.();
    throw new ArchiveTrouble(
      'archive-form-unread',
      `${name} is an index in the format of apk 3 (adb), which is not read (APKINDEX.tar.gz in that of apk 2 is)`,
    );
  }
  const member = firstGzipMember(head);
  const files = member ? [...smallTar(member.content)] : [];
  const isSigned = files[0]?.name.startsWith('.SIGN.') === true;
  const signatures = isSigned ? files.flatMap(({ name, content }) => apkSignature(name, content) ?? []) : [];
  const start = isSigned ? (member?.size ?? 0) : 0;
  const whole = createHash('sha256').update(head.subarray(0, start));
  const hashes = new Map(signatureHashes(signatures).map((algorithm) => [algorithm, createHash(algorithm)]));
  const signed = hashed(joined(head.subarray(start), rest), [whole, ...hashes.values()]);
  const rows = await readTable(decode('.gz', signed, decodeLimits.size, name), name);
  const table = await inTurns(rows.text(name), signal);
  return {
    signatures,
    digests: Object.fromEntries([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest('hex')])),
    sum: whole.digest('hex'),
    table,
  };
}

/** As much as a signature can take, and what follows it. */
async function readHead(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly head: Buffer; readonly rest: AsyncIterator<Uint8Array> }> {
  const rest = chunks[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  for (let size = 0; size < limits.archive.apkHead.most; ) {
    const { value, done } = await rest.next();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  return { head: Buffer.concat(parts), rest };
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hashes: readonly Hash[]): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (const hash of hashes) hash.update(chunk);
    yield chunk;
  }
}

async function readTable(pieces: AsyncIterable<Uint8Array>, name: string): Promise<LineTable> {
  const damaged = (why: string): ArchiveTrouble =>
    new ArchiveTrouble('archive-index-damaged', `cannot read ${name}: ${why}; try another mirror`, true);
  const table = new LineTable();
  const record = new Map<string, string>();
  let packages = 0;
  const take = (line: string): boolean => {
    if (line !== '') {
      if (line[1] === ':') record.set(line.charAt(0), line.slice(2).trim());
      return true;
    }
    const [own = '', version = '', architecture = ''] = ['P', 'V', 'A'].map((key) => record.get(key));
    const source = { name: record.get('o') || own, version };
    record.clear();
    // A name with a dot before it is no package but a group that `apk add --virtual` made.
    if (own === '' || own.startsWith('.')) return true;
    packages++;
    return table.add(rowWords({ name: own, version, architecture, source }));
  };
  let rest: Buffer[] = [];
  let restSize = 0;
  let hasBytes = false;
  try {
    for await (const piece of tarFile(pieces, 'APKINDEX')) {
      hasBytes ||= piece.length > 0;
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
      const last = bytes.lastIndexOf(10);
      if (last < 0) {
        // A copy, since a piece belongs to whoever made it.
        rest.push(Buffer.from(bytes));
        restSize += bytes.length;
        if (restSize > limits.archive.line.most) throw damaged('a line is longer than any index has');
        continue;
      }
      const text = Buffer.concat([...rest, bytes.subarray(0, last)]).toString('utf8');
      rest = [Buffer.from(bytes.subarray(last + 1))];
      restSize = bytes.length - last - 1;
      for (const line of text.split('\n')) if (!take(line)) throw damaged('it has more packages than any index has');
    }
  } catch (error) {
    throw error instanceof ArchiveTrouble || !(error instanceof Error) || error.name !== 'Error'
      ? error
      : damaged(messageOf(error));
  }
  take(Buffer.concat(rest).toString('utf8').trimEnd());
  take('');
  if (hasBytes && packages === 0) throw damaged('it has no package records');
  return table;
}
