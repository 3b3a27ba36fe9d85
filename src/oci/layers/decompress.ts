import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { messageOf } from '../../core/errors.ts';
import { isTurnOver, nextTurn } from '../../core/time/turns.ts';
import { decodeGzip, type Ending } from './gzip-members.ts';
import { ZstdFrameEnds } from './zstd-frames.ts';

/** Node's default of 16 KiB doubles the time of a layer. */
const chunkSize = 256 * 1024;

const magics: readonly (readonly [format: string, bytes: readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2', [0x42, 0x5a, 0x68]],
];
const longestMagic = 5;

/**
 * Decompresses a stream by its first bytes, never by its media type: gzip (RFC 1952, several members), zstd (RFC 8878,
 * several frames), anything else as it is. Each decompressed piece goes to `sink`, which keeps nothing of it and
 * answers false to stop: then the input is closed. Otherwise the input is always read to its end, so that whoever
 * verifies it there can do so. What the input throws is thrown on, and so is the signal's reason.
 */
export async function decompress(
  chunks: AsyncIterable<Uint8Array>,
  sink: (bytes: Uint8Array) => boolean,
  signal?: AbortSignal,
): Promise<Ending> {
  const input = chunks[Symbol.asyncIterator]();
  try {
    const head = await readHead(input, signal);
    const format = magics.find(([, magic]) => magic.every((byte, index) => head[index] === byte))?.[0];
    const ending = await decode(
      format ?? (isSkippableFrame(head) ? 'zstd' : 'plain'),
      resume(head, input, signal),
      sink,
    );
    if (ending.kind !== 'stopped') await drain(input, signal);
    else await input.return?.();
    return ending;
  } catch (error) {
    await input.return?.();
    throw error;
  }
}

async function decode(
  format: string,
  chunks: AsyncIterable<Uint8Array>,
  sink: (bytes: Uint8Array) => boolean,
): Promise<Ending> {
  switch (format) {
    case 'plain':
      for await (const chunk of chunks) {
        // What is at hand whole, such as the archive of a folder, comes in one piece.
        for (let at = 0; at < chunk.length; at += chunkSize) {
          if (!sink(chunk.subarray(at, at + chunkSize))) return { kind: 'stopped' };
          if (isTurnOver()) await nextTurn();
        }
      }
      return { kind: 'complete' };
    case 'gzip':
      return decodeGzip(chunks, sink);
    case 'zstd':
      return decodeZstd(cutFrames(chunks), sink);
    default:
      return { kind: 'unsupported', format };
  }
}

/** By events and not by iteration: iterating loses what was decoded before an error. */
async function decodeZstd(chunks: AsyncIterable<Uint8Array>, sink: (bytes: Uint8Array) => boolean): Promise<Ending> {
  const decoder = createZstdDecompress({ chunkSize });
  let isStopped = false;
  let failure: unknown;
  decoder.on('data', (bytes: Buffer) => {
    if (!isStopped && !sink(bytes)) isStopped = true;
  });
  decoder.on('error', (error) => {
    failure = error;
  });
  try {
    for await (const chunk of chunks) {
      if (isStopped || failure !== undefined) break;
      if (!decoder.write(chunk)) await once(decoder, 'drain').catch(() => {});
    }
    if (!isStopped && failure === undefined) {
      decoder.end();
      await finished(decoder).catch(() => {});
    }
  } finally {
    decoder.destroy();
  }
  if (isStopped) return { kind: 'stopped' };
  return failure === undefined ? { kind: 'complete' } : { kind: 'damaged', reason: messageOf(failure) };
}

async function* cutFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrameEnds();
  for await (const chunk of chunks) yield* frames.cut(chunk);
}

/** The first bytes, as many as a magic number needs, or all when there are fewer. */
async function readHead(input: AsyncIterator<Uint8Array>, signal?: AbortSignal): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array();
  while (head.length < longestMagic) {
    const next = await nextOf(input, signal);
    if (next === undefined) break;
    head = head.length === 0 ? next : Buffer.concat([head, next]);
  }
  return head;
}

/** What was read ahead, then the rest. Leaves the input open when it is abandoned. */
async function* resume(
  head: Uint8Array,
  input: AsyncIterator<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await nextOf(input, signal); next !== undefined; next = await nextOf(input, signal)) yield next;
}

async function drain(input: AsyncIterator<Uint8Array>, signal?: AbortSignal): Promise<void> {
  while ((await nextOf(input, signal)) !== undefined);
}

async function nextOf(input: AsyncIterator<Uint8Array>, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  signal?.throwIfAborted();
  const next = await input.next();
  return next.done ? undefined : next.value;
}

/** zstd streams may begin with one: `50 2a 4d 18` to `5f 2a 4d 18` (RFC 8878, 3.1.2). */
function isSkippableFrame(head: Uint8Array): boolean {
  return ((head[0] ?? 0) & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}
