import path from 'node:path';
import { type FindingClass, findingClasses } from '../../src/core/finding.ts';
import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import type { RunRecord, WorkloadReport } from '../../src/core/run-record.ts';
import type { Consumer } from '../../src/state/fleet.ts';
import type { FindingDetail } from '../../src/state/memory.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { NewRun, Store, StoredFinding } from '../../src/state/store.ts';
import { aChange, aRecord } from './findings.ts';
import { temporaryTree } from './fleet.ts';

/** What a page is about in tests: Sunday noon, as the clock of the fixtures has it. */
export const noon = Date.parse('2026-11-29T12:00:00Z');
const day = 24 * 60 * 60 * 1000;

/** How large a fleet is, and what it is called. */
export interface SeedOptions {
  readonly images: number;
  readonly uses: number;
  /** Days with a run before today, but for every seventh weekend. */
  readonly days?: number;
  /** Stands wherever text from outside can stand. */
  readonly text?: string;
  /** Packages of each image. */
  readonly packages?: number;
  /** News that is open; default: one for each image. */
  readonly news?: number;
}

/** A state in a file of its own, with a fleet in it as runs would have left it. */
export interface SeededState {
  readonly store: Store;
  readonly file: string;
  close(): Promise<void>;
  /** The file stays, for another process. */
  closeStore(): Promise<void>;
  remove(): void;
}

const kinds: readonly FindingClass[] = findingClasses;

/** The name of an image, by its number. */
export function imageName(n: number, text = ''): string {
  if (text !== '') return `${text}${n === 0 ? '' : n}`;
  return n % 3 === 0 ? `docker.io/library/node:${n}-slim` : `registry.example:5000/team-${n % 7}/service-${n}:1.${n}`;
}

/** Records runs until today, the last of them about the whole fleet. */
export async function seededState(options: SeedOptions): Promise<SeededState> {
  const tree = temporaryTree({});
  const file = path.join(tree.folder, 'state.db');
  const store = openSqliteStore(file, { readOnly: false });
  for (let back = options.days ?? 0; back > 0; back--) {
    // Nobody ran it in some weeks.
    if (back % 45 < 6) continue;
    const run = await store.recordRun(
      aRunOf(
        options,
        noon - back * day,
        Math.ceil(options.uses * (0.62 + 0.36 * Math.cos(back / 55) - ((400 - back) % 29) / 190)),
      ),
    );
    await store.endRun(run, { finishedAt: noon - back * day + 4000, outcome: 'done' });
  }
  const last = await store.recordRun(aRunOf(options, noon - 3_600_000, options.uses));
  await recordUses(store, options);
  await store.endRun(last, { finishedAt: noon - 3_500_000, outcome: 'undelivered', exit: 1 });
  await recordMoves(store, options.text ?? '');
  await store.outbox.delivered('ops', { news: ['news-0'], now: noon - 3_500_000 });
  await store.outbox.failed('mail', 'timeout', noon - 3_500_000);
  return {
    store,
    file,
    close: async () => {
      await store.close();
      tree.remove();
    },
    closeStore: () => store.close(),
    remove: tree.remove,
  };
}

/** Records one run more, about so many uses of the fleet; returns its number. */
export function recordSeededRun(store: Store, options: SeedOptions, at: number, standing: number): Promise<number> {
  return store.recordRun(aRunOf(options, at, standing));
}

function aRunOf({ images, uses, text = '', news = images }: SeedOptions, startedAt: number, standing: number): NewRun {
  const findings = Array.from({ length: Math.min(uses, standing) }, (_, n) => aFindingOf(n, images, text, news)).filter(
    (_, n) => n % 3 !== 2,
  );
  const scopes = new Set(Array.from({ length: Math.min(200, uses) }, (_, n) => repositoryOf(n, text)));
  const record: RunRecord = {
    ...aRecord(
      [],
      [{ code: 'file-too-large', message: `larger than 1 MiB, and not read${text}`, subject: text || 'Dockerfile' }],
    ),
  };
  return {
    startedAt,
    trigger: 'schedule',
    record: {
      ...record,
      cost: {
        ...record.cost,
        rateLimit: { [text || 'docker.io']: { limit: 100, remaining: 61 } },
      },
      summary: { ...record.summary, uses, images },
    },
    looks: Array.from({ length: images }, (_, n) => ({
      reference: imageName(n, text),
      platform: '*',
      digest: digestNow(n, startedAt),
    })),
    findings,
    workloads: [aWorkload(text)],
    notices: [{ class: 'unchecked', reference: text || 'apt.example', news: ['news-notice'], places: [] }],
    unsure: new Map(),
    untold: new Map(),
    read: [...scopes, engine(text)].map((id) => ({ id, name: id, files: [], lost: [], missed: [] })),
    isComplete: true,
    dropped: [],
  };
}

function engine(text: string): string {
  return text === '' ? 'nas' : text;
}

/** What runs on an engine. */
export function aWorkload(text = ''): WorkloadReport & { readonly scope: string } {
  return {
    scope: engine(text),
    engine: engine(text),
    kind: 'container',
    name: text || 'shop-web-1',
    compose: { project: text || 'shop', service: text || 'web' },
    written: text || 'node:3-slim',
    platform: 'linux/amd64',
    running: { root: digestOf('running'), manifest: null, by: 'store' },
    state: 'behind',
    mode: 'watch',
    why: text || 'only looked at',
    findings: [],
  };
}

