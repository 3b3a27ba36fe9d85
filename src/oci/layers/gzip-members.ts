import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';
import { messageOf } from '../../core/errors.ts';
import { isTurnOver, nextTurn } from '../../core/time/turns.ts';

/** How the reading ended. A damaged stream has been read to the end of its input all the same. */
export type Ending =
  | { readonly kind: 'complete' }
  | { readonly kind: 'stopped' }
  /** `isBehind`: all that was handed out is whole, and something else follows. */
  | { readonly kind: 'damaged'; readonly reason: string; readonly isBehind?: true }
  | { readonly kind: 'unsupported'; readonly format: string };

/** Flags of a member's header (RFC 1952, 2.3.1). */
const flag = { headerSum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
const deflate = 8;
/** Node's default of 16 KiB doubles the time of a layer. */
const streamChunk = 256 * 1024;
/** Members that become no more than this are decoded at once: a stream for each of many small ones costs ten times that. */
const smallMember = 256 * 1024;
const smallChunk = 16 * 1024;
/** Of the first one no more than this is tried in vain; a stream's buffers, one for each small layer, are garbage by the megabyte. */
const smallFirst = 16 * 1024;

/**
 * Decodes gzip member by member (RFC 1952). Node's own stream loses what it has decoded last when bytes that are no
 * member follow the last one; here everything before them goes to `sink`, which answers false to stop. Zeros behind the
 * last member are padding, as for gzip(1). Reasons of damage are in zlib's words. Throws what `chunks` throws.
 */
export async function decodeGzip(
  chunks: AsyncIterable<Uint8Array>,
  sink: (bytes: Uint8Array) => boolean,
): Promise<Ending> {
  const input = new Bytes(chunks);
  let isBehind = false;
  try {
    for (let isFirst = true; isFirst || !(await isOver(input)); isFirst = false) {
      await readHeader(input);
      isBehind = false;
      const isLikely = !isFirst || input.rest.length <= smallFirst;
      const body = (isLikely ? smallBody(input, sink) : undefined) ?? (await streamBody(input, sink));
      if (body === 'stopped') return { kind: 'stopped' };
      await checkTrailer(input, body);
      isBehind = true;
      // Many small members may stand in one chunk, and none of them waits for anything.
      if (isTurnOver()) await nextTurn();
    }
    return { kind: 'complete' };
  } catch (error) {
    if (error instanceof Damage) {
      return { kind: 'damaged', reason: error.message, ...(isBehind && { isBehind: true as const }) };
    }
    throw error;
  }
}

class Damage extends Error {}

/** What a member became. */
interface Body {
  readonly sum: number;
  readonly size: number;
}

/** Bytes that come in chunks. */
class Bytes {
  /** Those at hand. */
  rest: Uint8Array = new Uint8Array();
  readonly #chunks: AsyncIterator<Uint8Array>;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Is there a byte at hand? Waits for the next chunk when there is none. */
  async fill(): Promise<boolean> {
    while (this.rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.rest = next.value;
    }
    return true;
  }

  /** The next few bytes, all of them. */
  async take(count: number): Promise<Uint8Array> {
    if (this.rest.length < count) {
      const pieces: Uint8Array[] = [];
      for (let missing = count; missing > 0; ) {
        await this.need();
        const piece = this.skip(missing);
        pieces.push(piece);
        missing -= piece.length;
      }
      return Buffer.concat(pieces);
    }
    return this.skip(count);
  }

  async need(): Promise<void> {
    if (!(await this.fill())) throw new Damage('unexpected end of file');
  }

  /** Goes over as many of the bytes at hand, at most. */
  skip(count: number): Uint8Array {
    const passed = this.rest.subarray(0, count);
    this.rest = this.rest.subarray(passed.length);
    return passed;
  }
}

/** Is the input at its end, but for zeros? Behind those no member may follow. */
async function isOver(input: Bytes): Promise<boolean> {
  let isPadded = false;
  while (await input.fill()) {
    const zeros = input.rest.findIndex((byte) => byte !== 0);
    if (zeros === 0) {
      if (isPadded) throw new Damage('incorrect header check');
      return false;
    }
    isPadded = true;
    input.skip(zeros < 0 ? input.rest.length : zeros);
  }
  return true;
}

/** Passes over a header, however long its name and comment are. */
async function readHeader(input: Bytes): Promise<void> {
  await input.need();
  if (input.rest[0] !== 0x1f) throw new Damage('incorrect header check');
  const fixed = await input.take(10);
  const [, second, method, flags = 0] = fixed;
  if (second !== 0x8b) throw new Damage('incorrect header check');
  if (method !== deflate) throw new Damage('unknown compression method');
  if ((flags & flag.reserved) !== 0) throw new Damage('unknown header flags set');
  let sum = crc32(fixed);
  const taken = (bytes: Uint8Array): Uint8Array => {
    sum = crc32(bytes, sum);
    return bytes;
  };
  if ((flags & flag.extra) !== 0) {
    let left = numberIn(taken(await input.take(2)));
    for (; left > 0; left -= taken(input.skip(left)).length) await input.need();
  }
  for (const text of [flag.name, flag.comment]) {
    for (let isOpen = (flags & text) !== 0; isOpen; ) {
      await input.need();
      const zero = input.rest.indexOf(0);
      isOpen = zero < 0;
      taken(input.skip(isOpen ? input.rest.length : zero + 1));
    }
  }
  if ((flags & flag.headerSum) !== 0 && numberIn(await input.take(2)) !== (sum & 0xffff)) {
    throw new Damage('header crc mismatch');
  }
}

/** A member that is small and ends in the bytes at hand; undefined when it is not, and then nothing was read. */
function smallBody(input: Bytes, sink: (bytes: Uint8Array) => boolean): Body | 'stopped' | undefined {
  const inflated = inflateSmall(input.rest);
  if (inflated === undefined) return undefined;
  const { buffer, engine } = inflated;
  input.skip(engine.bytesWritten);
  if (buffer.length > 0 && !sink(buffer)) return 'stopped';
  return { sum: crc32(buffer), size: buffer.length };
}

/** With `info`, Node's types know nothing of the engine, which tells how much it has taken. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflateSmall(bytes: Uint8Array): Inflated | undefined {
  const options = { info: true, chunkSize: smallChunk, maxOutputLength: smallMember };
  try {
    return inflateRawSync(bytes, options) as unknown as Inflated;
  } catch {
    // The stream says what is wrong, and gives what comes before.
    return undefined;
  }
}

async function streamBody(input: Bytes, sink: (bytes: Uint8Array) => boolean): Promise<Body | 'stopped'> {
  const decoder = createInflateRaw({ chunkSize: streamChunk });
  let isStopped = false;
  let failure: unknown;
  let [sum, size] = [0, 0];
  decoder.on('data', (bytes: Buffer) => {
    if (isStopped) return;
    sum = crc32(bytes, sum);
    size += bytes.length;
    isStopped = !sink(bytes);
  });
  decoder.on('error', (error) => {
    failure = error;
  });
  const ended = new Promise<void>((resolve) => {
    decoder.once('end', resolve).once('close', resolve);
  });
  let wake = (): void => {};
  // What is damaged is closed without a word to whoever wrote it.
  decoder.once('close', () => wake());
  try {
    for (let isOpen = true; isOpen; ) {
      if (!(await input.fill())) {
        decoder.end();
        await ended;
        if (isStopped) return 'stopped';
        throw new Damage('unexpected end of file');
      }
      const before = decoder.bytesWritten;
      await new Promise<void>((resolve) => {
        wake = resolve;
        decoder.write(input.rest, () => resolve());
      });
      if (isStopped) return 'stopped';
      if (failure !== undefined) throw new Damage(messageOf(failure));
      // It takes nothing of what comes behind its end.
      const used = decoder.bytesWritten - before;
      isOpen = used === input.rest.length;
      input.skip(used);
    }
    await ended;
  } finally {
    decoder.destroy();
  }
  return isStopped ? 'stopped' : { sum, size };
}

async function checkTrailer(input: Bytes, { sum, size }: Body): Promise<void> {
  const trailer = await input.take(8);
  if (numberIn(trailer.subarray(0, 4)) !== sum) throw new Damage('incorrect data check');
  if (numberIn(trailer.subarray(4)) !== size % 2 ** 32) throw new Damage('incorrect length check');
}

/** Of up to four bytes, the lowest first. */
function numberIn(bytes: Uint8Array): number {
  return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
}
