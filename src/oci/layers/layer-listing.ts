import { hash } from 'node:crypto';

/**
 * A sum over the entries of one or more layers that does not depend on their order: equal sums mean equal sets of
 * (path, type, mode, size, link target).
 */
export interface LayerListing {
  /** Entries summed. */
  readonly count: number;
  /** Four 64-bit words, each added modulo 2^64 over the sha256 of every entry; 64 lower-case hex digits. */
  readonly sum: string;
}

const words = 4;

export const emptyListing: LayerListing = { count: 0, sum: '0'.repeat(16 * words) };

/** The listing of what either lists. */
export function addListings(a: LayerListing, b: LayerListing): LayerListing {
  const sums = wordsOf(a.sum).map((word, index) => word + (wordsOf(b.sum)[index] ?? 0n));
  return { count: a.count + b.count, sum: hexOf(new BigUint64Array(sums)) };
}

/** What a rebuild changes without changing anything: logs, caches, databases that are compared as such, compiled files. */
const churn = /^(?:var\/(?:log|cache|lib\/(?:dpkg|apt|apk|rpm))|tmp|run|etc\/ld\.so\.cache)(?:\/|$)|\.pyc$/;

/** Is the path (for a whiteout: the path it deletes) left out of listings? */
export function isChurn(path: string): boolean {
  return churn.test(path);
}

/** What of an entry counts: `type` as the tar scanner calls it, `mode` as in the header, `size` in bytes. */
export interface ListedEntry {
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly size: number;
  readonly link: string;
}

/** Adds entries up, one after the other. */
export class ListingSum {
  #count = 0;
  #sums = new BigUint64Array(words);

  add({ path, type, mode, size, link }: ListedEntry): void {
    const digest = hash('sha256', `${path}\0${type}\0${mode}\0${size}\0${link}`, 'buffer');
    for (let word = 0; word < words; word++) {
      this.#sums[word] = (this.#sums[word] ?? 0n) + digest.readBigUInt64BE(8 * word);
    }
    this.#count++;
  }

  result(): LayerListing {
    return { count: this.#count, sum: hexOf(this.#sums) };
  }
}

function wordsOf(sum: string): bigint[] {
  return Array.from({ length: words }, (_, word) => BigInt(`0x${sum.slice(16 * word, 16 * word + 16)}`));
}

function hexOf(sums: BigUint64Array): string {
  return Array.from(sums, (word) => word.toString(16).padStart(16, '0')).join('');
}
