import { expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { limits } from '../../src/core/limits/limits.ts';
import { withRoom } from '../../src/notify/posted-findings.ts';

const { most } = limits.message.postedRows;
const rows = (number: number) => Array.from({ length: number }, (_, i) => ({ name: `p${i}` }));
const of = (id: string, packages?: unknown): Finding => ({ id, ...(packages !== undefined && { packages }) }) as never;

it('posts findings as they are while their packages have room', () => {
  const findings = [of('a', rows(most - 1)), of('b'), of('c', rows(1))];
  expect(withRoom(findings)).toEqual({ findings });
});

it('posts every finding, those beyond without their packages, and says so', () => {
  const shared = rows(most / 2 + 1);
  const posted = withRoom([of('a', shared), of('b', shared), of('c', rows(1)), of('d')]);
  expect(posted.truncated).toBe(true);
  expect(posted.findings.map(({ id, packages }) => [id, packages?.length])).toEqual([
    ['a', shared.length],
    ['b', undefined],
    ['c', 1],
    ['d', undefined],
  ]);
});
