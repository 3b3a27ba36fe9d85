import type { PackagePin, TextRange } from '../../core/use.ts';
import type { Variable } from './expand.ts';
import { type CommentedPackage, commentedPackage } from './renovate.ts';
import type { Stage } from './stages.ts';
import { rangeOf, spanOf, type Traced } from './traced.ts';

/** Comments beyond these name nothing: each is compared with every package word. */
const mostDeclared = 200;

interface DeclaredVersion {
  readonly package: CommentedPackage;
  readonly value: Traced;
  /** The stage that has it; an ARG before the first FROM gets into those that declare it again. */
  stage?: Stage;
}

/** A pin that only a comment names. */
export interface DeclaredPin {
  readonly found: Omit<PackagePin, 'line' | 'column'>;
  /** Where the version begins. */
  readonly at: number;
  readonly stage: Stage | undefined;
  readonly versionAt?: TextRange;
}

/** Versions that a comment says are a package's, until it is clear whether a command takes them. */
export class DeclaredVersions {
  readonly #all: DeclaredVersion[] = [];

  /** The comment above may say whose version the first value of an instruction is. */
  note(comment: string | undefined, variable: Variable | undefined, stage: Stage | undefined): void {
    const named = comment === undefined ? undefined : commentedPackage(comment);
    if (
      named === undefined ||
      this.#all.length >= mostDeclared ||
      variable?.value === undefined ||
      !/^[\w.+~:-]+$/.test(variable.value.text)
    )
      return;
    this.#all.push({ package: named, value: variable.value, ...(stage && { stage }) });
  }

  /** A stage declares a global variable again. */
  reach(variable: Variable, stage: Stage): void {
    const declared = this.#all.find(({ value }) => value === variable.value);
    if (declared !== undefined) declared.stage ??= stage;
  }

  /** Those that no command takes; what was read of a command says it better. */
  notTaken(pins: readonly { readonly versionAt?: TextRange }[]): readonly DeclaredPin[] {
    const taken = pins.flatMap(({ versionAt }) => (versionAt ? [versionAt] : []));
    return this.#all.flatMap(({ package: named, value, stage }): DeclaredPin[] => {
      const { start, end } = spanOf(value, -1);
      if (start < 0 || taken.some((other) => start < other.end && other.start < end)) return [];
      const versionAt = rangeOf(value);
      const found = { ...named, operator: '=', version: value.text, declared: true as const };
      return [{ found, at: start, stage, ...(versionAt && { versionAt }) }];
    });
  }
}
