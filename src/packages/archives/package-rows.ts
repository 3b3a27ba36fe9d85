import { limits } from '../../core/limits/limits.ts';
import { joined, type Steps, sortedLines } from '../../core/time/turns.ts';
import { ArchiveTrouble } from './archive-error.ts';

/** One version of one package in an index: what candidates and advisories need of it. */
export interface PackageRow {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** What it was built from; absent when that has its name and version. */
  readonly source?: { readonly name: string; readonly version: string };
  /** rpm: its Vendor; absent: it has none. */
  readonly maker?: string;
}

/** Collects lines of words, and sorts them, so that those of one package can be found by bisection. */
export class LineTable {
  readonly #lines = new Set<string>();
  #size = 0;

  /** False when the table or a word is longer than anything real: stop then. Lines with an empty or broken word are left out. */
  add(words: readonly string[]): boolean {
    if (words.some((word) => word.length > limits.archive.word.most && !word.startsWith(makerMark))) return false;
    if (words.some((word) => word === '' || /\s/.test(word))) return true;
    const line = words.join(' ');
    if (this.#lines.has(line)) return true;
    this.#lines.add(line);
    this.#size += line.length + 1;
    return this.#size <= limits.archive.table.most;
  }

  get isEmpty(): boolean {
    return this.#lines.size === 0;
  }

  /** Throws as {@link sortedTable} does. */
  text(name: string): Steps<string> {
    return sortedTable([...this.#lines], name);
  }
}

/** The lines as a table. Throws ArchiveTrouble when one package has more of them than any; `name` is the index's. */
export function* sortedTable(lines: readonly string[], name: string): Steps<string> {
  const inOrder = yield* sortedLines(lines);
  // In strides: twice as many lines as are allowed reach from one to the next, wherever they begin.
  for (let i = limits.archive.linesOfOne.most; i < inOrder.length; i += limits.archive.linesOfOne.most) {
    const [word, earlier] = [inOrder[i], inOrder[i - limits.archive.linesOfOne.most]].map((line) =>
      line?.slice(0, line.indexOf(' ')),
    );
    if (word !== earlier) continue;
    throw new ArchiveTrouble(
      'archive-index-damaged',
      `${name} has more than ${limits.archive.linesOfOne.most} lines about one package (${word?.slice(0, 100)})`,
      true,
    );
  }
  return yield* joined(inOrder);
}

/** No name of a source holds a `=`. */
const makerMark = 'maker=';

/** `name version architecture [source [source-version]] [maker=…]`, where the maker is percent-encoded. */
export function rowWords({ name, version, architecture, source, maker }: PackageRow): readonly string[] {
  const hasOwnSource = source !== undefined && (source.name !== name || source.version !== version);
  const from = hasOwnSource ? [source.name, ...(source.version === version ? [] : [source.version])] : [];
  return [name, version, architecture, ...from, ...(maker ? [`${makerMark}${encodeURIComponent(maker)}`] : [])];
}

/** The rows of one package in a table that {@link rowWords} were added to. */
export function rowsOf(table: string, name: string): readonly PackageRow[] {
  return linesOf(table, name).map((words) => {
    const maker = words.at(-1)?.startsWith(makerMark) ? words.at(-1)?.slice(makerMark.length) : undefined;
    const [, version = '', architecture = '', source, sourceVersion] = maker === undefined ? words : words.slice(0, -1);
    return {
      name,
      version,
      architecture,
      ...(source !== undefined && { source: { name: source, version: sourceVersion ?? version } }),
      ...(maker !== undefined && { maker: decodeURIComponent(maker) }),
    };
  });
}

/** The lines that begin with this word, in words. */
export function linesOf(table: string, word: string): readonly (readonly string[])[] {
  const lines: (readonly string[])[] = [];
  // A blank sorts before every character of a name, so `foo …` stands before `foo-bar …`.
  for (let start = lowerBound(table, `${word} `); table.startsWith(`${word} `, start); ) {
    const end = table.indexOf('\n', start);
    lines.push(table.slice(start, end < 0 ? undefined : end).split(' '));
    if (end < 0) break;
    start = end + 1;
  }
  return lines;
}

/** Where the first line begins that does not sort before `text`. */
function lowerBound(table: string, text: string): number {
  let low = 0;
  let high = table.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = Math.max(low, middle === 0 ? 0 : table.lastIndexOf('\n', middle - 1) + 1);
    const end = table.indexOf('\n', start);
    if (table.slice(start, end < 0 ? undefined : end) < text) low = end < 0 ? table.length : end + 1;
    else high = start;
  }
  return low;
}
