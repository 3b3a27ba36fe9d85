import type { FindingClass } from '../core/finding.ts';
import { isTarget, type KnownPlace, type RunTargets } from '../core/run-record.ts';

/**
 * What a run has looked at, and could tell of. Findings, news and who uses what end in there, when the run did not find
 * them again, and nowhere else: whatever this does not cover stays as it was.
 */
export interface RunCoverage {
  readonly read: readonly ReadScope[];
  /** References about which the run could not tell everything: what is known of them stands. */
  readonly unsure: ReadonlyMap<string, Untold>;
  /** The run was about these alone. Absent: about everything. */
  readonly targeted?: RunTargets;
  /** Was all read that there is to read? Then news ends of which nobody has kept where it was found. */
  readonly isComplete: boolean;
  /** Ids of scopes that nobody wants watched any more: what is known of them is forgotten, and nobody told that it is over. */
  readonly dropped: readonly string[];
}

/** A branch of a repository or a folder that was read. */
export interface ReadScope {
  /** Outlives a rename. */
  readonly id: string;
  /** As reports name it. */
  readonly name: string;
  /** Files that were read, each to its end. */
  readonly files: readonly string[];
  /** Those that could not be read, and were before. */
  readonly lost: readonly string[];
  /** Files and folders that could not be read; `somewhere`: whatever is not in `files` may be one of them. */
  readonly missed: readonly string[] | 'somewhere';
  /** Only `files` were asked for. */
  readonly isPartial?: true;
}

/** The classes that could not be told. */
export type Untold = 'all' | ReadonlySet<FindingClass>;

/** Did a run see what is at a place, or that nothing is there any more? Pure. */
export function covers({ read, targeted }: Pick<RunCoverage, 'read' | 'targeted'>): (place: KnownPlace) => boolean {
  const scopes = new Map(read.map((one) => [one.id, { ...one, files: new Set(one.files) }]));
  return ({ scope, file, reference }) => {
    const found = scopes.get(scope);
    if (found === undefined || !isTarget(targeted, { scope, file, ...(reference !== undefined && { reference }) }))
      return false;
    const { files, missed, isPartial } = found;
    if (file === '') return !isPartial;
    if ((isPartial || missed === 'somewhere') && !files.has(file)) return false;
    return missed === 'somewhere' || !missed.some((one) => one === file || file.startsWith(`${one}/`));
  };
}

/** May what is known of this class stand, because the run could not tell? Pure. */
export function isUntold(untold: Untold | undefined, kind: string): boolean {
  return untold === 'all' || (untold?.has(kind as FindingClass) ?? false);
}
