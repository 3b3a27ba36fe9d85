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
  const numbered = new Map<number, unknown>();
  return JSON.parse(text, (_, one: unknown) => {
    if (typeof one !== 'object' || one === null) return one;
    if ('\u0001map' in one) return new Map(one['\u0001map'] as [unknown, unknown][]);
    if ('\u0001set' in one) return new Set(one['\u0001set'] as unknown[]);
    if ('\u0001same' in one) return numbered.get(one['\u0001same'] as number);
    if (!('\u0001list' in one)) return one;
    const [number, own] = one['\u0001list'] as [number, unknown];
    const list = lists === undefined ? own : sameIn(lists, own);
    numbered.set(number, list);
    return list;
  }) as T;
}

function sameIn(lists: Map<string, unknown>, own: unknown): unknown {
  const key = JSON.stringify(own);
  const list = lists.get(key) ?? own;
  lists.set(key, list);
  return list;
}
