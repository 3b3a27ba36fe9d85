import { describe, expect, it } from 'vitest';
import type { Inventory, Package } from '../../src/core/package.ts';
import { atOnce } from '../../src/core/time/turns.ts';
import { comparePackages } from '../../src/packages/compare.ts';
import { fc } from '../support/fast-check.ts';

function inventory(database: string, ...packages: readonly string[]): Inventory {
  return { coverage: 'complete', database, packages: packages.map(parse), problems: [] };
}

/** `name version [architecture [source]]` */
function parse(text: string): Package {
  const [name = '', version = '', architecture = 'amd64', source = name] = text.split(' ');
  return { name, version, architecture, source: { name: source, version } };
}

function rows(before: Inventory, after: Inventory): string[] {
  return atOnce(comparePackages(before, after)).map((row) =>
    [row.kind, row.name, row.architecture, row.before, row.after].filter((part) => part !== undefined).join(' '),
  );
}

describe('comparePackages', () => {
  it('names what was added, removed, upgraded, downgraded and written differently, sorted by name', () => {
    const before = inventory('dpkg', 'up 1.9', 'down 2', 'same 1', 'gone 1', 'again 1.0');
    const after = inventory('dpkg', 'up 1.10', 'down 1', 'same 1', 'new 1', 'again 1.0-0');
    expect(rows(before, after)).toEqual([
      'rebuilt again 1.0 1.0-0',
      'downgraded down 2 1',
      'removed gone 1',
      'added new 1',
      'upgraded up 1.9 1.10',
    ]);
  });

  it('gives the source when it has another name, and claims nothing about security', () => {
    expect(
      atOnce(comparePackages(inventory('dpkg', 'liblzma5 1 amd64 xz'), inventory('dpkg', 'liblzma5 2 amd64 xz'))),
    ).toEqual([
      { name: 'liblzma5', kind: 'upgraded', before: '1', after: '2', source: 'xz', security: null, advisories: [] },
    ]);
    expect(atOnce(comparePackages(inventory('dpkg', 'a 1'), inventory('dpkg', 'a 2')))[0]).not.toHaveProperty('source');
  });

  it.each([
    ['dpkg', '1.0~rc1', '1.0', 'upgraded'],
    ['status.d', '1.0+b1', '1.0', 'downgraded'],
    ['chisel', '1:1', '2', 'downgraded'],
    ['apk', '1.0_p1', '1.0', 'downgraded'],
    ['apk', '1.0-r9', '1.0-r10', 'upgraded'],
    ['rpm', '1.0^git1-1', '1.0.1-1', 'upgraded'],
    ['rpm', '0:1.0-1', '1.0-1', 'rebuilt'],
  ])('compares %s versions in their own order: %s → %s is %s', (database, before, after, kind) => {
    const [row] = atOnce(comparePackages(inventory(database, `a ${before}`), inventory(database, `a ${after}`)));
    expect(row?.kind).toBe(kind);
  });

  it('says the architecture only when one name has several on a side', () => {
    expect(rows(inventory('dpkg', 'a 1', 'b 1 all'), inventory('dpkg', 'a 1', 'a 1 i386', 'b 2 amd64'))).toEqual([
      'added a i386 1',
      'upgraded b 1 2',
    ]);
    expect(rows(inventory('dpkg', 'a 1', 'a 1 i386'), inventory('dpkg', 'a 2', 'a 3 i386'))).toEqual([
      'upgraded a amd64 1 2',
      'upgraded a i386 1 3',
    ]);
  });

  it('pairs the newest of several versions of one name', () => {
    const before = inventory('rpm', 'kernel 1-1', 'kernel 2-1');
    const after = inventory('rpm', 'kernel 2-1', 'kernel 3-1', 'kernel 10-1');
    expect(rows(before, after)).toEqual(['upgraded kernel 1-1 10-1', 'added kernel 3-1']);
  });

  it('takes a change of the distro family for what it is', () => {
    expect(rows(inventory('dpkg', 'zlib 1'), inventory('apk', 'zlib 2', 'musl 1'))).toEqual([
      'added musl 1',
      'removed zlib 1',
      'added zlib 2',
    ]);
  });

  it('is empty for equal sets, and mirrors when the sides change places', () => {
    const list = fc.uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '1-0', '2', '2~', '10'), fc.constantFrom('x', 'y')),
      { selector: ([name, , architecture]) => `${name} ${architecture}` },
    );
    const opposite = {
      added: 'removed',
      removed: 'added',
      upgraded: 'downgraded',
      downgraded: 'upgraded',
      rebuilt: 'rebuilt',
    };
    fc.assert(
      fc.property(list, list, (one, two) => {
        const before = inventory('dpkg', ...one.map((parts) => parts.join(' ')));
        const after = inventory('dpkg', ...two.map((parts) => parts.join(' ')));
        expect(atOnce(comparePackages(before, before))).toEqual([]);
        const there = atOnce(comparePackages(before, after)).map(({ name, architecture, kind }) => [
          name,
          architecture,
          opposite[kind],
        ]);
        const back = atOnce(comparePackages(after, before)).map(({ name, architecture, kind }) => [
          name,
          architecture,
          kind,
        ]);
        expect(back).toEqual(there);
      }),
    );
  });
});
