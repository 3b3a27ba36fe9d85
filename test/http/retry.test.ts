import { describe, expect, it } from 'vitest';
import { backOff, isPassingError, isPassingStatus, parseRetryAfter } from '../../src/http/retry.ts';
import { fc } from '../support/fast-check.ts';

it.each([
  [200, false],
  [304, false],
  [400, false],
  [401, false],
  [403, false],
  [404, false],
  [408, true],
  [429, true],
  [500, true],
  [501, false],
  [502, true],
  [503, true],
  [504, true],
  [505, false],
  [520, true],
])('status %i is worth another attempt: %j', (status, answer) => {
  expect(isPassingStatus(status)).toBe(answer);
});

it.each([
  ['ECONNRESET', true],
  ['ERR_STREAM_PREMATURE_CLOSE', true],
  ['EAI_AGAIN', true],
  ['ECONNREFUSED', false],
  ['ENOTFOUND', false],
  ['CERT_HAS_EXPIRED', false],
])('%s is worth another attempt: %j', (code, answer) => {
  expect(isPassingError(Object.assign(new Error('x'), { code }))).toBe(answer);
});

it.each([[null], [undefined], ['text'], [new Error('x')], [{ code: 5 }]])('%j is no passing error', (thrown) => {
  expect(isPassingError(thrown)).toBe(false);
});

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Fri, 20 Nov 2026 12:00:30 GMT', 30_000],
    ['Friday, 20-Nov-26 12:00:30 GMT', 30_000],
    ['Fri Nov 20 12:00:30 2026', 30_000],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['2026-11-20T12:01:00Z', 60_000],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
    ['Fri, 99 Nov 2026 12:00:30 GMT', undefined],
  ])('%j is %j ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});

it('backs off by doubling, with jitter of half up and down', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const base = Math.min(4000, 250 * 2 ** attempt);
      expect(backOff(attempt, random)).toBeGreaterThanOrEqual(base / 2);
      expect(backOff(attempt, random)).toBeLessThanOrEqual(base * 1.5);
    }),
  );
});
