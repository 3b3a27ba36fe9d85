import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/core/run-record.ts';
import { exitOf } from '../../src/entry/exit-codes.ts';
import { verdictOf } from '../../src/report/say/claims.ts';
import { type FakeArchive, publishSuite, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, runOn, type TestRun } from '../support/fleet.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
let vendor: FakeArchive;
let osv: FakeOsv;
beforeAll(async () => {
  [registry, archive, vendor, osv] = await Promise.all([
    startFakeRegistry(),
    startFakeArchive(),
    startFakeArchive(),
    startFakeOsv(),
  ]);
});
afterAll(() => Promise.all([registry.close(), archive.close(), vendor.close(), osv.close()]));
beforeEach(() => {
  for (const one of [archive, vendor]) {
    one.files.clear();
    one.intercept = undefined;
    one.log.length = 0;
  }
  osv.intercept = undefined;
});

const offered = [{ name: 'libc6', version: '2.36-9' }];
const hostOf = (one: FakeArchive): string => new URL(one.uri).host;

function from(sources: string, versions: Readonly<Record<string, string>> = { libc6: '2.36-9' }): string {
  const built = debianImage(versions, { files: { 'etc/apt/sources.list': sources } });
  const digest = push(registry, 'debian', built, '12');
  return `FROM ${registry.host}/debian:12@${digest}\n`;
}

async function look(dockerfile: string, more: Omit<TestRun, 'files'> = {}): Promise<RunRecord> {
  return (await runOn({ ...more, files: { Dockerfile: dockerfile } })).record;
}

const exit = (record: RunRecord, ...failOn: Parameters<typeof exitOf>[1]['failOn'] & object): number =>
  exitOf(record, { failOn, allowUnknown: false, allowEmpty: false }).code;

