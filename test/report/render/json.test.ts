import { expect, it } from 'vitest';
import { jsonPieces, renderJson } from '../../../src/report/render/json.ts';
import { fc } from '../../support/fast-check.ts';

it('is the document again when it is parsed, and never acts on a terminal', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b[31m', '\u009b2J', '\u202e', '\u2066', '\u2028', '\u007f', '\\u009b', '"'),
  );
  fc.assert(
    fc.property(fc.dictionary(text, fc.array(text)), (document) => {
      const shown = renderJson(document);
      expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(document)));
      expect(shown).not.toMatch(
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
      );
    }),
  );
});

it('is indented by two and ends with a new line', () => {
  expect(renderJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
});

it.each([
  {},
  { a: 1 },
  { a: undefined, b: [], c: {} },
  { a: [1, 'x', null, undefined, [], {}, [1], { b: [2] }], d: { e: [{ f: '\n' }] } },
  [1, [2]],
  'text',
  null,
  { text: 'a\nb', list: ['a\nb'] },
])('in pieces is what JSON.stringify writes: %j', (document) => {
  expect([...jsonPieces(document)].join('')).toBe(`${JSON.stringify(document, null, 2)}\n`);
});
