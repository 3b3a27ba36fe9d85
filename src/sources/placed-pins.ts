import type { PackagePin, ParsedStage, VersionPin } from '../core/parsed-file.ts';
import type { FilePlace } from '../core/place.ts';
import type { WatchedFile } from './discover.ts';
import { keysIn, placeIn, rootStages } from './placed-uses.ts';
import type { Use } from './use.ts';

/** A pin with the use that its stage is built on. */
export interface PlacedPin {
  readonly place: FilePlace;
  readonly pin: VersionPin;
  readonly base: Use;
  /** Its identity, as uses have one. */
  readonly key: string;
}

/** Pins that name a version, in stages that stand on one of these uses: an image, or the archive of a root file system. */
export function placePins(
  watched: WatchedFile,
  pins: readonly PackagePin[],
  stages: readonly ParsedStage[],
  uses: readonly Use[],
): readonly PlacedPin[] {
  const roots = new Map([...rootStages(stages)].reverse().map(([{ name }, root]) => [name, root.name]));
  const bases = new Map(
    uses
      .flatMap((use) => (use.role === 'base' && !use.skipped ? [use] : []))
      .reverse()
      .map((use) => [stageOf(use), use]),
  );
  const keyOf = keysIn(watched, 'package');
  return pins.flatMap((pin): PlacedPin[] => {
    const key = keyOf(pinKey(pin));
    const base = bases.get(roots.get(pin.stage ?? ''));
    const { operator, version } = pin;
    if (!base || operator === undefined || version === undefined || operator === '/') return [];
    const place = placeIn(watched, { ...pin, kind: 'install', ...finalOf(base) });
    return [{ place, pin: { ...pin, operator, version }, base, key }];
  });
}

function stageOf({ place }: Use): string | undefined {
  return 'stage' in place ? place.stage : undefined;
}

function finalOf({ place }: Use): Pick<FilePlace, 'final'> {
  return 'final' in place ? { final: place.final } : {};
}

/** Names a package across files. */
export function pinKey({ manager, name }: PackagePin): string {
  return `${manager}:${name}`;
}
