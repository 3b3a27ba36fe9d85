import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { once } from '../../core/shared-work.ts';
import { Gate } from '../../http/gate.ts';
import { mayReach } from '../../http/host-rules.ts';
import { redactUrl } from '../../http/redact.ts';
import { ArchiveTrouble, troubleOf } from '../archives/archive-error.ts';
import { type RepositoryReading, skippedRemark } from '../archives/archive-family.ts';
import { type ArchiveDependencies, askedHost, isNotThere } from '../archives/archive-fetch.ts';
import { downloadAll } from '../archives/download.ts';
import { isSkipped } from '../archives/mirrors.ts';
import type { SignedBytes } from '../archives/openpgp-signature.ts';
import { fetchRemembered, type Remembered } from '../archives/revalidated.ts';
import { sumOf } from '../archives/sum.ts';
import { findMirrors, hasHash, type Mirrors } from './mirror-list.ts';
import { readModules } from './module-index.ts';
import { readPrimary } from './primary.ts';
import { readData } from './read-data.ts';
import { parseRepomd, type Repomd } from './repomd.ts';
import { judgeRepomd, type RepomdTrust } from './repomd-trust.ts';
import type { RpmRepository } from './rpm-repositories.ts';
import { readUpdateinfo } from './updateinfo.ts';

/** A repository that was read to its end. */
export interface RpmArchive {
  /** See primary.ts. */
  readonly packages: string;
  /** See updateinfo.ts; absent: it has none. */
  readonly updates?: string;
  /** See modules.ts; absent: it has none. */
  readonly modules?: string;
  /** Of repomd.xml, which names all the rest by hash. */
  readonly sum: string;
}

/** What one repository said, or why it said nothing. */
export interface RpmReading {
  readonly repository: RpmRepository;
  /** The folder that answered, or the first that should have. */
  readonly uri: string;
  readonly trust: RepositoryReading['trust'];
  /** Why, for people. */
  readonly detail: string;
  /** Absent when refused or unread. */
  readonly archive?: RpmArchive;
  readonly problems: readonly Problem[];
  readonly remarks: readonly Problem[];
}

/** Asks rpm repositories; what several images enable is asked for once. */
export interface RpmArchives {
  /** One repository, judged by the files of the image that enables it. Rejects when the run is stopped. */
  read(repository: RpmRepository, files: ReadonlyMap<string, Uint8Array>): Promise<RpmReading>;
}

/** Of what is made of an index and kept: raise it when that changes. */
const tableVersion = 4;
/** Each decoder has a window of its own and keeps a core busy. */
const decodersAtOnce = 2;

interface Dependencies extends ArchiveDependencies {
  readonly decodeGate: Gate;
  /** By address: what is learnt once serves every image of the run, trouble too. */
  readonly mirrors: Map<string, Promise<Remembered<Mirrors>>>;
  readonly repomds: Map<string, Promise<FetchedRepomd>>;
  /** By hash. */
  readonly data: Map<string, Promise<string>>;
}

/** The archives of one run: what is under way or known is shared by all who ask. */
export function createRpmArchives(given: ArchiveDependencies): RpmArchives {
  const deps: Dependencies = {
    ...given,
    decodeGate: new Gate(decodersAtOnce),
    mirrors: new Map(),
    repomds: new Map(),
    data: new Map(),
  };
  return {
    read: async (repository, files) => {
      const [address = ''] = repository.from.urls;
      if (isSkipped(address, deps.places)) return skipped(repository, address);
      try {
        return await readRepository(deps, repository, files, false);
      } catch (error) {
        const { problem, isRefusal } = troubleOf(error);
        return {
          repository,
          uri: redactUrl(new URL(repository.from.urls[0] ?? '')),
          trust: isRefusal ? 'refused' : 'unread',
          detail: problem.message,
          problems: [about(repository, problem, deps.places)],
          remarks: [],
        };
      }
    },
  };
}

function skipped(repository: RpmRepository, address: string): RpmReading {
  const uri = redactUrl(new URL(address));
  const remarks = [skippedRemark(address)];
  return { repository, uri, trust: 'skipped', detail: 'left alone (archives.skip)', problems: [], remarks };
}

async function readRepository(
  deps: Dependencies,
  repository: RpmRepository,
  files: ReadonlyMap<string, Uint8Array>,
  revalidate: boolean,
): Promise<RpmReading> {
  const mirrors = await once(deps.mirrors, `${repository.from.urls.join(' ')} ${revalidate}`, () =>
    findMirrors(deps, repository, revalidate),
  );
  const troubles: unknown[] = [];
  for (const folder of mirrors.value.folders.slice(0, limits.archive.mirrorTries.most)) {
    try {
      const reading = await readFolder(deps, repository, mirrors.value, new URL(folder), files, revalidate);
      mirrors.remember();
      return reading;
    } catch (error) {
      // Rethrows what no other mirror can mend.
      troubleOf(error);
      troubles.push(error);
    }
  }
  // The list is from the cache and may name states and mirrors that are gone by now: ask for a new one, once.
  if (mirrors.isRemembered && !revalidate) return readRepository(deps, repository, files, true);
  throw troubles.find((one) => troubleOf(one).isRefusal) ?? troubles[0];
}

