import type { AdvisoryFeed, FeedVerdict } from '../advisories/feed.ts';
import { advisoryIds, type Severity, severityOfWord, worstSeverity } from '../core/advisory.ts';
import type { Package } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { isTurnOver, nextTurn } from '../core/time/turns.ts';
import type { ArchiveVerdict, Move } from '../packages/archives/archive-family.ts';
import type { ImageArchives } from './image-archives.ts';

/** Who knows advisories. */
export interface FeedDependencies {
  /** Every source of advisories; none: `advisories: off`. */
  readonly feeds: readonly AdvisoryFeed[];
}

interface SourceVersion {
  readonly name: string;
  readonly version: string;
}

/** A move of a package, and of the source it was built from. */
export interface PackageMove extends Move {
  /** As installed before and after, as far as it was. */
  readonly packages: readonly Package[];
  readonly sourceBefore: SourceVersion;
  readonly sourceAfter: SourceVersion;
}

/** Is a move a security fix? */
export interface MoveVerdict {
  /** False only when the feeds that could know were read and know of none; null: could not tell. */
  readonly security: boolean | null;
  /** What it fixes. */
  readonly advisories: readonly string[];
  /** How many it fixes beside these; absent: none. */
  readonly unlisted?: number;
  readonly severity?: Severity;
  /** What it brings that was not there before. */
  readonly introduced?: readonly string[];
  /** Where the package comes from when that is not the distro: then `security` is null, as nobody says. */
  readonly foreign?: string;
}

/** What archives and feeds together say of some moves. */
export interface Judgement {
  /** One per move, in order. */
  readonly verdicts: readonly MoveVerdict[];
  /** Feeds that could have known and were not read. */
  readonly problems: readonly Problem[];
}

/**
 * Asks the image's own archives (security suites, updateinfo) and the advisory feeds about moves of its packages. What
 * does not come from the distro is never shown to the distro's feeds: its versions would match by accident, and its
 * name is nobody's business.
 */
export async function judgeMoves(
  moves: readonly PackageMove[],
  { image, reading }: ImageArchives,
  { feeds }: FeedDependencies,
): Promise<Judgement> {
  const { os } = image.inventory;
  const foreign: (string | null | undefined)[] = [];
  for (const { packages, before, after } of moves) {
    foreign.push(packages.map((one) => reading.foreign(one, [before, after])).find((where) => where !== null));
    if (isTurnOver()) await nextTurn();
  }
  const covering = os ? feeds.filter((feed) => feed.covers(os)) : [];
  const asked = moves.flatMap((move, index) => (foreign[index] === undefined && namesOneSource(move) ? [index] : []));
  const answers = await Promise.all(
    covering.map((feed) =>
      os
        ? feed.compare(
            os,
            asked.map((index) => toSource(moves[index] as PackageMove)),
          )
        : undefined,
    ),
  );
  const positions = new Map(asked.map((index, position) => [index, position] as const));
  const verdicts: MoveVerdict[] = [];
  for (const [index, move] of moves.entries()) {
    if (isTurnOver()) await nextTurn();
    const position = positions.get(index);
    const told = position === undefined ? [] : answers.map((answer) => answer?.verdicts[position] ?? null);
    const where = foreign[index];
    // No feed speaks of it, and what the distro's suites say is of another package.
    verdicts.push(
      where === undefined || where === null
        ? verdictOf(reading.verdict(move), told)
        : { security: null, advisories: [], foreign: where },
    );
  }
  return { verdicts, problems: answers.flatMap((answer) => answer?.problems ?? []) };
}

/** A package that was taken over by another source has no two versions of one source to compare. */
function namesOneSource({ sourceBefore, sourceAfter }: PackageMove): boolean {
  return sourceBefore.name === sourceAfter.name;
}

function toSource({ name, sourceBefore, sourceAfter }: PackageMove): {
  source: string;
  name: string;
  before: string;
  after: string;
} {
  return { source: sourceBefore.name, name, before: sourceBefore.version, after: sourceAfter.version };
}

function verdictOf(archive: ArchiveVerdict, told: readonly (FeedVerdict | null)[]): MoveVerdict {
  const known = told.filter((one) => one !== null);
  const fixed = known.flatMap((one) => one.fixed);
  const introduced = advisoryIds(known.flatMap((one) => one.introduced));
  const isFix = archive.security === true || fixed.length > 0;
  const everyFeedTold = told.length > 0 && known.length === told.length;
  const severity = worstSeverity([...fixed.map((one) => one.severity), severityOfWord(archive.severity)]);
  return {
    security: isFix ? true : told.length === 0 ? archive.security : everyFeedTold ? false : null,
    advisories: [...new Set([...archive.advisories, ...advisoryIds(fixed)])],
    ...(archive.unlisted !== undefined && { unlisted: archive.unlisted }),
    ...(isFix && severity && { severity }),
    ...(introduced.length > 0 && { introduced }),
  };
}
