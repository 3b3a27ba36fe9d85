import path from 'node:path';
import { limits } from '../core/limits/limits.ts';
import { normalizePath } from '../oci/layers/layer-path.ts';
import { blockSize, isZeroBlock, parseTarHeader } from '../oci/layers/tar-header.ts';
import { type PaxOverrides, parsePax } from '../oci/layers/tar-pax.ts';
import { compression } from './compression.ts';
import { type FileSet, openTyped, piecesOf } from './file-set.ts';
import { refuse, why } from './image-path.ts';

type Entry =
  | { readonly kind: 'file'; readonly at: number; readonly size: number }
  /** Another entry's name; old `docker save` writes a layer that two images share once. */
  | { readonly kind: 'link'; readonly target: string };

/**
 * The files of a plain archive, by random access: its headers are read once, its contents where they are asked for.
 * Throws PlimsollError 'LAYER' for what is no archive.
 */
export async function tarFiles(place: string): Promise<FileSet> {
  const entries = await readEntries(place);
  const find = (name: string): Extract<Entry, { kind: 'file' }> | undefined => {
    let entry = entries.get(name);
    for (let hops = 0; entry?.kind === 'link' && hops < limits.image.archiveHops.most; hops++)
      entry = entries.get(entry.target);
    return entry?.kind === 'file' ? entry : undefined;
  };
  async function* stream(name: string): AsyncGenerator<Uint8Array> {
    const entry = find(name);
    if (entry === undefined) throw refuse(place, `${name} is not in it`);
    let file: Awaited<ReturnType<typeof openTyped>>;
    try {
      file = await openTyped(place);
    } catch (error) {
      throw refuse(place, `it cannot be read: ${why(error)}`, error);
    }
    yield* piecesOf(file, entry.at, entry.size);
  }
  return {
    place,
    stream,
    async read(name, most) {
      const entry = find(name);
      if (entry === undefined) return undefined;
      if (entry.size > most) {
        throw refuse(place, `the ${entry.size} bytes of ${name} are more than the ${most} that are read of it`);
      }
      const pieces: Uint8Array[] = [];
      for await (const piece of stream(name)) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}

async function readEntries(place: string): Promise<ReadonlyMap<string, Entry>> {
  const file = await openTyped(place).catch((error: unknown) => {
    throw refuse(place, `it cannot be read: ${why(error)}`, error);
  });
  const entries = new Map<string, Entry>();
  try {
    const end = (await file.stat()).size;
    const block = Buffer.alloc(blockSize);
    await file.read(block, 0, blockSize, 0);
    const form = compression(block);
    if (form !== undefined) {
      throw refuse(place, `it is compressed with ${form}, where single files cannot be reached; unpack it first`);
    }
    let pax: PaxOverrides = {};
    let longName: string | undefined;
    let longLink: string | undefined;
    for (let at = 0, count = 0; at + blockSize <= end; count++) {
      await file.read(block, 0, blockSize, at);
      if (isZeroBlock(block, 0)) break;
      const header = parseTarHeader(block, 0);
      if (header === undefined) throw refuse(place, count === 0 ? 'it is no tar archive' : 'the archive is damaged');
      if (count >= limits.image.archiveEntries.most)
        throw refuse(place, `it has more than ${limits.image.archiveEntries.most} entries, as no saved image has`);
      const { flag } = header;
      const size = '123456'.includes(flag) ? 0 : (pax.size ?? header.size);
      const body = at + blockSize;
      at = body + Math.ceil(size / blockSize) * blockSize;
      if (body + size > end) throw refuse(place, 'the archive breaks off inside an entry');
      if (flag === 'x' || flag === 'L' || flag === 'K') {
        if (size > limits.image.archiveHeader.most) throw refuse(place, 'an entry has a longer name than is read');
        const text = Buffer.alloc(size);
        await file.read(text, 0, size, body);
        if (flag === 'L') longName = untilNul(text);
        else if (flag === 'K') longLink = untilNul(text);
        else pax = parsePax(text) ?? {};
        continue;
      }
      const name = normalizePath(longName ?? pax.path ?? header.name);
      const link = longLink ?? pax.link ?? header.link;
      if (name !== undefined && flag !== 'g') {
        if (flag === '0' && !pax.isSparse) entries.set(name, { kind: 'file', at: body, size });
        else if (flag === '2')
          entries.set(name, { kind: 'link', target: path.posix.join(path.posix.dirname(name), link) });
        else if (flag === '1') entries.set(name, { kind: 'link', target: normalizePath(link) ?? '' });
      }
      if (flag !== 'g') [pax, longName, longLink] = [{}, undefined, undefined];
    }
  } finally {
    await file.close();
  }
  if (entries.size === 0) throw refuse(place, 'the archive is empty, or none at all');
  return entries;
}

function untilNul(text: Buffer): string {
  const end = text.indexOf(0);
  return text.toString('utf8', 0, end < 0 ? text.length : end);
}
