import { formatReference, type ImageReference } from '../core/image/reference.ts';
import type { Inventory, Package, PackageChange } from '../core/package.ts';
import { problemOf } from '../core/problem.ts';
import { inTurns, type Steps } from '../core/time/turns.ts';
import { distinctCauses, type Unanswered, unanswered } from '../core/unchecked.ts';
import type { Examination, PlatformResult } from './examination.ts';
import { type ArchivesDependencies, isOfTheImage, readArchives } from './image-archives.ts';
import { type FeedDependencies, judgeMoves, type PackageMove } from './judge.ts';

export type SecurityDependencies = ArchivesDependencies & FeedDependencies;

/**
 * Says of every package that moved whether that is a security fix, by the archives that the new image enables and by
 * the advisory feeds; a platform with a fix is of class `security`. Trouble leaves rows unknown, never false.
 */
export async function withSecurity(
  reference: ImageReference,
  examination: Examination,
  deps: SecurityDependencies,
): Promise<{ readonly examination: Examination; readonly isSettled: boolean }> {
  const judged = await Promise.all(examination.platforms.map((result) => judgePlatform(reference, result, deps)));
  const unchecked = distinctCauses(judged.flatMap((one) => one.unanswered));
  const notes = [...new Set(judged.flatMap((one) => one.notes))];
  return {
    examination: {
      ...examination,
      platforms: judged.map(({ result }) => result),
      notes: [...examination.notes, ...notes],
      ...(unchecked.length > 0 && { unanswered: unchecked }),
    },
    isSettled: judged.every((one) => one.isSettled),
  };
}

interface Judged {
  readonly result: PlatformResult;
  readonly notes: readonly string[];
  readonly unanswered: readonly Unanswered[];
  /** False: whoever was asked in vain may answer next time. */
  readonly isSettled: boolean;
}

async function judgePlatform(
  reference: ImageReference,
  result: PlatformResult,
  deps: SecurityDependencies,
): Promise<Judged> {
  const { comparison, current, latest } = result;
  const rows = comparison?.packages ?? [];
  if (!comparison || rows.length === 0 || current === undefined || latest === undefined) {
    return { result, notes: [], unanswered: [], isSettled: true };
  }
  try {
    const [before, archives] = await Promise.all([
      deps.inspector.inspect(reference, current),
      readArchives(reference, latest, new Set(), deps),
    ]);
    const moves = await inTurns(movesOf(rows, before.inventory, archives.image.inventory));
    const asked = moves.filter((move) => move !== undefined);
    const { verdicts, problems } = await judgeMoves(asked, archives, deps);
    const verdictOf = new Map(asked.map((move, index) => [move, verdicts[index]] as const));
    const packages = rows.map((row, index): PackageChange => {
      const move = moves[index];
      const verdict = move && verdictOf.get(move);
      // What came or went without its source moving is no fix of anything.
      return verdict ? { ...row, ...verdict } : { ...row, security: false };
    });
    const isFix = packages.some(({ security }) => security === true);
    const unread = packages.some(({ security, foreign }) => security === null && foreign === undefined)
      ? [...archives.reading.problems, ...problems]
      : [];
    return {
      result: { ...result, ...(isFix && { class: 'security' as const }), comparison: { ...comparison, packages } },
      notes: unread.map(
        ({ message, subject }) => `security not checked: ${subject === undefined ? '' : `${subject}: `}${message}`,
      ),
      unanswered: unread.filter((one) => !isOfTheImage(one)).map((one) => unanswered('fixes', one, reference.registry)),
      isSettled: [...archives.reading.problems, ...problems].every(isOfTheImage),
    };
  } catch (error) {
    const problem = problemOf(error, formatReference(reference));
    return {
      result,
      notes: [`which changes are security fixes could not be checked: ${problem.message}`],
      unanswered: [unanswered('fixes', problem, reference.registry)],
      isSettled: false,
    };
  }
}

/** The packages of an inventory by what rows name: a walk per row would cost the square of them. */
interface Lookup {
  readonly byName: ReadonlyMap<string, Package>;
  readonly byArchitecture: ReadonlyMap<string, Package>;
  /** The first version of each source. */
  readonly sources: ReadonlyMap<string, { readonly name: string; readonly version: string }>;
}

function* lookupOf({ packages }: Inventory): Steps<Lookup> {
  const byName = new Map<string, Package>();
  const byArchitecture = new Map<string, Package>();
  const sources = new Map<string, { readonly name: string; readonly version: string }>();
  for (const one of packages) {
    yield;
    if (!byName.has(one.name)) byName.set(one.name, one);
    const key = `${one.name} ${one.architecture}`;
    if (!byArchitecture.has(key)) byArchitecture.set(key, one);
    const source = sourceOf(one);
    if (!sources.has(source.name)) sources.set(source.name, source);
  }
  return { byName, byArchitecture, sources };
}

function* movesOf(
  rows: readonly PackageChange[],
  before: Inventory,
  after: Inventory,
): Steps<readonly (PackageMove | undefined)[]> {
  const [olds, news] = [yield* lookupOf(before), yield* lookupOf(after)];
  const moves: (PackageMove | undefined)[] = [];
  for (const row of rows) {
    yield;
    moves.push(moveOf(row, olds, news));
  }
  return moves;
}

/** The move behind a row. A package that was renamed moves with its source. */
function moveOf(row: PackageChange, before: Lookup, after: Lookup): PackageMove | undefined {
  const packages = [find(after, row), find(before, row)].filter((one) => one !== undefined);
  const [own] = packages;
  if (own === undefined) return undefined;
  const source = sourceOf(own).name;
  const sourceBefore = before.sources.get(source);
  const sourceAfter = after.sources.get(source);
  if (!sourceBefore || !sourceAfter) return undefined;
  const isRename = row.before === undefined || row.after === undefined;
  if (isRename && sourceBefore.version === sourceAfter.version) return undefined;
  return {
    packages,
    name: row.name,
    architecture: own.architecture,
    before: row.before ?? sourceBefore.version,
    after: row.after ?? sourceAfter.version,
    sourceBefore,
    sourceAfter,
  };
}

function find({ byName, byArchitecture }: Lookup, { name, architecture }: PackageChange): Package | undefined {
  return architecture === undefined ? byName.get(name) : byArchitecture.get(`${name} ${architecture}`);
}

function sourceOf({ name, version, source }: Package): { readonly name: string; readonly version: string } {
  return source ?? { name, version };
}
