import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

/** Keys and positions in lists, from the top of the file. */
export type KeyPath = readonly (string | number)[];

/** A document with the lines that it was read from. */
export interface LinedDocument {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** On which line a key of a configuration stands; undefined for one that does not stand there. Text that is no YAML has none. */
export function keyLines(text: string): (keys: KeyPath) => number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
  return (keys) =>
    document.errors.length === 0 && document.hasIn(keys) ? lineOf({ document, lines }, keys) : undefined;
}

/** The line of the deepest part of a path that is there; of a key rather than its value, which may begin a line later. */
export function lineOf({ document, lines }: LinedDocument, keys: KeyPath): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of keys) {
    const next = step(node, key);
    if (next === undefined) break;
    offset = next.offset ?? offset;
    node = next.value;
  }
  return Math.max(1, lines.linePos(offset).line);
}

function step(node: unknown, key: string | number): { value: unknown; offset: number | undefined } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(key)] as Node | undefined;
    return value && { value, offset: value.range?.[0] };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => keyText(item.key) === String(key));
  return pair && { value: pair.value, offset: (pair.key as Node | null)?.range?.[0] };
}

/** A key as text, whatever YAML makes of it. */
export function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}
