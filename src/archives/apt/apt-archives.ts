import { PlimsollError } from '../../core/errors.ts';
import type { Problem } from '../../core/problem.ts';
import { Gate } from '../../http/gate.ts';
import type { AptArchive, AptOffer, AptRepository } from '../../packages/repositories/apt-repository.ts';
import { type ArchiveDependencies, type FetchedRelease, fetchRelease } from './fetch-release.ts';
import { selectRows } from './package-table.ts';
import { listsIndex, readIndex } from './read-index.ts';
import { parseRelease, type ReleaseFile } from './release.ts';
import { ArchiveTrouble } from './trouble.ts';
import { type TrustedText, trustedText } from './trust.ts';

export interface ArchiveRequest {
  readonly repository: AptRepository;
  /** Those of the installed packages; `all` needs no mention. */
  readonly architectures: readonly string[];
  readonly names: ReadonlySet<string>;
  /** The image's own keyrings are among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface ArchiveReading {
  readonly repository: AptRepository;
  /** `refused`: it may not be believed and was not used. `unread`: it could not be had. */
  readonly trust: 'verified' | 'unverified' | 'refused' | 'unread';
  /** Why, for people. */
  readonly detail: string;
  /** Absent when refused or unread. */
  readonly archive?: AptArchive;
  readonly problems: readonly Problem[];
}

export interface AptArchives {
  /** What one repository offers of these packages. Expected trouble is in the answer; rejects when the run is stopped. */
  read(request: ArchiveRequest): Promise<ArchiveReading>;
}

/** Each decoder has a window of its own and keeps a core busy. */
const decodersAtOnce = 2;

export function createAptArchives(given: ArchiveDependencies): AptArchives {
  const deps = { ...given, decodeGate: new Gate(decodersAtOnce), fetching: new Map<string, Promise<FetchedRelease>>() };
  return {
    read: async (request) => {
      try {
        return await read(deps, request, false);
      } catch (error) {
        return unusable(request.repository, error);
      }
    },
  };
}

interface Dependencies extends ArchiveDependencies {
  readonly decodeGate: Gate;
  /** Under way, by folder: two lines of a sources list may name one suite. */
  readonly fetching: Map<string, Promise<FetchedRelease>>;
}

async function shareRelease(deps: Dependencies, folder: URL, revalidate: boolean): Promise<FetchedRelease> {
  const key = `${folder.href} ${revalidate}`;
  const underWay = deps.fetching.get(key);
  if (underWay !== undefined) return underWay;
  const own = fetchRelease(deps, folder, { revalidate });
  deps.fetching.set(key, own);
  try {
    return await own;
  } finally {
    deps.fetching.delete(key);
  }
}

async function read(deps: Dependencies, request: ArchiveRequest, revalidate: boolean): Promise<ArchiveReading> {
  const { repository } = request;
  const isFlat = repository.components.length === 0;
  const folder = new URL(isFlat ? repository.suite.replace(/^\/+/, '') : `dists/${repository.suite}/`, repository.uri);
  const fetched = await shareRelease(deps, folder, revalidate);
  const trusted = await trustedText(fetched, repository, request.files, { cache: deps.cache, now: deps.clock.now() });
  const release = parseRelease(trusted.text);
  if (release === undefined) {
    throw new ArchiveTrouble(
      'archive-release-damaged',
      'its Release lists no files with SHA256, without which nothing of it can be believed; try another mirror',
      true,
    );
  }
  if (isExpired(release, repository, deps.clock.now())) {
    if (fetched.isRemembered) return read(deps, request, true);
    throw expired(release);
  }
  fetched.remember();
  const indexes = await readIndexes(deps, request, folder, release);
  // A Release from the cache may name indexes that are gone by now: ask for a new one, once.
  if (fetched.isRemembered && indexes.problems.length > 0) return read(deps, request, true);
  return reading(repository, release, trusted, indexes);
}

function reading(
  repository: AptRepository,
  release: ReleaseFile,
  trusted: TrustedText,
  { offers, problems, isRefused }: Indexes,
): ArchiveReading {
  const all = [...trusted.problems, ...wrongSuite(repository, release), ...problems].map((one) =>
    about(repository, one),
  );
  if (isRefused) return { repository, trust: 'refused', detail: problems[0]?.message ?? '', problems: all };
  return {
    repository,
    trust: trusted.trust,
    detail: trusted.detail,
    archive: { repository, release, offers, complete: problems.length === 0 },
    problems: all,
  };
}

