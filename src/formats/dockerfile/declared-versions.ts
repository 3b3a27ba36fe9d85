import type { PackagePin, TextRange } from '../../core/parsed-file.ts';
import { rangeOf, spanOf, type Traced } from '../text/traced.ts';
import { type CommentedPackage, commentedPackage } from './renovate.ts';
import type { Stage } from './stages.ts';
import type { Variable } from './syntax/expand.ts';

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
  /** By the value, of which each instruction has its own. */
  readonly #all = new Map<Traced, DeclaredVersion>();

  /** The comment above may say whose version the first value of an instruction is. */
  note(comment: string | undefined, variable: Variable | undefined, stage: Stage | undefined): void {
    const named = comment === undefined ? undefined : commentedPackage(comment);
    if (named === undefined || variable?.value === undefined || !/^[\w.+~:-]+$/.test(variable.value.text)) return;
    this.#all.set(variable.value, { package: named, value: variable.value, ...(stage && { stage }) });
  }

  /** A stage declares a global variable again. */
  reach(variable: Variable, stage: Stage): void {
    const declared = variable.value && this.#all.get(variable.value);
    if (declared !== undefined) declared.stage ??= stage;
  }

  /** Those that no command takes; what was read of a command says it better. */
  notTaken(pins: readonly { readonly versionAt?: TextRange }[]): readonly DeclaredPin[] {
    const isTaken = overlapWith(pins.flatMap(({ versionAt }) => (versionAt ? [versionAt] : [])));
    return [...this.#all.values()].flatMap(({ package: named, value, stage }): DeclaredPin[] => {
      const { start, end } = spanOf(value, -1);
      if (start < 0 || isTaken(start, end)) return [];
      const versionAt = rangeOf(value);
      const found = { ...named, operator: '=', version: value.text, declared: true as const };
      return [{ found, at: start, stage, ...(versionAt && { versionAt }) }];
    });
  }
}

/** Does a piece of text overlap one of these ranges? Asked in logarithmic time: a file may have tens of thousands of both. */
function overlapWith(ranges: readonly TextRange[]): (start: number, end: number) => boolean {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  let reached = 0;
  /** Of each range and those before it, the last end. */
  const ends = sorted.map((range) => {
    reached = Math.max(reached, range.end);
    return reached;
  });
  return (start, end) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle]?.start ?? end) < end) low = middle + 1;
      else high = middle;
    }
    return start < (ends[low - 1] ?? 0);
  };
}
