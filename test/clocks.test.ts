import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Posted } from '../src/notify/notifier.ts';
import { type FakeArchive, publishSuite, startFakeArchive } from './support/fake-archive.ts';
import { type FakeOsv, startFakeOsv } from './support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from './support/fake-registry.ts';
import { debianImage, push } from './support/fleet.ts';
import { type Listener, listener, startWatch, type Watch } from './support/watch.ts';

const years = 10 * 365;
const day = 24 * 60 * 60 * 1000;
const noon = Date.parse('2026-01-05T12:00:00Z');
let registry: FakeRegistry;
let archive: FakeArchive;
let osv: FakeOsv;
beforeAll(async () => {
  [registry, archive, osv] = await Promise.all([startFakeRegistry(), startFakeArchive(), startFakeOsv()]);
  for (const n of [1, 2, 3]) {
    osv.answers.set(`Debian:12 openssl 3.0.${n}-1`, n === 3 ? [] : [`DEBIAN-CVE-2026-${n}`]);
    osv.records.set(`DEBIAN-CVE-2026-${n}`, { id: `DEBIAN-CVE-2026-${n}` });
  }
});
afterAll(() => Promise.all([registry.close(), archive.close(), osv.close()]));

let watch: Watch;
let name = 0;
beforeEach(() => {
  watch = startWatch();
  name++;
});
afterEach(() => watch.remove());

/** openssl that is installed in the image of a tag, and that its repositories offer. */
function build(repository: string, openssl: string): string {
  const files = { 'etc/apt/sources.list': `deb [trusted=yes] ${archive.uri} bookworm main\n` };
  return push(registry, `${repository}-${name}`, debianImage({ libc6: '2.36-9', openssl }, { files }), '12');
}
const offer = (openssl: string): Promise<void> => {
  archive.files.clear();
  return publishSuite(archive, { suite: 'bookworm', packages: [{ name: 'openssl', version: openssl }] });
};
const from = (repository: string, digest: string): string =>
  `FROM ${registry.host}/${repository}-${name}:12@${digest}\n`;

/**
 * Two runs in which two images move, one is moved, and the archive stops to answer; something in between; then a third moves,
 * and the archive answers again, with news.
 */
async function story(
  between: (listeners: readonly Listener[]) => unknown,
): Promise<{ heard: readonly string[]; standing: readonly string[] }> {
  const listeners = [
    listener('ops', { remindAfter: day / 2 }),
    listener('each', { mode: 'each' }),
    listener('daily', { mode: 'daily' }),
    listener('weekly', { mode: 'weekly' }),
  ];
  const run = (day: number) => watch.run(day, listeners, { advisories: osv.base });
  await offer('3.0.2-1');
  const [a, b, c] = ['a', 'b', 'c'].map((one) => build(one, '3.0.1-1')) as [string, string, string];
  watch.write({ 'a.Dockerfile': from('a', a), 'b.Dockerfile': from('b', b), 'c.Dockerfile': from('c', c) });
  const fixed = build('a', '3.0.2-1');
  await watch.store.snoozes.add([{ kind: 'image', value: 'somebody/else', until: noon + 30 * day }], noon);
  await run(0);
  await run(0.6);
  build('b', '3.0.2-1');
  const revoked: Posted = {
    kind: 'failed',
    permanent: true,
    problem: { code: 'channel-refused', message: 'it is revoked' },
  };
  listeners[0]?.answers.push(revoked, revoked);
  watch.write({ 'a.Dockerfile': from('a', fixed) });
  await run(1);
  archive.intercept = gone;
  await run(1.5);
  const known = listeners.map(({ heard }) => heard.length);
  await between(listeners);
  build('c', '3.0.2-1');
  await offer('3.0.3-1');
  for (const day of [2, 3, 4]) await run(day);
  archive.intercept = undefined;
  for (const day of [5, 9]) await run(day);
  const subjects = (one: Listener, at: number): readonly string[] =>
    one.heard
      .slice(known[at])
      .flatMap(({ message }) =>
        message.stories.map((told) => `${one.name} ${message.kind} ${told.class} ${told.subject}`),
      );
  const standing = (await watch.store.fleet.standing()).map((one) => `${one.class} ${one.file}`);
  return { heard: [...new Set(listeners.flatMap(subjects))].sort(), standing: standing.sort() };
}

const gone = (_: unknown, response: ServerResponse): boolean => {
  response.writeHead(403, { 'content-length': '0' }).end();
  return true;
};

const isTime = (value: unknown): boolean => typeof value === 'number' && value > 1e12;

/** Every column of the state that holds times, in tables that have rows. */
function timesIn(database: DatabaseSync): readonly (readonly [table: string, column: string])[] {
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
  return tables.flatMap(({ name: table }) => {
    const rows = database.prepare(`select * from "${table}"`).all();
    const columns = Object.keys(rows[0] ?? {});
    return columns.filter((column) => rows.some((row) => isTime(row[column]))).map((one) => [`${table}`, one] as const);
  });
}

function inState<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path.join(watch.folder, 'state.db'));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

describe('a clock that was wrong for a day', () => {
  it.each([
    ['ahead', years],
    ['back', -years],
  ])('%s: nothing that comes after it is held back', async (_name, off) => {
    const right = await story(() => undefined);
    expect(right.heard.length).toBeGreaterThan(15);
    await watch.remove();
    watch = startWatch();
    name++;
    const wrong = await story((listeners) => watch.run(off, listeners, { advisories: osv.base }));
    expect(plain(wrong.heard)).toEqual(expect.arrayContaining([...plain(right.heard)]));
    expect(wrong.standing).toEqual(right.standing);
  });
});

const columnsWithTimes = [
  'base_line.moved',
  'baseline.told',
  'delivery.closing',
  'delivery.delivered',
  'delivery.reminded',
  'finding.gone',
  'finding.seen',
  'finding.since',
  'finding_event.at',
  'inventory.used',
  'look.first',
  'look.last',
  'news.closed',
  'news.first',
  'run.begun',
  'run.finished',
  'run.started',
  'snooze.created',
  'snooze.until',
  'summary_image.since',
  'summary_repository.since',
  'trouble.first',
  'watched.last',
];

describe('one time of the state that is wrong by ten years', () => {
  it('holds nothing back', async () => {
    let columns: ReturnType<typeof timesIn> = [];
    const right = await story(() => {
      columns = inState(timesIn);
    });
    // The test looks at what is stored: what is stored and is not here would not be looked at.
    expect(columns.map((one) => one.join('.')).sort()).toEqual(columnsWithTimes);
    for (const [table, column] of columns) {
      for (const off of [years * day, -years * day]) {
        await watch.remove();
        watch = startWatch();
        name++;
        const wrong = await story(() =>
          inState((database) =>
            database.exec(`update "${table}" set "${column}" = "${column}" + ${off} where "${column}" > 1e12`),
          ),
        );
        const what = `${table}.${column} by ${off / day} days`;
        expect(plain(wrong.heard), what).toEqual(expect.arrayContaining([...plain(right.heard)]));
        expect(wrong.standing, what).toEqual(right.standing);
      }
    }
  });
});

/** Without the number in the repository's name. */
function plain(heard: readonly string[]): readonly string[] {
  return heard.map((one) => one.replace(/-\d+:12/, ''));
}
