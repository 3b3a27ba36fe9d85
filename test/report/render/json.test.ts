import { expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import { withRoom } from '../../../src/core/finding.ts';
import { limits } from '../../../src/core/limits/limits.ts';
import { jsonPieces, renderJson, reportPieces } from '../../../src/report/render/json.ts';
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

const room = 1000;
const rows = (number: number) => Array.from({ length: number }, (_, i) => ({ name: `p${i}` }));
const of = (id: string, packages?: unknown): Finding =>
  ({ id, news: [], ...(packages !== undefined && { packages }) }) as never;

it('posts findings as they are while their packages have room', () => {
  const findings = [of('a', rows(room - 1)), of('b'), of('c', rows(1))];
  expect(withRoom(findings, room)).toEqual({ findings });
});

it('posts every finding, those beyond without their packages, and says so', () => {
  const shared = rows(room / 2 + 1);
  const posted = withRoom([of('a', shared), of('b', shared), of('c', rows(1)), of('d')], room);
  expect(posted.truncated).toBe(true);
  expect(posted.findings.map(({ id, packages }) => [id, packages?.length])).toEqual([
    ['a', shared.length],
    ['b', undefined],
    ['c', 1],
    ['d', undefined],
  ]);
});

it('counts what packages and settings bring along', () => {
  const ids = Array.from({ length: room * 10 }, (_, n) => `CVE-2026-${n}`);
  const kernel = [{ name: 'kernel', advisories: ids.slice(0, room * 5), introduced: ids.slice(room * 5) }];
  const settings = [{ key: 'Env.A', before: null, after: 'x'.repeat(room * 200) }];
  const few = [{ key: 'Env.A', before: '1', after: null }];
  const news = Array.from({ length: room * 3 + 4 }, (_, n) => `news:${n}`);
  const findings = [
    of('a', kernel),
    { ...of('b'), config: settings },
    { ...of('c'), labels: [...settings, ...few] },
    { ...of('d', rows(1)), config: few },
    { ...of('e'), news },
  ] as readonly Finding[];
  expect(withRoom(findings, room)).toEqual({
    findings: [of('a'), findings[1], of('c'), of('d'), { ...of('e'), news: news.slice(0, 3) }],
    truncated: true,
  });
});

it('is what the JSON report of a run does', () => {
  const many = rows(limits.report.rows.most);
  const record = { schema: 2, findings: [of('a', rows(1)), of('b', many), of('c')] } as never;
  const written = JSON.parse([...reportPieces(record)].join('')) as { truncated?: boolean; findings: unknown[] };
  expect(written).toEqual({
    schema: 2,
    findings: [of('a', rows(1)), of('b'), of('c')],
    truncated: true,
  });
});
