import type { Node } from 'yaml';
import { entriesOf, itemsOf, resolved, valueOf, type YamlDocument } from './yaml-documents.ts';

/**
 * Where values stand in a document: keys joined by dots, with `*` for every value of a mapping, `[]` for every item of a
 * sequence, and `%` for either: `jobs.*.steps[].uses`, `steps.%.image`.
 */
export type Path = string;

/** A value that a path leads to, with the mapping it is in. */
export interface Found {
  readonly node: Node;
  readonly parent: Node;
  /** The last key on the way; the last but one for an item of a sequence. */
  readonly key: string;
}

const tokens = new Map<Path, readonly string[]>();

function tokensOf(path: Path): readonly string[] {
  const known = tokens.get(path);
  if (known !== undefined) return known;
  const parts = path.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]));
  tokens.set(path, parts);
  return parts;
}

/** Every value that a path leads to, through aliases and merged mappings, each node once. A circle of aliases ends nothing, as paths are finite. */
export function select(document: YamlDocument, root: unknown, path: Path): readonly Found[] {
  let level: Found[] = [];
  const start = resolved(document, root);
  if (start !== null) level = [{ node: start, parent: start, key: '' }];
  for (const token of tokensOf(path)) {
    const next = new Map<Node, Found>();
    for (const { node, key } of level) {
      for (const [name, value] of stepsFrom(document, node, token, key)) {
        const found = resolved(document, value);
        if (found !== null && !next.has(found)) next.set(found, { node: found, parent: node, key: name });
      }
    }
    level = [...next.values()];
  }
  return level;
}

function stepsFrom(
  document: YamlDocument,
  node: Node,
  token: string,
  key: string,
): Iterable<readonly [string, unknown]> {
  switch (token) {
    case '*':
      return entriesOf(document, node);
    case '[]':
      return itemsOf(document, node).map((item) => [key, item]);
    case '%': {
      const items = itemsOf(document, node);
      return items.length > 0 ? items.map((item) => [key, item]) : entriesOf(document, node);
    }
    default: {
      const value = valueOf(document, node, token);
      return value === undefined ? [] : [[token, value]];
    }
  }
}
