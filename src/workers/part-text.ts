/**
 * Values as the text of a part, and back: JSON, in which maps and sets are objects with one key. What a value would be in JSON
 * it is here; nothing but plain data, maps and sets may be in it.
 */
export function partText(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one instanceof Map) return { '\u0001map': [...one] };
    if (one instanceof Set) return { '\u0001set': [...one] };
    return one;
  });
}

/** What {@link partText} was given. Throws SyntaxError for other text. */
export function fromPartText<T>(text: string): T {
  return JSON.parse(text, (_, one: unknown) => {
    if (typeof one !== 'object' || one === null) return one;
    if ('\u0001map' in one) return new Map(one['\u0001map'] as [unknown, unknown][]);
    if ('\u0001set' in one) return new Set(one['\u0001set'] as unknown[]);
    return one;
  }) as T;
}