describe('an archive that did not answer', () => {
  it('leaves the use unchecked, and no gate that asks for fixes is passed', async () => {
    archive.intercept = (_, response) => Boolean(response.destroy());
    const record = await look(from(`deb [trusted=yes] ${archive.uri} bookworm main\n`));
    expect(record.findings).toEqual([]);
    expect(record.unchecked).toMatchObject([
      {
        file: 'Dockerfile',
        line: 1,
        question: 'fixes',
        host: hostOf(archive),
        code: 'archive-unreachable',
        reference: { repository: 'debian' },
      },
    ]);
    expect(record.summary).toMatchObject({ uses: 1, unknown: 0, unchecked: 1, needsRebuild: null, fixAvailable: null });
    expect(verdictOf(record)).toBe(
      `up to date with its tag; for 1 of 1 use the distribution could not be asked (${hostOf(archive)})`,
    );
    expect([exit(record, 'security'), exit(record, 'lagging'), exit(record, 'pin-broken')]).toEqual([3, 3, 0]);
    expect(exitOf(record, { failOn: ['security'], allowUnknown: true, allowEmpty: false })).toEqual({ code: 0 });
    expect(exitOf(record, { failOn: undefined, allowUnknown: false, allowEmpty: false })).toEqual({ code: 0 });
  });

  it('is one use, however many questions and hosts there are', async () => {
    const sources = `deb [trusted=yes] ${archive.uri} bookworm main\ndeb [trusted=yes] ${vendor.uri} stable main\n`;
    const record = await look(`${from(sources)}RUN apt-get install -y wget=1 curl=1\n`);
    expect(record.unchecked.map(({ line, question }) => `${line} ${question}`)).toEqual([
      '1 fixes',
      '2 pins',
      '2 pins',
    ]);
    expect(record.unchecked[0]?.causes.map(({ host }) => host).sort()).toEqual(
      [hostOf(archive), hostOf(vendor)].sort(),
    );
    expect(record.summary).toMatchObject({ unchecked: 1, unknown: 0, findings: { unknown: 2 } });
    expect(exit(record, 'pin-broken')).toBe(3);
  });

  it('is no question where the rules ignore every answer, or somebody wants quiet', async () => {
    const dockerfile = from(`deb [trusted=yes] ${archive.uri} bookworm main\n`);
    const policy = { pin: false, rules: [{ match: { image: '**/debian' }, react: ['ignore' as const] }] };
    const ignored = await look(dockerfile, { policy });
    const until = Date.parse('2026-02-01T00:00:00Z');
    const quiet = await look(dockerfile, { snoozes: [{ kind: 'image', value: '**/debian', until }] });
    expect([ignored.unchecked, quiet.unchecked]).toEqual([[], []]);
    expect([exit(ignored, 'security'), exit(quiet, 'security')]).toEqual([0, 0]);
  });

  it('does not hide what was found', async () => {
    await publishSuite(archive, { suite: 'bookworm', packages: [{ name: 'libc6', version: '2.36-9+b1' }] });
    await publishSuite(archive, { suite: 'bookworm-security', packages: [{ name: 'libc6', version: '2.36-9+b1' }] });
    const installed = { apt: '2.6', libc6: '2.36-9' };
    const sources = ['bookworm', 'bookworm-security']
      .map((suite) => `deb [trusted=yes] ${archive.uri} ${suite} main\n`)
      .join('');
    const record = await look(from(`${sources}deb [trusted=yes] ${vendor.uri} stable main\n`, installed));
    expect(record.findings).toMatchObject([{ class: 'lagging', security: true, remedy: 'upgrade-line' }]);
    expect(record.summary).toMatchObject({ unchecked: 1, needsRebuild: null, fixAvailable: true });
    expect(exit(record, 'security')).toBe(1);
    expect(verdictOf(record)).toContain(
      '1 security fix waits in the distribution: add the upgrade line and build; for 1',
    );
  });

  it('is a note where the operator wants it left alone, and proves no package pin broken', async () => {
    await publishSuite(archive, { suite: 'bookworm', packages: offered });
    const sources = `deb [trusted=yes] ${archive.uri} bookworm main\ndeb [trusted=yes] ${vendor.uri} stable main\n`;
    const archives = { skip: [`${vendor.uri}**`] };
    const record = await look(`${from(sources)}RUN apt-get install -y corp=1\n`, { archives });

    expect(record.unchecked).toEqual([]);
    expect(record.findings).toMatchObject([
      { class: 'unknown', subject: 'package', problem: { code: 'pin-not-covered' } },
    ]);
    expect([exit(record, 'security', 'pin-broken'), vendor.log.length]).toEqual([0, 0]);
  });
});

describe('advisories that could not be read', () => {
  it('leave open whether what moved is a fix', async () => {
    await publishSuite(archive, { suite: 'bookworm', packages: offered });
    const sources = `deb [trusted=yes] ${archive.uri} bookworm main\n`;
    const old = from(sources, { libc6: '2.36-8' });
    from(sources);
    osv.intercept = (_, response) => Boolean(response.writeHead(500).end());
    const record = await look(old, { advisories: osv.base });
    expect(record.findings).toMatchObject([{ class: 'packages', security: null }]);
    expect(record.unchecked).toMatchObject([
      { question: 'fixes', code: 'advisories-unread', host: new URL(osv.base).host },
    ]);
    expect(record.summary).toMatchObject({ needsRebuild: true, fixAvailable: null });
    expect(exit(record, 'security')).toBe(3);
  });

  it('are no question where there are to be none', async () => {
    await publishSuite(archive, { suite: 'bookworm', packages: offered });
    const sources = `deb [trusted=yes] ${archive.uri} bookworm main\n`;
    const old = from(sources, { libc6: '2.36-8' });
    from(sources);
    expect(await look(old)).toMatchObject({ unchecked: [], summary: { unchecked: 0 } });
  });
});

