import type { Unfinished } from '../../engine-hands.ts';
import { type Inspected, restartPolicy } from './inspected.ts';
import { ownLabels, splitName, suffixes } from './own-names.ts';

/** What is to be done about two containers of which one was to take the other's place. */
export type NextStep =
  | { readonly is: 'settled' }
  /** The old one is parked and the new one has its name: it is started, watched, and stays or not. */
  | { readonly is: 'go on' }
  | { readonly is: 'undo' }
  /** Names, labels and ids do not agree: somebody was there. */
  | { readonly is: 'off'; readonly says: string };

/**
 * How a swap stands by the names of its two containers, and what ends it. `old` is the one with the id that the new one's label names.
 * Pure.
 */
export function nextStep(made: Inspected, old: Inspected | undefined): NextStep {
  const workload = made.labels[ownLabels.name] ?? '';
  const { as } = splitName(made.name);
  const isNew = made.name === workload + suffixes.new;
  const off = (says: string): NextStep => ({ is: 'off', says });
  if (isNew && old === undefined)
    return off(
      `${made.name} was to take the place of a container that is gone; either docker rename ${made.name} ${workload} and docker start ${workload}, or docker rm -f ${made.name}`,
    );
  if (old === undefined || old.name === workload + suffixes.kept || as === 'failed' || as === 'kept')
    return { is: 'settled' };
  if (isNew && (old.name === workload || old.name === workload + suffixes.old)) return { is: 'undo' };
  if (made.name === workload && old.name === workload + suffixes.old) {
    const isOpen = !made.wasStarted || (made.isRunning && restartPolicy(made) === made.labels[ownLabels.restart]);
    return isOpen ? { is: 'go on' } : { is: 'undo' };
  }
  if (!isNew && old.name === workload) return { is: 'settled' };
  return off(
    `${made.name} was to take the place of ${old.name}, and one of the two was renamed meanwhile; whichever is to serve: docker rename NAME ${workload} and docker start ${workload}; the other: docker rm -f NAME`,
  );
}

/** Two containers of a workload, and what is to be done about them. */
export interface FoundPair {
  readonly made: Inspected;
  readonly old: Inspected | undefined;
  readonly step: NextStep;
}

/** What is to be done about containers that move as one. */
export type ComponentStep = Exclude<NextStep, { is: 'settled' }> | { readonly is: 'commit' };

/**
 * What ends the move of several as one, of which this is left, the one that the others need first. Where one has come to its end all were
 * proven, so the others are brought there; where one is to be undone, all are. Pure.
 */
export function componentStep(all: readonly FoundPair[]): ComponentStep | undefined {
  const open = all.flatMap(({ step }) => (step.is === 'settled' ? [] : [step]));
  const off = open.find((step) => step.is === 'off');
  if (open.length === 0 || off !== undefined) return off;
  const isCommitted = all.some(({ made, step }) => step.is === 'settled' && splitName(made.name).as === 'itself');
  if (isCommitted) return { is: 'commit' };
  return open.find((step) => step.is === 'undo') ?? { is: 'go on' };
}

/** One that was parked, and of whose swap nothing else is left. */
export function orphan(parked: Inspected): Unfinished {
  const { workload } = splitName(parked.name);
  return {
    workload,
    since: parked.finishedAt,
    says: `${parked.name} was parked for another container that is gone; either docker rename ${parked.name} ${workload} and docker start ${workload}, or docker rm ${parked.name}`,
    hands: 'off',
  };
}
