import { describe, expect, it } from 'vitest';
import { parseLargeJson } from '../../src/core/large-json.ts';
import { atOnce, inTurns } from '../../src/core/time/turns.ts';
import { fc } from '../support/fast-check.ts';
import { longestStretch } from '../support/watchdog.ts';

/** What a parser makes of a text: the value as it is written again, or that it refuses it. */
function outcome(parse: (text: string) => unknown, text: string): string {
  try {
    return JSON.stringify(parse(text));
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return 'refused';
  }
}

const pieces = [1, 2, 5, 20] as const;

function expectSame(text: string): void {
  const expected = outcome(JSON.parse, text);
  for (const piece of pieces) {
    expect(
      outcome((one) => atOnce(parseLargeJson(one, piece)), text),
      `${piece}: ${text}`,
    ).toBe(expected);
  }
}

describe('JSON in steps', () => {
  it('is read as JSON.parse reads it, however it is cut', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (json, space) => {
        expectSame(JSON.stringify(JSON.parse(json), null, space));
      }),
    );
  });

  it('is refused where JSON.parse refuses it, and nowhere else', () => {
    const token = fc.constantFrom('[', ']', '{', '}', ',', ':', '"a"', '"b\\""', '1', 'null', ' ', '\u00a0', '"', '\\');
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => expectSame(tokens.join(''))),
      {
        numRuns: 3000,
      },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.nat(), token, (json, at, put) => {
        const place = at % (json.length + 1);
        expectSame(json.slice(0, place) + put + json.slice(place));
        expectSame(json.slice(0, place) + json.slice(place + 1));
      }),
    );
  });

  it.each([
    '{"__proto__":[1,2,3],"a":{"__proto__":1}}',
    '{"a":[1,2],"a":[3,4],"2":[1],"1":[2]}',
    '[[],[[]],[[],[]]]',
    '[1,2,]',
    '[,1]',
    '[[1,2],]',
    '[[1,2][3,4]]',
    '{"a":[1,2]"b":1}',
    '{[1,2]:1}',
    '{"a":"b":[1,2]}',
    '{"a" [1,2]}',
    '[[1,2]] 1',
    '[[1,2]] [3,4]',
    '[[1,2]}',
    '"\\\\"',
    '["\\\\\\"",["]"]]',
    ' [1] ',
    '\ufeff[1,2,3]',
  ])('%s', expectSame);

  it('is refused when it is nested deeper than anything real', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => atOnce(parseLargeJson(deep))).toThrow(SyntaxError);
  });

  it.each([
    ['of small values', () => `[${'[],'.repeat(8_000_000)}[]]`],
    ['of one object', () => `{${Array.from({ length: 500_000 }, (_, i) => `"key-${i}":{"a":[${i}]}`).join(',')}}`],
    ['in another', () => `{"a":{"b":[${'{"c":[1,2,3]},'.repeat(1_000_000)}{}]}}`],
    ['of one text', () => `["${'x'.repeat(32_000_000)}"]`],
  ])('is read in turns: %s', async (_what, make) => {
    const text = make();
    expect(await longestStretch(() => inTurns(parseLargeJson(text)))).toBeLessThan(250);
  });
});
