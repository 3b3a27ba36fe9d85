import { describe, expect, it } from 'vitest';
import type { VersionScheme } from '../../../src/core/package.ts';
import { compareVersions } from '../../../src/packages/versions/index.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';

const schemes: readonly VersionScheme[] = ['dpkg', 'apk', 'rpm'];

/** Each line: versions from older to newer; `=` joins those that are equal. */
const ladders: Readonly<Record<VersionScheme, readonly string[]>> = {
  dpkg: [
    '1.0~~ 1.0~~a 1.0~rc1 1.0~rc1-1 1.0=1.0-0=0:1.0=00:1.00=1.0-00 1.0-0.1 1.0-1 1.0-1+b1 1.0-1+deb12u1 1.0-1.0 1.0+b1 1.0.1 1.1 1.9 1.10 2 1:0.1 2:0',
    '5.4.1-0.2 5.4.1-1+deb12u1 5.4.1-1+deb12u2',
    '1:2.66-4+deb12u2 1:2.66-4+deb12u2+b2',
    '01a9b-~8 1+',
    '01a9a 1b919',
    '0 1~ 1 1A 1a 1+ 1. 1:0',
    '1.99999999999999999999 1.100000000000000000000',
    '2.3.2-2 2.3.2-2+b1 2.3.2-3',
  ],
  apk: [
    '1.0_alpha 1.0_alpha2 1.0_beta 1.0_pre 1.0_rc1 1.0 1.0-r0 1.0-r1 1.0-r10 1.0~1a 1.0_cvs 1.0_svn 1.0_git 1.0_hg 1.0_p 1.0_p1 1.0_p1-r1 1.0_p10 1.0a 1.0b 1.0.0 1.0.1 1.1 1.10 2 10',
    '0.12.01 0.12.1 0.12.9 0.12.10',
    '3.1_beta_rc4 3.1_beta 3.1_beta_p4',
    '3.1_git20230101120000123-r0 3.1_git20240101120000123-r0',
    '5.7.0 5.7.004',
    '5.7.0031 5.7.004',
    '3.1~ab12-r4 3.1~ab12-r5 3.1~cd34-r0',
    '030405-r2 20240102',
    '007=7 08=8',
  ],
  rpm: [
    '1.0~rc1 1.0 1.0^git1 1.0aa 1.0.1 1.1 2 1:0.1',
    '1.0=0:1.0=1_0=1.0.=.1.0=1+0=1.00 1.0-0 1.0-1 1.0-1.el9 1.0-1.el9_2 1.0-1.el9_10 1.0-2',
    '3.4~b2~9f 3.4~b2 3.4~b2^c1 3.4^c1~x 3.4^c1 3.4^c5 3.4^20240101^c1 3.4^20240102 3.4q 3.4.7',
    'qrs.7 3 9 12c5 12d5 12.3',
    '12.0007=12.7 12.0042',
    '3.4.7 3.4.7-1 3.4.7-2 3.4.7q',
    '6.123.8 7.0',
    '3.4.é=3.4.ö=3.4.éé 3.4.7',
  ],
};

function pairsOf(ladder: string): [string, string, -1 | 0 | 1][] {
  const rungs = ladder.split(/\s+/).map((rung) => rung.split('='));
  return rungs.flatMap((rung, at) =>
    rung.flatMap((a) => [
      ...rung.map((b): [string, string, 0] => [a, b, 0]),
      ...rungs.slice(at + 1).flatMap((later) => later.map((b): [string, string, -1] => [a, b, -1])),
    ]),
  );
}

const garbage = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'019az.-+~^_:rp '.split(''), '_rc', '-r', '_p'), maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

it.each(['~', '~~', '0~', '0', '-', '~deb12u1-1'])('dpkg holds no version for older than %j', (version) => {
  expect(compareVersions('dpkg', '', version)).toBe(-1);
  expect(compareVersions('dpkg', version, ' ')).toBe(1);
  expect(compareVersions('dpkg', '', ' ')).toBe(0);
});

describe.each(schemes)('the %s order', (scheme) => {
  it.each(ladders[scheme].map((ladder) => [ladder]))('holds for %s', (ladder) => {
    for (const [a, b, order] of pairsOf(ladder)) {
      expect([a, b, compareVersions(scheme, a, b)]).toEqual([a, b, order]);
      expect([b, a, compareVersions(scheme, b, a)]).toEqual([b, a, order === 0 ? 0 : 1]);
    }
  });

  it('answers -1, 0 or 1 for any two strings, and the opposite when they change places', () => {
    fc.assert(
      fc.property(garbage, garbage, (a, b) => {
        const order = compareVersions(scheme, a, b);
        expect([-1, 0, 1]).toContain(order);
        expect(compareVersions(scheme, b, a) + order).toBe(0);
        expect(compareVersions(scheme, a, a)).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('is transitive, equality included', () => {
    fc.assert(
      fc.property(garbage, garbage, garbage, (a, b, c) => {
        const [x = '', y = '', z = ''] = [a, b, c].sort((p, q) => compareVersions(scheme, p, q));
        expect(compareVersions(scheme, x, y)).toBeLessThanOrEqual(0);
        expect(compareVersions(scheme, y, z)).toBeLessThanOrEqual(0);
        expect(compareVersions(scheme, x, z)).toBe(
          Math.min(compareVersions(scheme, x, y), compareVersions(scheme, y, z)),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('takes time in proportion to the length', async () => {
    for (const part of ['1', 'a', '.', '~', '-', '_rc', '.0', '1a']) {
      const long = part.repeat(200_000);
      expect(await cpuTime(() => compareVersions(scheme, `1${long}`, `1${long}2`))).toBeLessThan(1000);
    }
  });
});

describe('malformed apk versions', () => {
  it.each([
    ['3.1', '3.1xy', -1],
    ['31_nope', '5_rc', 1],
    ['1.0_foo', '1.0', -1],
    ['1.0_foo', '1.0_alpha', 1],
    ['1.0_foo', '1.0_bar', 0],
    ['1.0-pre1', '1.0-r1', -1],
    ['', '1', -1],
    ['a', 'b', 0],
    ['1.0a1', '1.0a', -1],
    ['1.0-r', '1.0-r0', -1],
  ] as const)('%s against %s is %i', (a, b, order) => {
    expect(compareVersions('apk', a, b)).toBe(order);
  });
});
