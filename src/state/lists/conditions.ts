import type { Value } from '../database.ts';

/** The conditions whose value is given, joined; `always` holds in any case. */
export function conditions(
  all: readonly (readonly [sql: string, value: string | readonly string[] | undefined])[],
  always?: string,
): readonly [where: string, values: readonly Value[]] {
  const given = all.filter((one): one is readonly [string, string | readonly string[]] => one[1] !== undefined);
  const parts = [...(always === undefined ? [] : [always]), ...given.map(([sql]) => sql)];
  return [parts.length === 0 ? '' : `where ${parts.join(' and ')}`, given.map(([, value]) => value)];
}

/** A text as a part of a pattern of `like`, which says `escape '\\'`. */
export function escapeLike(part: string): string {
  return part.replace(/[\\%_]/g, '\\$&');
}