describe('the end of a release', () => {
  const network = {
    proxyFor: ({ hostname }: URL) => (hostname.endsWith('debian.org') ? new URL(archive.uri) : undefined),
  };
  const publisher = 'deb [trusted=yes] http://ftp.debian.org/debian bookworm main\n';

  it('is the word of its own publisher about its own suite', async () => {
    const record = await look(from(publisher), { network });
    expect(record.findings).toMatchObject([
      { class: 'end-of-life', reason: expect.stringContaining('The archive of debian 12 is gone from its publisher') },
    ]);
  });

  it.each([
    ['an add-on of the release', 'deb [trusted=yes] http://ftp.debian.org/debian bookworm-backports main\n'],
    ["a vendor's repository", 'deb [trusted=yes] VENDOR stable main\n'],
    ["the distribution's name on another host", 'deb [trusted=yes] VENDOR bookworm main\n'],
  ])('is not told by %s', async (_, sources) => {
    await publishSuite(archive, { suite: 'bookworm', packages: offered });
    for (const [name, bytes] of [...archive.files]) archive.files.set(`debian/${name}`, bytes);
    const record = await look(from(publisher + sources.replace('VENDOR', vendor.uri)), { network });
    expect(record.findings).toEqual([]);
    expect(record.unchecked).toMatchObject([{ question: 'fixes', code: 'archive-gone' }]);
  });

  it('is not told by a refusal', async () => {
    archive.intercept = (_, response) => Boolean(response.writeHead(403).end());
    const record = await look(from(publisher), { network });
    expect(record.findings).toEqual([]);
    expect(record.unchecked).toMatchObject([{ code: 'archive-denied', host: 'ftp.debian.org' }]);
  });

  it('is not told by a mirror or a folder that lacks it', async () => {
    const mirrors = { 'http://ftp.debian.org/debian': `${vendor.uri}debian` };
    const mirrored = await look(from(publisher), { archives: { mirrors } });
    expect(mirrored.findings).toEqual([]);
    expect(mirrored.unchecked).toMatchObject([{ code: 'archive-missing', host: hostOf(vendor) }]);
    const offline = path.join(mkdtempSync(path.join(tmpdir(), 'plimsoll-test-')), 'offline');
    mkdirSync(offline);
    const read = await look(from(publisher), { archives: { offline } });
    expect(read.findings).toEqual([]);
    expect(read.unchecked).toMatchObject([
      { code: 'archive-missing', host: offline, reason: expect.stringContaining(`the folder ${offline}`) },
    ]);
  });
});

describe('an image that could not be looked into', () => {
  it('is unknown, and not unchecked as well', async () => {
    const record = await look(`FROM ${registry.host}/nowhere:1\n`);
    expect(record.summary).toMatchObject({ unknown: 1, unchecked: 0, needsRebuild: null });
    expect(record.unchecked).toEqual([]);
    expect([exit(record), exit(record, 'config')]).toEqual([3, 3]);
  });
});

it('is counted once where an image moved and can be read neither before nor after', async () => {
  const before = push(registry, 'moved', debianImage({ libc6: '1' }), '12');
  push(registry, 'moved', debianImage({ libc6: '2' }), '12');
  registry.intercept = (request, response) => {
    if (!request.url?.includes('/blobs/')) return false;
    response.writeHead(403, { 'content-length': '0' }).end();
    return true;
  };
  try {
    const record = await look(`FROM ${registry.host}/moved:12@${before}\n`);
    expect(record.findings).toMatchObject([{ class: 'unknown' }]);
    expect(record.unchecked).toEqual([]);
    expect(record.summary).toMatchObject({ unknown: 1, unchecked: 0 });
  } finally {
    registry.intercept = undefined;
  }
});

it('fails a gate, and no look, when there is nothing to look at', async () => {
  const record = (await runOn({ files: { 'README.md': '' } })).record;
  expect(verdictOf(record)).toBe('nothing to check: no image use was found');
  const of = (demands: Partial<Parameters<typeof exitOf>[1]>): number =>
    exitOf(record, { failOn: undefined, allowUnknown: false, allowEmpty: false, ...demands }).code;
  expect([of({}), of({ failOn: ['security'] }), of({ isJob: true }), of({ isJob: true, allowEmpty: true })]).toEqual([
    0, 3, 3, 0,
  ]);
});
