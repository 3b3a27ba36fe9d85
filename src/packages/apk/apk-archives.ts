import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { once } from '../../core/shared-work.ts';
import { Gate } from '../../http/gate.ts';
import { redactUrl } from '../../http/redact.ts';
import { ArchiveTrouble, troubleOf } from '../archives/archive-error.ts';
import type { RepositoryReading } from '../archives/archive-family.ts';
import { type ArchiveDependencies, askedHost } from '../archives/archive-fetch.ts';
import { download } from '../archives/download.ts';
import { isSkipped } from '../archives/mirrors.ts';
import { fetchRemembered, type Remembered } from '../archives/revalidated.ts';
import { type ApkIndex, readApkIndex } from './apk-index.ts';
import type { ApkRepository } from './apk-repositories.ts';
import { checkApkSignature } from './apk-signature.ts';

/** What one index said, or why it said nothing. */
export interface ApkReading {
  readonly repository: ApkRepository;
  readonly trust: RepositoryReading['trust'];
  /** Why, for people. */
  readonly detail: string;
  /** Absent when refused or unread. */
  readonly index?: ApkIndex;
  readonly problems: readonly Problem[];
}

/** Asks apk's repositories; what several images enable is asked for once. */
export interface ApkArchives {
  /** One index, judged by the keys (PEM, by file name) of the image that names it. Rejects when the run is stopped. */
  read(repository: ApkRepository, keys: ReadonlyMap<string, Uint8Array>): Promise<ApkReading>;
}

/** Each decoder has a window of its own and keeps a core busy. */
const decodersAtOnce = 2;

/** What is learnt once serves every image of the run, trouble too. */
export function createApkArchives(deps: ArchiveDependencies): ApkArchives {
  const known = new Map<string, Promise<Fetched>>();
  const gate = new Gate(decodersAtOnce);
  return {
    read: async (repository, keys) => {
      if (isSkipped(repository.uri, deps.places)) {
        return { repository, trust: 'skipped', detail: 'left alone (archives.skip)', problems: [] };
      }
      try {
        const url = new URL(repository.index);
        const fetched = await once(known, url.href, () => fetchIndex(deps, gate, url));
        return judge(repository, fetched, keys);
      } catch (error) {
        const { problem, isRefusal } = troubleOf(error);
        return {
          repository,
          trust: isRefusal ? 'refused' : 'unread',
          detail: problem.message,
          problems: [
            {
              ...problem,
              subject: `${repository.uri} ${repository.suite}`,
              host: problem.host ?? askedHost(deps.places, repository.index),
            },
          ],
        };
      }
    },
  };
}

type Facts = Omit<ApkIndex, 'table'>;

interface Fetched {
  readonly index: ApkIndex;
  readonly remember: () => void;
}

/** The facts stay with the address, the rows with the hash of the bytes they came from. */
async function fetchIndex(deps: ArchiveDependencies, gate: Gate, url: URL): Promise<Fetched> {
  const { cache } = deps;
  let table: string | undefined;
  const answer: Remembered<Facts> = await fetchRemembered<Facts>(deps, url, {
    kind: 'apk-index',
    revalidate: false,
    isWhole: ({ sum }) => cache.get('index', `apk ${sum}`) !== undefined,
    read: async (response) => {
      await gate.enter();
      try {
        const body = download(response, { size: limits.archive.apkIndex.most, time: deps.fileTime });
        const { table: rows, ...facts } = await readApkIndex(body, redactUrl(url), deps.signal);
        table = rows;
        return facts;
      } finally {
        gate.leave();
      }
    },
  });
  const rows = table ?? Buffer.from(cache.get('index', `apk ${answer.value.sum}`) ?? []).toString('utf8');
  return {
    index: { ...answer.value, table: rows },
    remember: () => {
      if (table !== undefined) cache.put('index', `apk ${answer.value.sum}`, Buffer.from(table));
      answer.remember();
    },
  };
}

/** Source: apk-keys(5). apk refuses what none of its keys signed; without any key there is nothing to judge by. */
function judge(
  repository: ApkRepository,
  { index, remember }: Fetched,
  keys: ReadonlyMap<string, Uint8Array>,
): ApkReading {
  if (keys.size === 0) {
    remember();
    return { repository, trust: 'unverified', detail: 'a key was not found in the image', index, problems: [] };
  }
  const check = checkApkSignature(index.signatures, index.digests, keys);
  if (check.kind === 'good') {
    remember();
    return { repository, trust: 'verified', detail: `signed by key ${check.key}`, index, problems: [] };
  }
  throw new ArchiveTrouble(
    'archive-signature',
    `its index may not be believed: ${check.reason}; apk in this image refuses it too`,
    true,
  );
}
