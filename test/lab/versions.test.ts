import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { compareDpkg } from '../../src/packages/versions/dpkg-version.ts';
import { fc } from '../support/fast-check.ts';

const epoch = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('0:', '1:', '10:') },
);
const body = fc.string({ unit: fc.constantFrom(...'00112349abzAZ..++~~'.split('')), maxLength: 8 });
const revision = fc.oneof(
  fc.constant(''),
  body.map((text) => `-0${text}`),
);
const version = fc.tuple(epoch, fc.constantFrom('0', '1', '2'), body, revision).map((parts) => parts.join(''));
/** Two versions that share a beginning, where the interesting cases are. */
const pair = fc.oneof(
  fc.tuple(version, version),
  fc.tuple(version, body).map(([text, more]) => [text, `${text}${more}`] as const),
  fc.tuple(version, fc.nat(8), fc.constantFrom('~', '+', '0', 'a', '.')).map(([text, at, c]) => {
    const place = Math.max(text.indexOf(':') + 2, at);
    return [text, `${text.slice(0, place)}${c}${text.slice(place)}`] as const;
  }),
);

describe('the dpkg order against dpkg itself', () => {
  it('agrees on some thousand random pairs', { timeout: 120_000 }, () => {
    const pairs = fc.sample(pair, 3000);
    const script = pairs.map(([a, b]) => {
      const test = (operator: string): string => `dpkg --compare-versions '${a}' ${operator} '${b}'`;
      return `if ${test('lt')}; then echo -1; elif ${test('eq')}; then echo 0; else echo 1; fi`;
    });
    const { stdout, stderr } = spawnSync('sh', { input: script.join('\n'), encoding: 'utf8', maxBuffer: 1 << 24 });
    expect(stderr).toBe('');
    const answers = stdout.trim().split('\n').map(Number);
    expect(answers).toHaveLength(pairs.length);
    expect(pairs.map(([a, b]) => [a, b, compareDpkg(a, b)])).toEqual(pairs.map(([a, b], at) => [a, b, answers[at]]));
  });
});
