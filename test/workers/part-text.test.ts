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

it('writes a list that is shared once, and shares it again, with that of other texts, too', () => {
  const packages = Array.from({ length: 100 }, (_, n) => ({ name: `p${n}`, advisories: [`CVE-2026-${n}`] }));
  const config = [{ key: 'Env.A', before: null, after: '1' }];
  const findings = Array.from({ length: 500 }, (_, line) => ({ line, packages, config, labels: [] }));
  const text = partText({ findings, packages });
  expect(text.length).toBeLessThan(50_000);
  const lists = new Map<string, unknown>();
  const [one, other] = [
    fromPartText<{ findings: typeof findings }>(text, lists),
    fromPartText<typeof findings>(partText(findings), lists),
  ];
  expect(one).toEqual({ findings, packages });
  expect(other).toEqual(findings);
  expect(new Set([...one.findings, ...other].map((finding) => finding.packages)).size).toBe(1);
  expect(fromPartText<{ findings: typeof findings }>(text).findings).toEqual(findings);
});

it('stands in a text column of a database, whatever is in it', () => {
  expect(partText({ text: 'a\u0000b' })).not.toContain('\u0000');
  expect(fromPartText(partText({ text: 'a\u0000b' }))).toEqual({ text: 'a\u0000b' });
});
