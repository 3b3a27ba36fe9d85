import type { VersionScheme } from '../../core/package.ts';
import { compareVersions } from './index.ts';

type Operator = '<' | '<=' | '=' | '!=' | '>=' | '>';

/** What a version must be, in any scheme's order. */
export interface VersionConstraint {
  readonly operator: Operator;
  readonly version: string;
}

/**
 * What may be a version of a package in any scheme: it begins with a digit, after an epoch or the `v` that some rpms carry,
 * and holds the characters that one of them allows (deb-version(7), rpm-version(7), apk-package(5)). A range of another
 * world (`^5`, `~5.36`, `5.36.*`) is none, and would silently match nothing.
 */
const version = /^(?:\d+:)?v?\d[\w.+~^:-]*$/;

/**
 * Reads `<3.0.16-1`, `>= 1.2, < 2`, or a bare version, which must be equal. All of several must hold. Undefined when the
 * text is none.
 */
export function parseConstraints(text: string): readonly VersionConstraint[] | undefined {
  const parts = text.split(',').map((part) => {
    const match = /^\s*(<=|>=|!=|<|>|=|==)?\s*([^\s<>=!,]+)\s*$/.exec(part);
    return match !== null && version.test(match[2] ?? '') ? match : null;
  });
  const found = parts.flatMap((match) => {
    const [, operator = '=', text] = match ?? [];
    return text === undefined ? [] : [{ operator: (operator === '==' ? '=' : operator) as Operator, version: text }];
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