/** Source: Debian wiki, DebianRepository/Format, "Date, Valid-Until". */
function isExpired({ validUntil }: ReleaseFile, { checksValidUntil }: AptRepository, now: number): boolean {
  return checksValidUntil && validUntil !== undefined && validUntil < now;
}

function expired({ validUntil = 0 }: ReleaseFile): ArchiveTrouble {
  return new ArchiveTrouble(
    'archive-expired',
    `its Release was valid until ${new Date(validUntil).toISOString().slice(0, 16)}Z: the mirror stands still, or somebody shows an old state; apt in this image refuses it too`,
    true,
  );
}

interface Indexes {
  readonly offers: readonly AptOffer[];
  readonly problems: readonly Problem[];
  /** Some index is not what the Release says. */
  readonly isRefused: boolean;
}

async function readIndexes(
  deps: Dependencies,
  { repository, architectures, names }: ArchiveRequest,
  folder: URL,
  release: ReleaseFile,
): Promise<Indexes> {
  const wanted = indexesOf(repository, architectures, release);
  const parts = await Promise.all(
    wanted.map(async ({ path, component }): Promise<Indexes> => {
      try {
        if (!listsIndex(release, path)) throw notListed(path, folder);
        const table = await readIndex(deps, folder, release, path);
        const offers = selectRows(table, names).map((row) => ({ ...row, component }));
        return { offers, problems: [], isRefused: false };
      } catch (error) {
        const { problem, isRefusal } = troubleOf(error);
        return { offers: [], problems: [problem], isRefused: isRefusal };
      }
    }),
  );
  return {
    offers: parts.flatMap(({ offers }) => offers),
    problems: parts.flatMap(({ problems }) => problems),
    isRefused: parts.some(({ isRefused }) => isRefused),
  };
}

interface WantedIndex {
  readonly path: string;
  readonly component: string;
}

function indexesOf(
  { components, architectures: limited }: AptRepository,
  used: readonly string[],
  release: ReleaseFile,
): readonly WantedIndex[] {
  if (components.length === 0) return [{ path: 'Packages', component: '' }];
  const offered = (architecture: string): boolean =>
    (limited === undefined || limited.includes(architecture)) &&
    // What the repository does not build for is no trouble.
    (release.architectures.length === 0 || release.architectures.includes(architecture));
  const architectures = used.filter(offered);
  return components.flatMap((component) => [
    ...architectures.map((architecture) => ({
      path: `${component}/binary-${architecture}/Packages`,
      component,
    })),
    ...(!release.allIsIncluded && listsIndex(release, `${component}/binary-all/Packages`)
      ? [{ path: `${component}/binary-all/Packages`, component }]
      : []),
  ]);
}

function notListed(path: string, folder: URL): ArchiveTrouble {
  return new ArchiveTrouble(
    'archive-index-unlisted',
    `the Release in ${folder.host}${folder.pathname} lists no ${path} that can be read (xz, gz, plain); is the component spelled right in the image?`,
  );
}

/** A mirror that serves another suite at this place must not pass for "nothing newer". */
function wrongSuite({ suite, components }: AptRepository, release: ReleaseFile): readonly Problem[] {
  const names = [release.suite, release.codename].filter((name) => name !== undefined);
  if (components.length === 0 || names.length === 0 || names.some((name) => suite === name)) return [];
  // `buster/updates` calls itself `buster`; a snapshot or product may stand before the name.
  if (names.some((name) => suite.startsWith(`${name}/`) || suite.endsWith(`/${name}`))) return [];
  const message = `its Release calls itself ${names.join(' or ')}, which is not the suite that was asked for; apt in this image warns of that too`;
  return [{ code: 'archive-other-suite', message }];
}

function unusable(repository: AptRepository, error: unknown): ArchiveReading {
  const { problem, isRefusal } = troubleOf(error);
  const trust = isRefusal ? 'refused' : 'unread';
  return { repository, trust, detail: problem.message, problems: [about(repository, problem)] };
}

/** Rethrows what is no trouble with an archive: the run was stopped, or a mistake of ours. */
function troubleOf(error: unknown): { problem: Problem; isRefusal: boolean } {
  if (error instanceof ArchiveTrouble) return error;
  if (error instanceof PlimsollError && error.code === 'HTTP') {
    return { problem: { code: 'archive-unreachable', message: error.message }, isRefusal: false };
  }
  throw error;
}

function about({ uri, suite }: AptRepository, problem: Problem): Problem {
  return { ...problem, subject: `${uri} ${suite}` };
}
