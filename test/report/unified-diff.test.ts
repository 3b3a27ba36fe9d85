import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/report/unified-diff.ts';
import { temporaryTree } from '../support/fleet.ts';

/** What `git apply` makes of a file. */
function applied(file: string, before: string, patch: string): string {
  const tree = temporaryTree({ [file]: before });
  try {
    const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: tree.folder,
      input: patch,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: tree.folder, GIT_CEILING_DIRECTORIES: path.dirname(tree.folder) },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return readFileSync(path.join(tree.folder, file), 'utf8');
  } finally {
    tree.remove();
  }
}

/** The definition of applying: hunks in order, context and removed lines as they are in the text. */
function apply(before: string, patch: string): string {
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

/** Two texts of the same number of lines. */
const pair = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', '', ' ', '+x', '-x', '@@', 'ü'),
        fc.constantFrom('same', 'same', 'same', 'other'),
        fc.constantFrom('\n', '\r\n'),
      ),
      { minLength: 1, maxLength: 40 },
    ),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([rows, endsBefore, endsAfter]) => {
    const join = (texts: string[], ends: boolean): string =>
      ends ? texts.join('') : texts.join('').replace(/\r?\n$/, '-');
    const before = rows.map(([text, , end]) => text + end);
    const after = rows.map(([text, how, end]) => (how === 'same' ? text : `${text}!`) + end);
    return [join(before, endsBefore), join(after, endsAfter)] as const;
  });

describe('unifiedDiff', () => {
  it('is what diff -u prints', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl';
    const after = 'a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nL';
    expect(unifiedDiff('Dockerfile', before, after)).toBe(
      '--- a/Dockerfile\n+++ b/Dockerfile\n' +
        '@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n' +
        '@@ -9,4 +9,4 @@\n i\n j\n k\n-l\n\\ No newline at end of file\n+L\n\\ No newline at end of file\n',
    );
  });

  it('is empty for equal texts', () => {
    expect(unifiedDiff('x', 'a\n', 'a\n')).toBe('');
    expect(unifiedDiff('x', '', '')).toBe('');
  });

  it('gives the other text when it is applied', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        expect(apply(before, unifiedDiff('x', before, after))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it('is understood by git', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        fc.pre(before !== after);
        expect(applied('Dockerfile', before, unifiedDiff('Dockerfile', before, after))).toBe(after);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    'a b/Docker file',
    'tab\there',
    'new\nline',
    'quote"s',
    'back\\slash',
    'ü/Dockerfile',
    ' x',
    'x ',
    '\u0007',
  ])('is understood by git for the file %j', (file) => {
    expect(applied(file, 'a\n', unifiedDiff(file, 'a\n', 'b\n'))).toBe('b\n');
  });
});
