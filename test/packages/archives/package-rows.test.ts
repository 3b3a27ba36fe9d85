import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { LineTable, linesOf, type PackageRow, rowsOf, rowWords } from '../../../src/packages/archives/package-rows.ts';
import { fc } from '../../support/fast-check.ts';

const word = fc.string({ unit: fc.constantFrom(...'ab+-.:~^_09é'.split('')), minLength: 1, maxLength: 4 });
const row: fc.Arbitrary<PackageRow> = fc.record(
  { name: word, version: word, architecture: word, source: fc.record({ name: word, version: word }) },
  { requiredKeys: ['name', 'version', 'architecture'] },
);

describe('a table of rows', () => {
  it('gives back the rows of a name, and no others', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), word, (rows, other) => {
        const table = new LineTable();
        for (const one of rows) expect(table.add(rowWords(one))).toBe(true);
        const text = atOnce(table.text('an index'));
        for (const name of [...rows.map((one) => one.name), other]) {
          const expected = new Set(rows.filter((one) => one.name === name).map((one) => rowWords(one).join(' ')));
          expect(new Set(rowsOf(text, name).map((one) => rowWords(one).join(' ')))).toEqual(expected);
          expect(linesOf(text, name)).toHaveLength(expected.size);
        }
      }),
    );
  });

  it.each([[['a', '']], [['a b', 'c']], [['a', 'b\n']]])('leaves out what would not come back: %j', (words) => {
    const table = new LineTable();
    table.add(['x', 'y']);
    table.add(words);
    expect(atOnce(table.text('an index')).trim()).toBe('x y');
  });

  it('is refused when one package has more lines than anybody looks at', () => {
    const table = new LineTable();
    for (let n = 0; n < 8001; n++) table.add(['linux', `${n}`, 'amd64']);
    expect(() => atOnce(table.text('https://mirror.example/Packages.gz'))).toThrow(
      'https://mirror.example/Packages.gz has more than 4000 lines about one package (linux)',
    );
  });

  it('says when it is longer than anything real', () => {
    const table = new LineTable();
    let isRoom = true;
    for (let n = 0; isRoom && n < 400; n++) isRoom = table.add([`${n}`, 'x'.repeat(1024 * 1024)]);
    expect(isRoom).toBe(false);
  });
});