async function readFolder(
  given: Dependencies,
  repository: RpmRepository,
  mirrors: Mirrors,
  folder: URL,
  files: ReadonlyMap<string, Uint8Array>,
  revalidate: boolean,
): Promise<RpmReading> {
  // A list that is remembered may be from a run that was allowed further in.
  const reach = mayReach(given.reach, mirrors.reach) ? mirrors.reach : given.reach;
  const deps = { ...given, reach };
  const { checksSignature } = repository;
  const fetched = await once(deps.repomds, `${folder.href} ${checksSignature} ${deps.reach} ${revalidate}`, () =>
    fetchRepomd(deps, folder, checksSignature, revalidate),
  );
  try {
    const trust = await judge(deps, repository, mirrors, folder, fetched, files);
    const archive = await readArchive(deps, folder, await parseRepomd(fetched.bytes, nameOf(folder)));
    fetched.remember();
    return {
      repository,
      uri: redactUrl(folder),
      trust: trust.trust,
      detail: trust.detail,
      archive: { ...archive, sum: sumOf(fetched.bytes) },
      problems: [],
      remarks: trust.remarks.map((one) => about(repository, one, deps.places)),
    };
  } catch (error) {
    troubleOf(error);
    // What is from the cache may be of another state than what is beside it by now: ask for a new one, once.
    if (fetched.isRemembered && !revalidate) return readFolder(given, repository, mirrors, folder, files, true);
    throw error;
  }
}

function nameOf(folder: URL): string {
  return redactUrl(new URL('repodata/repomd.xml', folder));
}

async function judge(
  { cache, now }: Dependencies,
  repository: RpmRepository,
  { hashes }: Mirrors,
  folder: URL,
  fetched: FetchedRepomd,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<RepomdTrust> {
  if (hashes && !hasHash(fetched.bytes, hashes)) {
    throw new ArchiveTrouble(
      'archive-hash-mismatch',
      `${nameOf(folder)} is not what the metalink says of it; the mirror is behind, or somebody changed the file`,
      true,
    );
  }
  const how = { scheme: folder.protocol.slice(0, -1), isMetalinked: hashes !== undefined };
  return judgeRepomd(fetched, repository, how, files, { cache, now });
}

interface FetchedRepomd extends SignedBytes {
  readonly isRemembered: boolean;
  remember(): void;
}

async function fetchRepomd(
  deps: ArchiveDependencies,
  folder: URL,
  isSigned: boolean,
  revalidate: boolean,
): Promise<FetchedRepomd> {
  const ask = (path: string, size: number): Promise<Remembered<string>> =>
    fetchRemembered(deps, new URL(path, folder), {
      kind: 'repomd',
      revalidate,
      read: async (response) => (await downloadAll(response, { size, time: deps.fileTime })).toString('base64'),
    });
  const main = await ask('repodata/repomd.xml', limits.archive.repomd.most);
  const signature = isSigned
    ? await unlessGone(ask('repodata/repomd.xml.asc', limits.archive.signature.most))
    : undefined;
  return {
    form: 'detached',
    bytes: Buffer.from(main.value, 'base64'),
    ...(signature && { signature: Buffer.from(signature.value, 'base64') }),
    isRemembered: main.isRemembered || signature?.isRemembered === true,
    remember: () => {
      main.remember();
      signature?.remember();
    },
  };
}

async function unlessGone<T>(file: Promise<T>): Promise<T | undefined> {
  try {
    return await file;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

async function readArchive(deps: Dependencies, folder: URL, repomd: Repomd): Promise<Omit<RpmArchive, 'sum'>> {
  const read = (type: string, make: Parameters<typeof readData>[4]): Promise<string> | undefined => {
    const file = repomd.get(type);
    if (file === undefined) return undefined;
    const key = `${type} ${folder.href} ${file.href} ${JSON.stringify(file.expected)}`;
    return once(deps.data, key, () => readData(deps, folder, file, `rpm-${type} ${tableVersion}`, make));
  };
  // One after the other is enough: they keep a core busy.
  const packages = (await read('primary', readPrimary)) ?? '';
  const updates = await read('updateinfo', readUpdateinfo);
  const modules = await read('modules', readModules);
  return { packages, ...(updates !== undefined && { updates }), ...(modules !== undefined && { modules }) };
}

function about({ id, from }: RpmRepository, problem: Problem, places: ArchiveDependencies['places']): Problem {
  return { ...problem, subject: id, host: problem.host ?? askedHost(places, from.urls[0] ?? '') };
}
