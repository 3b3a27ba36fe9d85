import { expect } from 'vitest';

/** What applying a unified diff means: hunks in order, context and removed lines as they are in the text. */
export function applyPatch(before: string, patch: string): string {
  const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const out: string[] = [];
  let at = 0;
  const rows = patch.match(/[^\n]*\n/g) ?? [];
  for (let i = 2; i < rows.length; i++) {
    const row = rows[i] ?? '';
    const unended = rows[i + 1]?.startsWith('\\') ?? false;
    const text = unended ? row.slice(1, -1) : row.slice(1);
    const start = /^@@ -(\d+),/.exec(row)?.[1];
    if (start !== undefined) {
      out.push(...lines.slice(at, Number(start) - 1));
      at = Number(start) - 1;
    } else if (row.startsWith('+')) out.push(text);
    else if (!row.startsWith('\\')) {
      expect(text).toBe(lines[at++]);
      if (row.startsWith(' ')) out.push(text);
    }
  }
  return [...out, ...lines.slice(at)].join('');
}
