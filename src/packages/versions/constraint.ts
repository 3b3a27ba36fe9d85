import type { VersionScheme } from '../../core/package.ts';
import { compareVersions } from './index.ts';

type Operator = '<' | '<=' | '=' | '!=' | '>=' | '>';

/** What a version must be, in any scheme's order. */
export interface VersionConstraint {
  readonly operator: Operator;
  readonly version: string;
}

/**
 * Reads `<3.0.16-1`, `>= 1.2, < 2`, or a bare version, which must be equal. All of several must hold. Undefined when the
 * text is none.
 */
export function parseConstraints(text: string): readonly VersionConstraint[] | undefined {
  const parts = text.split(',').map((part) => /^\s*(<=|>=|!=|<|>|=|==)?\s*([^\s<>=!,]+)\s*$/.exec(part));
  const found = parts.flatMap((match) => {
    const [, operator = '=', version] = match ?? [];
    return version === undefined ? [] : [{ operator: (operator === '==' ? '=' : operator) as Operator, version }];
  });
  return found.length === parts.length ? found : undefined;
}

const holds: Readonly<Record<Operator, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
};

/** Do all of them hold for a version, in the order of its distribution? */
export function satisfies(scheme: VersionScheme, version: string, constraints: readonly VersionConstraint[]): boolean {
  return constraints.every((one) => holds[one.operator](compareVersions(scheme, version, one.version)));
}
