import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../core/errors.ts';
import { parseLargeJson } from '../core/large-json.ts';
import { limits } from '../core/limits/limits.ts';
import { type DistroRelease, isAlpineEdge, releaseName, type VersionScheme } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { inTurns, isTurnOver, nextTurn, sortedLines } from '../core/time/turns.ts';
import { readAtMost } from '../disk/read-at-most.ts';
import { compareVersions } from '../packages/versions/index.ts';
import { ecosystemOf } from './ecosystems.ts';
import type { AdvisoryFeed, FeedVerdict, SourceMove } from './feed.ts';
import { advisoriesOf, collapse, type OsvAffected, type OsvRecord } from './osv-record.ts';
import { isSecdb, type Secdb, type Secfixes, secdbVerdict, secfixesOf } from './secdb.ts';

const entriesAtOnce = 1024;

/** What a folder holds, by what is asked for. */
interface Holdings {
  /** By `ECOSYSTEM NAME`. */
  readonly affected: ReadonlyMap<string, readonly { readonly record: OsvRecord; readonly affected: OsvAffected }[]>;
  readonly ecosystems: ReadonlySet<string>;
  /** By branch of Alpine, or `` for a database that names none. */
  readonly secfixes: ReadonlyMap<string, Secfixes>;
  readonly problems: readonly Problem[];
}

/**
 * Advisories without a network: a folder with OSV's records (the unpacked `all.zip` of an ecosystem) and files of
 * Alpine's secdb, at any depth. Read once, when first needed. Source of the ranges' meaning: osv-schema, "Evaluation".
 */
export function createFolderFeed(folder: string): AdvisoryFeed {
  let holdings: Promise<Holdings> | undefined;
  return {
    covers: (os) => ecosystemOf(os) !== undefined || os.id === 'alpine',
    compare: async (os, moves) => {
      holdings ??= readFolder(folder);
      const known = await holdings;
      const judge = judgeFor(os, known);
      if (judge !== undefined) {
        const verdicts: (FeedVerdict | null)[] = [];
        for (const move of moves) {
          const verdict = judge(move);
          // What could not be read may hold the fix: then that there is none is not known.
          verdicts.push(verdict.fixed.length > 0 || known.problems.length === 0 ? verdict : null);
          if (isTurnOver()) await nextTurn();
        }
        return { verdicts, problems: known.problems };
      }
      const message = `the advisories in ${folder} have nothing about ${releaseName(os)}, so which changes are security fixes was not checked`;
      const problem: Problem = { code: 'advisories-missing', message, subject: os.id, host: folder };
      return { verdicts: moves.map(() => null), problems: [...known.problems, problem] };
    },
  };
}

function judgeFor(os: DistroRelease, known: Holdings): ((move: SourceMove) => FeedVerdict) | undefined {
  const branch = `v${(os.versionId ?? '').split('.').slice(0, 2).join('.')}`;
  const secfixes =
    os.id === 'alpine'
      ? known.secfixes.get(isAlpineEdge(os) ? 'edge' : branch)
      : os.id === 'wolfi' || os.id === 'chainguard'
        ? known.secfixes.get('')
        : undefined;
  const ecosystem = ecosystemOf(os);
  const names = ecosystem?.names.filter((name) => known.ecosystems.has(name)) ?? [];
  if (names.length > 0) {
    const scheme = schemeOf(os);
    return (move) => osvVerdict(known, names, scheme, move);
  }
  return secfixes && ((move) => secdbVerdict(secfixes, move));
}

function schemeOf({ id }: DistroRelease): VersionScheme {
  if (id === 'debian' || id === 'ubuntu') return 'dpkg';
  return id === 'alpine' || id === 'wolfi' || id === 'chainguard' ? 'apk' : 'rpm';
}

function osvVerdict(
  { affected }: Holdings,
  ecosystems: readonly string[],
  scheme: VersionScheme,
  { source, name, before, after }: SourceMove,
): FeedVerdict {
  const keys = ecosystems.flatMap((ecosystem) => [...new Set([source, name])].map((one) => `${ecosystem} ${one}`));
  const entries = keys.flatMap((key) => affected.get(key) ?? []);
  const holds = (entry: OsvAffected, version: string): boolean => isAffected(entry, version, scheme);
  const of = (from: string, to: string): FeedVerdict['fixed'] =>
    collapse(
      entries
        .filter((entry) => holds(entry.affected, from) && !holds(entry.affected, to))
        .flatMap(({ record }) => advisoriesOf(record)),
    );
  return { fixed: of(before, after), introduced: of(after, before) };
}

