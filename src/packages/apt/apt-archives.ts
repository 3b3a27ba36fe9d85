import type { Problem } from '../../core/problem.ts';
import { once } from '../../core/shared-work.ts';
import { isTurnOver, nextTurn } from '../../core/time/turns.ts';
import { Gate } from '../../http/gate.ts';
import { ArchiveTrouble, troubleOf } from '../archives/archive-error.ts';
import { type RepositoryReading, skippedRemark } from '../archives/archive-family.ts';
import { type ArchiveDependencies, askedHost } from '../archives/archive-fetch.ts';
import { isSkipped } from '../archives/mirrors.ts';
import { rowsOf } from '../archives/package-rows.ts';
import { sumOf } from '../archives/sum.ts';
import type { AptArchive, AptOffer, AptRepository } from './apt-repository.ts';
import { keysFor, type SourceKeys, type TrustedText, trustedText } from './apt-trust.ts';
import { forms, unreadForms } from './compressed-forms.ts';
import { type FetchedRelease, fetchRelease } from './fetch-release.ts';
import { listsIndex, readIndex } from './read-index.ts';
import { parseRelease, type ReleaseFile } from './release.ts';

/** One suite as an image enables it, and what is wanted to be known of it. */
export interface ArchiveRequest {
  readonly repository: AptRepository;
  /** Those of which packages are looked for; `all` needs no mention. */
  readonly architectures: readonly string[];
  readonly names: ReadonlySet<string>;
  /** The image's own keyrings are among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What one suite said, or why it said nothing. */
export interface ArchiveReading {
  readonly repository: AptRepository;
  readonly trust: RepositoryReading['trust'];
  /** Why, for people. */
  readonly detail: string;
  /** Absent when refused or unread. */
  readonly archive?: AptArchive;
  readonly problems: readonly Problem[];
}

/** Asks apt's repositories; what several images enable is asked for once. */
export interface AptArchives {
  /** What one repository offers of these packages. Expected trouble is in the answer; rejects when the run is stopped. */
  read(request: ArchiveRequest): Promise<ArchiveReading>;
}

/** Each decoder has a window of its own and keeps a core busy. */
const decodersAtOnce = 2;

/** What is learnt once serves every image of the run, trouble too: nobody asks a dead mirror once per image. */
export function createAptArchives(given: ArchiveDependencies): AptArchives {
  const deps: Dependencies = {
    ...given,
    decodeGate: new Gate(decodersAtOnce),
    releases: new Map(),
    suites: new Map(),
    tables: new Map(),
  };
  return {
    read: async (request) => {
      if (isSkipped(request.repository.uri, deps.places)) return skipped(request.repository);
      try {
        return await read(deps, request, false);
      } catch (error) {
        return unusable(deps, request.repository, error);
      }
    },
  };
}

interface Dependencies extends ArchiveDependencies {
  readonly decodeGate: Gate;
  /** By folder: images differ in the keys they trust, not in what the archive sends. */
  readonly releases: Map<string, Promise<FetchedRelease>>;
  readonly suites: Map<string, Promise<Suite>>;
  readonly tables: Map<string, Promise<string>>;
}

/** A suite whose Release may be believed. */
interface Suite {
  readonly folder: URL;
  readonly fetched: FetchedRelease;
  readonly trusted: TrustedText;
  readonly release: ReleaseFile;
  /** Of the Release's bytes. */
  readonly sum: string;
}

async function read(deps: Dependencies, request: ArchiveRequest, revalidate: boolean): Promise<ArchiveReading> {
  const { repository, files } = request;
  const keys = keysFor(repository.trust, files);
  const key = [repository.uri, repository.suite, sourceTrust(repository), keySum(keys), revalidate].join(' ');
  const suite = await once(deps.suites, key, () => openSuite(deps, repository, keys, revalidate));
  if (isExpired(suite.release, repository, deps.now)) {
    if (suite.fetched.isRemembered) return read(deps, request, true);
    throw expired(suite.release);
  }
  suite.fetched.remember();
  const indexes = await readIndexes(deps, request, suite);
  // A Release from the cache may name indexes that are gone by now: ask for a new one, once.
  if (suite.fetched.isRemembered && indexes.problems.length > 0) return read(deps, request, true);
  return reading(deps, repository, suite, indexes);
}

async function openSuite(
  deps: Dependencies,
  repository: AptRepository,
  keys: SourceKeys,
  revalidate: boolean,
): Promise<Suite> {
  const isFlat = repository.components.length === 0;
  const folder = new URL(isFlat ? repository.suite.replace(/^\/+/, '') : `dists/${repository.suite}/`, repository.uri);
  const fetched = await once(deps.releases, `${folder.href} ${revalidate}`, () =>
    fetchRelease(deps, folder, { revalidate }),
  );
  const trusted = await trustedText(fetched, repository.trust, keys, { cache: deps.cache, now: deps.now });
  const release = parseRelease(trusted.text);
  if (release === undefined) {
    throw new ArchiveTrouble(
      'archive-release-damaged',
      'its Release lists no files with SHA256, without which nothing of it can be believed; try another mirror',
      true,
    );
  }
  return { folder, fetched, trusted, release, sum: sumOf(fetched.bytes) };
}

function sourceTrust({ components, trust, checksValidUntil }: AptRepository): string {
  return JSON.stringify([components.length === 0, trust, checksValidUntil]);
}

/** Images may call different keyrings by one name. */
function keySum({ keyrings }: SourceKeys): string {
  return sumOf(...keyrings.flatMap(({ path, bytes }) => [path, bytes]));
}

function reading(
  { places }: Pick<ArchiveDependencies, 'places'>,
  repository: AptRepository,
  { release, trusted, sum }: Suite,
  { offers, problems, isRefused }: Indexes,
): ArchiveReading {
  const all = [...trusted.problems, ...wrongSuite(repository, release), ...problems].map((one) =>
    about(repository, one, places),
  );
  if (isRefused) return { repository, trust: 'refused', detail: problems[0]?.message ?? '', problems: all };
  return {
    repository,
    trust: trusted.trust,
    detail: trusted.detail,
    archive: { repository, release, offers, complete: problems.length === 0, sum },
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
  { folder, release }: Suite,
): Promise<Indexes> {
  const wanted = indexesOf(repository, architectures, release);
  const parts = await Promise.all(
    wanted.map(async ({ path, component }): Promise<Indexes> => {
      try {
        if (!listsIndex(release, path)) throw notListed(path, folder, release);
        const key = new URL(path, folder).href + JSON.stringify(forms.map((form) => release.files.get(path + form)));
        const table = await once(deps.tables, key, () => readIndex(deps, folder, release, path));
        const offers: AptOffer[] = [];
        for (const name of names) {
          for (const row of rowsOf(table, name)) {
            // A flat repository has one index for all of them.
            const isOurs = row.architecture === 'all' || architectures.includes(row.architecture);
            if (isOurs) offers.push({ ...row, component });
          }
          if (isTurnOver()) await nextTurn(deps.signal);
        }
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

function notListed(path: string, folder: URL, release: ReleaseFile): ArchiveTrouble {
  const others = unreadForms(release, path);
  if (others !== '') {
    return new ArchiveTrouble(
      'archive-index-form',
      `${path} in ${folder.host}${folder.pathname} cannot be read${others}`,
    );
  }
  return new ArchiveTrouble(
    'archive-index-unlisted',
    `the Release in ${folder.host}${folder.pathname} lists no ${path} that can be read (xz, zstd, gzip, plain); is the component spelled right in the image?`,
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

function unusable(
  { places }: Pick<ArchiveDependencies, 'places'>,
  repository: AptRepository,
  error: unknown,
): ArchiveReading {
  const { problem, isRefusal } = troubleOf(error);
  const trust = isRefusal ? 'refused' : 'unread';
  return { repository, trust, detail: problem.message, problems: [about(repository, problem, places)] };
}

function skipped(repository: AptRepository): ArchiveReading {
  const problems = [skippedRemark(repository.uri)];
  return { repository, trust: 'skipped', detail: 'left alone (archives.skip)', problems };
}

function about({ uri, suite }: AptRepository, problem: Problem, places: ArchiveDependencies['places']): Problem {
  return { ...problem, subject: `${uri} ${suite}`, host: problem.host ?? askedHost(places, uri) };
}