/** One that was moved, and one that was put back. */
async function recordMoves(store: Store, text: string): Promise<void> {
  const { kind, name, compose } = aWorkload(text);
  const workload = { engine: engine(text), kind, name, ...(compose && { compose }) };
  for (const [word, outcome] of [
    ['first', 'moved'],
    ['second', 'undone'],
  ] as const) {
    const to = { root: digestOf(word), manifest: digestOf(word) };
    const at = noon - 7_200_000;
    const number = await store.acts.begin({
      id: 'w',
      workload,
      reference: imageName(0, text),
      from: null,
      to,
      at,
      class: 'security',
    });
    await store.acts.end(number, { outcome, reason: text || 'the new container is unhealthy', at });
  }
  const subject = `${engine(text)}/${name}: ${text || 'asked for'}`;
  await store.daemon.audit({ at: noon, person: text || 'the act token', action: 'redeploy', subject });
}

function repositoryOf(n: number, text: string): string {
  return text === '' ? `acme/app-${n % 200}` : text;
}

/** A tag moves every forty days. */
function digestNow(n: number, at: number): Digest {
  return digestOf(`${n} ${Math.floor(at / day / 40)}`);
}

function aFindingOf(n: number, images: number, text: string, news: number): StoredFinding {
  const kind = kinds[(n % images) % kinds.length] ?? 'packages';
  const detail: FindingDetail = {
    current: digestOf(`${n} old`),
    latest: digestNow(n % images, noon),
    tag: text || `${n}.1`,
    platforms: ['linux/amd64'],
    packages: {
      first: Array.from({ length: 6 }, (_, i) =>
        aChange(i, {
          security: i < 2,
          advisories: ['CVE-2026-1234'],
          ...(text !== '' && { name: text, before: text, after: text, severity: text, foreign: text }),
        }),
      ),
      all: 14,
    },
    react: kind === 'rebuild' ? ['record'] : ['propose', 'alert'],
    when: 'weekly',
    ...(kind === 'packages' && {
      heldDetail: text || 'this week’s batch has gone out',
      heldUntil: '2026-11-30T00:00:00Z',
    }),
    ...(kind === 'security' && {
      proposal: {
        url: text || 'https://forge.example/acme/app/pulls/3',
        state: 'open',
        name: text || 'pull request #3',
      },
    }),
    proposed: text || `image@${digestOf('new')}`,
    ...((kind === 'stale' || text !== '') && {
      published: { image: text || 'registry.example/acme/app:1', digest: digestOf('app'), by: 'layers', tags: ['1'] },
      dispatch: {
        state: 'asked',
        at: '2026-11-28T12:00:00Z',
        url: text || 'https://forge.example/acme/app/actions/7',
        reason: text || 'a rebuild was asked for',
      },
      chain: text || 'built on debian:12: acme/base rebuilt → acme/app asked for',
    }),
    ...(kind === 'config' && { problem: text || 'the line is built from two variables' }),
  };
  return {
    id: `finding-${n}`,
    class: kind,
    reference: imageName(n % images, text),
    scope: repositoryOf(n, text),
    repository: repositoryOf(n, text),
    file: text || 'services/api/Dockerfile',
    line: n,
    written: text || `${imageName(n % images)}@${digestOf(`${n} old`)}`,
    remedy: 'edit',
    security: kind === 'security' ? true : null,
    ...(kind === 'packages' && { held: 'window' }),
    reason: text || `14 packages differ, 2 of them security fixes (${kind}).`,
    news: [`news-${n % news}`],
    detail,
  };
}

async function recordUses(store: Store, { images, uses, text = '', packages = 12 }: SeedOptions): Promise<void> {
  const consumers = Array.from({ length: uses }, (_, n): Consumer => {
    const image = n % images;
    return {
      id: `use-${n}`,
      scope: repositoryOf(n, text),
      repository: repositoryOf(n, text),
      file: text || `services/${n % 5}/Dockerfile`,
      line: 1 + Math.floor(n / 200),
      written: text || imageName(image),
      reference: imageName(image, text),
      digest: digestNow(image, noon - 60 * day),
      manifests: [{ platform: text || 'linux/amd64', manifest: digestOf(`manifest ${image} old`) }],
    };
  });
  for (let image = 0; image < images; image++) {
    for (const age of ['old', 'new']) {
      await store.fleet.addInventory(digestOf(`manifest ${image} ${age}`), '1', {
        isWhole: image % 5 !== 4,
        os: text || 'debian 12',
        scheme: 'dpkg',
        packages: Array.from({ length: packages }, (_, i) => ({
          name: i === 0 ? text || 'openssl' : `${text || 'lib'}${i}`,
          version: `${text || '3.0'}.${age === 'new' && i % 3 === 0 ? i + 1 : i}-${image % 4}`,
          architecture: 'amd64',
        })),
      });
    }
  }
  await store.fleet.record(
    {
      consumers,
      unlooked: [],
      seen: Array.from({ length: images }, (_, image) => ({
        digest: digestNow(image, noon),
        platform: text || 'linux/amd64',
        manifest: digestOf(`manifest ${image} new`),
      })),
      at: noon,
    },
    Array.from({ length: images }, (_, image) => ({
      reference: imageName(image, text),
      package: text || 'openssl',
      version: text || '3.0.1-9',
      remedy: 'rebuild',
    })),
    {
      read: [...new Set(consumers.map(({ scope }) => scope))].map((id) => ({
        id,
        name: id,
        files: [],
        lost: [],
        missed: [],
      })),
      unsure: new Map(),
      isComplete: true,
      dropped: [],
    },
  );
}
