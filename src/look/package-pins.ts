import type { Digest } from '../core/image/digest.ts';
import { formatPlatform, type Platform } from '../core/image/platform.ts';
import { formatReference, type ImageReference } from '../core/image/reference.ts';
import type { PackageChange } from '../core/package.ts';
import { pinWord, type VersionPin } from '../core/parsed-file.ts';
import { placeText } from '../core/place.ts';
import { problemOf } from '../core/problem.ts';
import { isTurnOver, nextTurn } from '../core/time/turns.ts';
import { checkPin, type PinMove, type PinVerdict } from '../packages/pin-check.ts';
import type { PlacedPin } from '../sources/placed-pins.ts';
import type { Use } from '../sources/use.ts';
import { isMissing } from './added-rootfs.ts';
import type { Examination } from './examination.ts';
import { type ArchivesDependencies, type ImageArchives, readArchives } from './image-archives.ts';
import { type FeedDependencies, judgeMoves } from './judge.ts';
import { manifestsOf } from './platform-manifests.ts';
import type { Registry } from './resolve.ts';

/** What is known about one pin: its verdict, and the rows of what would move, judged. */
export interface ExaminedPin {
  readonly placed: PlacedPin;
  readonly verdict: PinVerdict;
  /** On each platform, in their order. */
  readonly rows: readonly PackageChange[];
  readonly suite?: string;
}

/** What checking package pins needs. */
export interface PinDependencies extends ArchivesDependencies, FeedDependencies {
  readonly registry: Registry;
}

/** Checks one pin. Never rejects: trouble is `unknown`. */
export type ExaminePin = (placed: PlacedPin, examination: Examination) => Promise<ExaminedPin>;

/**
 * Checks the pins of one file, whose `names` they are, against what the bases of their stages enable: the image that a
 * build takes today, or the one that the edit of its digest will bring. What a base's repositories offer is read once for
 * all of them.
 */
export function pinExaminer(names: ReadonlySet<string>, deps: PinDependencies): ExaminePin {
  const known = new Map<string, Promise<readonly PlatformArchives[]>>();
  const read: ReadArchives = (reference, root, platforms) => {
    const key = [reference.registry, reference.repository, root, ...platforms.map(formatPlatform)].join(' ');
    const reading = known.get(key) ?? archivesOf(reference, root, platforms, names, deps);
    known.set(key, reading);
    return reading;
  };
  return (placed, examination) => examinePin(placed, examination, read, deps);
}

type ReadArchives = (
  reference: ImageReference,
  root: Digest,
  platforms: readonly Platform[],
) => Promise<readonly PlatformArchives[]>;

async function examinePin(
  placed: PlacedPin,
  examination: Examination,
  read: ReadArchives,
  deps: PinDependencies,
): Promise<ExaminedPin> {
  const { pin, base } = placed;
  const reference = base.reference ?? examination.archive;
  const name = reference ? formatReference(reference) : base.written;
  try {
    if (isMissing(examination)) return { placed, verdict: { kind: 'current' }, rows: [] };
    const root = reference && baseDigest(base, examination);
    if (reference === undefined || root === undefined) return { placed, verdict: baseUnknown(placed, name), rows: [] };
    const archives = await read(reference, root, base.platforms);
    if (archives.length === 0) return { placed, verdict: baseUnknown(placed, name), rows: [] };
    // Versions of a package may be many, and so may the pins of a file.
    if (isTurnOver()) await nextTurn();
    const verdict = checkPin(
      pin,
      archives.map(({ platform, archives: { reading, family } }) => ({
        platform,
        reading,
        scheme: family?.scheme ?? 'dpkg',
      })),
    );
    return { placed, verdict, ...(await judgeRows(pin, verdict, archives, deps)) };
  } catch (error) {
    const problem = problemOf(error, name);
    return { placed, verdict: { kind: 'unknown', problem }, rows: [] };
  }
}

function baseDigest({ has }: Use, { resolution, target }: Examination): Digest | undefined {
  // The edit moves digest and pins together, so the pins are for the image that the digest will name.
  if (has && target !== undefined) return target;
  switch (resolution.kind) {
    case 'unknown':
      return undefined;
    case 'moved':
      return resolution.after;
    case 'unpinned':
    case 'broken':
      return resolution.latest;
    default:
      return has?.digest ?? resolution.digest;
  }
}

function baseUnknown({ pin, place }: PlacedPin, base: string): PinVerdict {
  const subject = placeText(place);
  const message = `${pinWord(pin)} was not checked, because its base ${base} could not be looked into`;
  return { kind: 'unknown', problem: { code: 'pin-base-unknown', message, subject } };
}

interface PlatformArchives {
  readonly platform: string;
  readonly archives: ImageArchives;
}

async function archivesOf(
  reference: ImageReference,
  root: Digest,
  platforms: readonly Platform[],
  names: ReadonlySet<string>,
  deps: PinDependencies,
): Promise<readonly PlatformArchives[]> {
  const manifests = await manifestsOf(reference, root, platforms, deps.registry);
  return Promise.all(
    manifests.map(async ({ digest, platform }) => {
      const archives = await readArchives(reference, digest, names, deps);
      return { platform: platform ?? formatPlatform(archives.image.config.platform), archives };
    }),
  );
}

async function judgeRows(
  pin: VersionPin,
  verdict: PinVerdict,
  archives: readonly PlatformArchives[],
  deps: FeedDependencies,
): Promise<Pick<ExaminedPin, 'rows' | 'suite'>> {
  if (verdict.kind !== 'broken' && verdict.kind !== 'outdated') return { rows: [] };
  const rows = await Promise.all(verdict.moves.map((move) => judgeRow(pin, move, archives, deps)));
  const suite = verdict.moves[0]?.after.suite;
  return { rows, ...(suite !== undefined && { suite }) };
}

/** The step as a report's row. */
function rowOf(pin: VersionPin, { before, after, kind }: PinMove): PackageChange {
  return {
    name: pin.name,
    kind,
    before: before?.version ?? pin.version,
    after: after.version,
    ...(after.source && after.source.name !== pin.name && { source: after.source.name }),
    security: null,
    advisories: [],
  };
}

async function judgeRow(
  pin: VersionPin,
  move: PinMove,
  archives: readonly PlatformArchives[],
  deps: FeedDependencies,
): Promise<PackageChange> {
  const row = rowOf(pin, move);
  const own = archives.find(({ platform }) => platform === move.platform);
  if (!own) return row;
  const before = row.before ?? pin.version;
  const source = (offer: PinMove['after']): { name: string; version: string } =>
    offer.source ?? { name: offer.name, version: offer.version };
  const sourceAfter = source(move.after);
  const { verdicts } = await judgeMoves(
    [
      {
        // Not installed yet: only who offers it tells whose it is.
        packages: [{ name: pin.name, version: before, architecture: move.after.architecture, vendor: '' }],
        name: pin.name,
        architecture: move.after.architecture,
        before,
        after: move.after.version,
        // A version that left the archive left its source's version with it; the two are nearly always equal.
        sourceBefore: move.before
          ? source(move.before)
          : { name: sourceAfter.name, version: before.replace(/\+b\d+$/, '') },
        sourceAfter,
      },
    ],
    own.archives,
    deps,
  );
  return { ...row, ...verdicts[0] };
}
