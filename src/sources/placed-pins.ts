import type { PackagePin, ParsedStage, VersionPin } from '../core/use.ts';
import type { WatchedFile } from './discover.ts';
import { type PlacedUse, rootStages } from './placed-uses.ts';

/** A pin with the use that its stage is built on. */
export interface PlacedPin {
  readonly watched: WatchedFile;
  readonly tree: string;
  /** As the format returned it, which is what an edit is asked for with. */
  readonly found: VersionPin;
  readonly base: PlacedUse;
  /** Counts equals (same manager and name) in the file from 0. */
  readonly ordinal: number;
}

/** Pins that name a version, in stages that stand on one of these uses: an image, or the archive of a root file system. */
export function placePins(
  watched: WatchedFile,
  pins: readonly PackagePin[],
  stages: readonly ParsedStage[],
  uses: readonly PlacedUse[],
): readonly PlacedPin[] {
  const seen = new Map<string, number>();
  const roots = new Map([...rootStages(stages)].reverse().map(([{ name }, root]) => [name, root.name]));
  const bases = new Map(
    uses
      .filter(({ use }) => (use.kind === 'from' && use.reference) || use.kind === 'add')
      .reverse()
      .map((one) => [one.use.stage, one]),
  );
  return pins.flatMap((pin) => {
    const key = pinKey(pin);
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    const base = bases.get(roots.get(pin.stage ?? ''));
    const { operator, version } = pin;
    if (!base || operator === undefined || version === undefined || operator === '/') return [];
    return [{ watched, tree: watched.tree.name, found: { ...pin, operator, version }, base, ordinal }];
  });
}

/** Names a package across files. */
export function pinKey({ manager, name }: PackagePin): string {
  return `${manager}:${name}`;
}
