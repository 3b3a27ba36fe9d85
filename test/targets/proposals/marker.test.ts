import { describe, expect, it } from 'vitest';
import { findingClasses } from '../../../src/core/finding.ts';
import { digestOf } from '../../../src/core/image/digest.ts';
import {
  formatFacts,
  formatMarker,
  type ProposalFacts,
  parseFacts,
  parseMarker,
  withFacts,
} from '../../../src/targets/proposals/marker.ts';
import { formatTrailer, parseTrailer } from '../../../src/targets/proposals/trailer.ts';
import { fc } from '../../support/fast-check.ts';

const hex = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const marker = fc.record({ key: hex(64), head: fc.oneof(hex(40), hex(64)), targets: hex(64) });
const facts: fc.Arbitrary<ProposalFacts> = fc.record(
  {
    class: fc.constantFrom(...findingClasses),
    substance: hex(16),
    news: fc.array(hex(16), { maxLength: 5 }),
    to: fc.array(
      fc.tuple(
        fc.oneof(fc.string({ minLength: 1 }), fc.constant('docker.io/library/a--b:1')),
        fc.string().map((text) => digestOf(text) as string),
      ),
      { maxLength: 4 },
    ),
    draft: fc.boolean(),
    withdrawn: fc.boolean(),
    ignored: fc.record({
      scope: fc.constantFrom('group' as const, 'image' as const),
      until: fc.constant('2026-12-24'),
    }),
  },
  { requiredKeys: ['class', 'substance', 'news', 'to', 'draft', 'withdrawn'] },
);

describe('the marker', () => {
  it('is read as it was written, whatever follows', () => {
    fc.assert(
      fc.property(marker, fc.string(), fc.constantFrom('\n', '\r\n'), (one, text, end) => {
        expect(parseMarker(`${formatMarker(one)}${end}${text}`)).toEqual(one);
      }),
    );
  });

  const good = formatMarker({ key: 'a'.repeat(64), head: 'b'.repeat(40), targets: 'c'.repeat(64) });
  it.each([
    ['another version', good.replace('v1', 'v2')],
    ['text before it', ` ${good}`],
    ['a line before it', `\n${good}`],
    ['text behind it', `${good} x`],
    ['a short key', good.replace('a'.repeat(64), 'a'.repeat(63))],
    ['upper case', good.toUpperCase()],
    ['a field twice', good.replace('head=', 'head=x head=')],
    ['no end', good.replace(' -->', '')],
    ['nothing', ''],
  ])('is not one with %s', (_name, body) => {
    expect(parseMarker(`${body}\n`)).toBeUndefined();
  });

  it('is found in no other text', () => {
    fc.assert(fc.property(fc.string(), (text) => parseMarker(text) === undefined));
  });
});

describe('the facts', () => {
  it('are read as they were written, from the end of any body', () => {
    fc.assert(
      fc.property(facts, fc.string(), (one, text) => {
        expect(parseFacts(withFacts(text, one))).toEqual(one);
        expect(parseFacts(withFacts(withFacts(text, { ...one, withdrawn: !one.withdrawn }), one))).toEqual(one);
      }),
    );
  });

  it('hide from people: nothing in them ends the comment', () => {
    fc.assert(fc.property(facts, (one) => !/--|>|\n/.test(formatFacts(one).slice(4, -3))));
  });

  it('are none when they are not as they are written', () => {
    for (const text of ['', '<!-- plimsoll-facts v1  -->', '<!-- plimsoll-facts v1 class=x substance=1 -->']) {
      expect(parseFacts(text)).toBeUndefined();
    }
  });

  it('never throw, whatever stands there', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) =>
          void parseFacts(
            `<!-- plimsoll-facts v1 class=security substance=0123456789abcdef to=%E0%A4%A@${digestOf('x')},${text.replace(/[^ -~]/g, '')} -->`,
          ),
      ),
    );
  });
});

describe('the trailer', () => {
  it('is read as it was written, from the last paragraph', () => {
    fc.assert(
      fc.property(hex(64), hex(64), (key, targets) => {
        const line = formatTrailer({ key, targets });
        expect(parseTrailer(`subject\n\n- text\n\n${line}\nSigned-off-by: a <b>\n`)).toEqual({ key, targets });
        expect(parseTrailer(`subject\n\n${line}\n\nmore text`)).toBeUndefined();
        expect(parseTrailer(`subject\n\n${line}\n${line}`)).toBeUndefined();
      }),
    );
  });
});
