import type { PackageChange } from './package.ts';

type Row = Pick<PackageChange, 'security' | 'foreign'>;

/**
 * What rows say together: true with one fix, null when something that could be known is not. A package that is not the
 * distribution's has no feed, and what nobody says of it does not make the rest unknown.
 */
export function securityOfRows(rows: readonly Row[]): boolean | null {
  if (rows.some(({ security }) => security === true)) return true;
  return rows.every(({ security, foreign }) => security === false || foreign !== undefined) ? false : null;
}

/** `none`, the words for rows without a fix, and for how many of them that is more than anybody said. */
export function withoutFix(rows: readonly Row[], none: string): string {
  const foreign = rows.filter((row) => row.foreign !== undefined).length;
  if (foreign === 0) return none;
  return foreign === rows.length
    ? "not the distribution's: no feed"
    : `${none} (${foreign} not the distribution's: no feed)`;
}
