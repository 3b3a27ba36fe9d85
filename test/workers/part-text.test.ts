import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromPartText, partText } from '../../src/workers/part-text.ts';

it('gives back what it was given, maps and sets too', () => {
  const plain = fc.jsonValue({ maxDepth: 3 });
  const value = fc.record({
    plain,
    set: fc.array(fc.string()).map((all) => new Set(all)),
    map: fc.array(fc.tuple(fc.string(), plain)).map((all) => new Map(all)),
    nested: fc.array(fc.record({ within: fc.array(fc.string()).map((all) => new Set(all)) })),
  });
  fc.assert(
    fc.property(value, (one) => {
      const back = fromPartText<typeof one>(partText(one));
      // -0 is 0 in JSON.
      expect(JSON.stringify(back.plain)).toBe(JSON.stringify(one.plain));
      expect([back.set, [...back.map.keys()], back.nested]).toEqual([one.set, [...one.map.keys()], one.nested]);
    }),
  );
});

it('stands in a text column of a database, whatever is in it', () => {
  expect(partText({ text: 'a\u0000b' })).not.toContain('\u0000');
  expect(fromPartText(partText({ text: 'a\u0000b' }))).toEqual({ text: 'a\u0000b' });
});
