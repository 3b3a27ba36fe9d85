import { expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { pacman } from '../../../src/packages/databases/pacman.ts';

it('counts the damaged files of pacman that it does not name', () => {
  const files = new Map(
    Array.from({ length: 15 }, (_, n) => [
      `var/lib/pacman/local/p${n}-1/desc`,
      Buffer.from(n < 2 ? desc(n) : '%NAME%\n'),
    ]),
  );
  const { packages, problems } = atOnce(pacman.read(files));
  expect(packages.map(({ name }) => name)).toEqual(['p0', 'p1']);
  expect(problems).toHaveLength(11);
  expect(problems.at(-1)?.message).toMatch(/^3 more files of pacman's database/);
});

function desc(n: number): string {
  return `%NAME%\np${n}\n\n%VERSION%\n1-1\n\n%ARCH%\nx86_64\n`;
}
