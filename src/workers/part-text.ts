/** Lists that thousands of findings share, since their places use one image: each is written once. */
const shared: ReadonlySet<string> = new Set(['packages', 'config', 'labels', 'news']);

/**
 * Values as the text of a part, and back: JSON, in which maps and sets are objects with one key, and a list that was written
 * before is its number. What a value would be in JSON it is here; nothing but plain data, maps and sets may be in it.
 */
export function partText(value: unknown): string {
  const numbers = new Map<unknown, number>();
  return JSON.stringify(value, (key, one: unknown) => {
    if (one instanceof Map) return { '\u0001map': [...one] };
    if (one instanceof Set) return { '\u0001set': [...one] };
    if (!shared.has(key) || !Array.isArray(one) || one.length === 0) return one;
    const number = numbers.get(one);
    if (number !== undefined) return { '\u0001same': number };
    numbers.set(one, numbers.size);
    return { '\u0001list': [numbers.size - 1, one] };
  });
}

/** What {@link partText} was given. `lists`: those of other texts, which are shared with this one. Throws SyntaxError for other text. */
export function fromPartText<T>(text: string, lists?: Map<string, unknown>): T {
  return revived(JSON.parse(text), { numbered: new Map(), lists }) as T;
}

interface Known {
  readonly numbered: Map<number, unknown>;
  readonly lists: Map<string, unknown> | undefined;
}

/** In its place, and not by JSON's own way of calling somebody for each value, which keeps the text of them all. */
function revived(one: unknown, known: Known): unknown {
  if (typeof one !== 'object' || one === null) return one;
  if (Array.isArray(one)) {
    for (const [index, item] of one.entries()) if (typeof item === 'object') one[index] = revived(item, known);
    return one;
  }
  const fields = one as Record<string, unknown>;
  if ('\u0001map' in fields) return new Map(revived(fields['\u0001map'], known) as [unknown, unknown][]);
  if ('\u0001set' in fields) return new Set(revived(fields['\u0001set'], known) as unknown[]);
  if ('\u0001same' in fields) return known.numbered.get(fields['\u0001same'] as number);
  if ('\u0001list' in fields) {
    const [number, own] = fields['\u0001list'] as [number, unknown];
    const list = sameIn(known.lists, revived(own, known));
    known.numbered.set(number, list);
    return list;
  }
  for (const key in fields) if (typeof fields[key] === 'object') fields[key] = revived(fields[key], known);
  return fields;
}

function sameIn(lists: Map<string, unknown> | undefined, own: unknown): unknown {
  if (lists === undefined) return own;
  const key = JSON.stringify(own);
  const list = lists.get(key) ?? own;
  lists.set(key, list);
  return list;
}