/** Source: osv-schema, "Evaluation": by the listed versions, or by the events of a range in the order of versions. */
export function isAffected(
  { versions = [], ranges = [] }: OsvAffected,
  version: string,
  scheme: VersionScheme,
): boolean {
  if (versions.includes(version)) return true;
  return ranges.some(({ type, events = [] }) => {
    if (type !== 'ECOSYSTEM') return false;
    const reached = (text: string | undefined): boolean =>
      text !== undefined && (text === '0' || compareVersions(scheme, version, text) >= 0);
    const ordered = [...events].sort((a, b) => compareEvents(scheme, a, b));
    let holds = false;
    for (const { introduced, fixed, last_affected: last } of ordered) {
      if (reached(introduced)) holds = true;
      else if (reached(fixed)) holds = false;
      else if (last !== undefined && compareVersions(scheme, version, last) > 0) holds = false;
    }
    return holds;
  });
}

type Event = NonNullable<NonNullable<OsvAffected['ranges']>[number]['events']>[number];

function compareEvents(scheme: VersionScheme, a: Event, b: Event): number {
  const [x, y] = [a, b].map((event) => event.introduced ?? event.fixed ?? event.last_affected ?? '0') as [
    string,
    string,
  ];
  if (x === y) return 0;
  return x === '0' ? -1 : y === '0' ? 1 : compareVersions(scheme, x, y);
}

async function readFolder(folder: string): Promise<Holdings> {
  const affected = new Map<string, { record: OsvRecord; affected: OsvAffected }[]>();
  const ecosystems = new Set<string>();
  const databases = new Map<string, Secdb[]>();
  const problems: Problem[] = [];
  for (const file of await jsonFiles(folder, problems)) {
    if (isTurnOver()) await nextTurn();
    const value = await readJson(folder, file, problems);
    if (isSecdb(value)) {
      const branch = value.distroversion ?? '';
      databases.set(branch, [...(databases.get(branch) ?? []), value]);
    } else if (typeof (value as OsvRecord | undefined)?.id === 'string') {
      const { affected: all = [], ...record } = value as OsvRecord;
      for (const one of all) {
        const { ecosystem, name } = one.package ?? {};
        if (ecosystem === undefined || name === undefined) continue;
        ecosystems.add(ecosystem);
        const key = `${ecosystem} ${name}`;
        const entries = affected.get(key) ?? [];
        // Only what this package's entry says: a record can list thousands of others.
        entries.push({
          record: {
            ...record,
            affected: [{ ...(one.ecosystem_specific && { ecosystem_specific: one.ecosystem_specific }) }],
          },
          affected: one,
        });
        affected.set(key, entries);
      }
    }
  }
  const secfixes = new Map([...databases].map(([branch, all]) => [branch, secfixesOf(all)]));
  return { affected, ecosystems, secfixes, problems };
}

/** At any depth, in the order of their names. */
async function jsonFiles(folder: string, problems: Problem[]): Promise<readonly string[]> {
  const files: string[] = [];
  try {
    for await (const entry of await opendir(folder, { recursive: true, bufferSize: entriesAtOnce })) {
      if (entry.name.endsWith('.json')) files.push(path.join(entry.parentPath, entry.name));
    }
  } catch (error) {
    problems.push(unreadable(folder, folder, error));
    return [];
  }
  if (files.length > limits.feed.folderFiles.most) {
    const message = `it has ${files.length} files, of which ${limits.feed.folderFiles.most} are read`;
    problems.push(unreadable(folder, folder, new Error(message)));
  }
  return (await inTurns(sortedLines(files))).slice(0, limits.feed.folderFiles.most);
}

/** Read without waiting: for a million small files that would take twice as long. */
async function readJson(folder: string, file: string, problems: Problem[]): Promise<unknown> {
  try {
    return await inTurns(parseLargeJson(readAtMost(file, limits.feed.folderFile.most).toString('utf8')));
  } catch (error) {
    problems.push(unreadable(folder, file, error));
    return undefined;
  }
}

function unreadable(folder: string, file: string, error: unknown): Problem {
  const message = `cannot be read as advisories: ${messageOf(error)}`;
  return { code: 'advisories-unread', message, subject: file, host: folder };
}
