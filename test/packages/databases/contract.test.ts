import { describe, expect, it } from 'vitest';
import { globToRegExp } from '../../../src/core/glob.ts';
import { atOnce } from '../../../src/core/time/turns.ts';
import { databases } from '../../../src/packages/databases/index.ts';
import { noise } from '../../support/image-builder.ts';

/** A path that a glob stands for: the first of every choice, `x` for every star. */
function sampleOf(glob: string): string {
  return glob.replace(/\{([^,}]*)[^}]*\}/g, '$1').replaceAll('*', 'x');
}

describe.each(databases.map((database) => [database.name, database] as const))('the %s database', (_, database) => {
  it('has a name of its own', () => {
    expect(databases.filter(({ name }) => name === database.name)).toHaveLength(1);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['noise', noise(4096)],
    ['newlines', Buffer.from('\n'.repeat(5000))],
    ['a long line', Buffer.alloc(1_000_000, 'a')],
    ['colons', Buffer.alloc(100_000, ':\n')],
    ['NULs', Buffer.alloc(10_000)],
  ])('never throws on %s and invents no package', (_name, bytes) => {
    for (const glob of database.paths) {
      const path = sampleOf(glob);
      expect(globToRegExp(glob).test(path)).toBe(true);
      expect(atOnce(database.read(new Map([[path, bytes]]))).packages).toEqual([]);
    }
  });
});
