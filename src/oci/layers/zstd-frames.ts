const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

type Step =
  | 'magic'
  | 'descriptor'
  | 'header-rest'
  | 'block-header'
  | 'block'
  | 'checksum'
  | 'skip-size'
  | 'skip'
  | 'lost';

/** Steps whose bytes say nothing about where the frame ends; the others are numbers, little-endian. */
const passedOver: ReadonlySet<Step> = new Set(['header-rest', 'block', 'checksum', 'skip', 'lost']);

/**
 * Finds where the frames of a zstd stream end, without decoding them (RFC 8878, 3.1). Node's zstd stream drops what
 * follows the first frame inside one written chunk, so a stream of several frames (pzstd, zstd:chunked, containers/image)
 * must be written cut at these places. Bytes that are no frame are left to the decoder to refuse.
 */
export class ZstdFrameEnds {
  #step: Step = 'magic';
  /** Bytes of the current step still to come. */
  #left = 4;
  #value = 0;
  #shift = 0;
  #hasChecksum = false;
  #isLastBlock = false;

  /** Cuts a chunk after each frame that ends in it. */
  cut(chunk: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      if (passedOver.has(this.#step)) {
        const taken = Math.min(this.#left, chunk.length - at);
        at += taken;
        this.#left -= taken;
      } else {
        this.#value += (chunk[at] ?? 0) * 2 ** this.#shift;
        this.#shift += 8;
        at++;
        this.#left--;
      }
      // A step may be empty, and a frame that cannot be parsed is never at its end.
      while (this.#left === 0) {
        if (!this.#advance()) continue;
        pieces.push(chunk.subarray(start, at));
        start = at;
      }
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
    return pieces;
  }

  /** Goes to the next step; true when a frame has ended. */
  #advance(): boolean {
    const value = this.#value;
    switch (this.#step) {
      case 'magic':
        if (value === frameMagic) return this.#go('descriptor', 1);
        return (value & 0xfffffff0) >>> 0 === skippableMagic
          ? this.#go('skip-size', 4)
          : this.#go('lost', Number.POSITIVE_INFINITY);
      case 'skip-size':
        return this.#go('skip', value);
      case 'descriptor':
        this.#hasChecksum = (value & 4) !== 0;
        return this.#go('header-rest', headerRest(value));
      case 'header-rest':
        return this.#go('block-header', 3);
      case 'block-header':
        this.#isLastBlock = (value & 1) !== 0;
        // Type 1 repeats one byte, so its size is not the size of what follows.
        return this.#go('block', ((value >> 1) & 3) === 1 ? 1 : value >> 3);
      case 'block':
        if (!this.#isLastBlock) return this.#go('block-header', 3);
        if (this.#hasChecksum) return this.#go('checksum', 4);
        return this.#ended();
      default:
        return this.#ended();
    }
  }

  #ended(): boolean {
    this.#go('magic', 4);
    return true;
  }

  #go(step: Step, bytes: number): false {
    this.#step = step;
    this.#left = bytes;
    this.#value = 0;
    this.#shift = 0;
    return false;
  }
}

/** The bytes of window descriptor, dictionary ID and content size that follow the frame header's descriptor (3.1.1.1). */
function headerRest(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize;
}
