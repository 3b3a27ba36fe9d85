import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../src/report/render/unified-diff.ts';
import { fc } from '../support/fast-check.ts';
import { temporaryTree } from '../support/fleet.ts';
import { textPair } from '../support/text-pairs.ts';

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

describe('what update --dry-run prints', () => {
  it('is understood by git', () => {
    fc.assert(
      fc.property(textPair, ([before, after]) => {
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
