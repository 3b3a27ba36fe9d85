/** What an extended header says about the entry after it. */
export interface PaxOverrides {
  readonly path?: string;
  readonly link?: string;
  readonly size?: number;
  /** GNU tar 1.30 and later store sparse files as ordinary ones whose body begins with a map. */
  readonly isSparse?: boolean;
}

/**
 * Parses the records `length key=value\n` of an extended header (POSIX pax, "pax Extended Header"). Undefined when they
 * are malformed, as Go's archive/tar, which unpacks images, refuses the archive then.
 */
export function parsePax(body: Buffer): PaxOverrides | undefined {
  const overrides: { path?: string; link?: string; size?: number; isSparse?: boolean } = {};
  let sparseName: string | undefined;
  for (let at = 0; at < body.length; ) {
    const record = recordAt(body, at);
    if (record === undefined) return undefined;
    at = record.next;
    const { key, value } = record;
    // An empty value takes a record back.
    if (value === '') continue;
    if (key === 'path') overrides.path = value;
    else if (key === 'linkpath') overrides.link = value;
    else if (key === 'size') {
      if (!/^[0-9]{1,15}$/.test(value)) return undefined;
      overrides.size = Number(value);
    } else if (key === 'GNU.sparse.name') sparseName = value;
    else if (key.startsWith('GNU.sparse.')) overrides.isSparse = true;
  }
  if (sparseName !== undefined) overrides.path = sparseName;
  return overrides;
}

function recordAt(body: Buffer, at: number): { key: string; value: string; next: number } | undefined {
  let length = 0;
  let i = at;
  for (; i < body.length && body[i] !== 32; i++) {
    const digit = (body[i] ?? 0) - 48;
    if (digit < 0 || digit > 9 || i - at > 9) return undefined;
    length = length * 10 + digit;
  }
  const next = at + length;
  if (next > body.length || next <= i + 1 || body[next - 1] !== 10) return undefined;
  const equals = body.subarray(i + 1, next).indexOf(61);
  if (equals <= 0) return undefined;
  const key = body.toString('utf8', i + 1, i + 1 + equals);
  // Only these are looked at; extended attributes may be long.
  if (key !== 'path' && key !== 'linkpath' && key !== 'size' && !key.startsWith('GNU.sparse.')) {
    return { key, value: 'x', next };
  }
  const value = body.toString('utf8', i + 2 + equals, next - 1);
  return value.includes('\0') ? undefined : { key, value, next };
}
