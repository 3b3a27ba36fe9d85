import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Finding, FindingClass } from '../../src/core/finding.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { certificate, privateKey } from '../support/certificate.ts';
import { type FakeArchive, publishSuite, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { fc, isLong } from '../support/fast-check.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';
import { type Fault, faults, misbehaving } from '../support/network-faults.ts';

let sick: FakeRegistry;
let well: FakeRegistry;
let archive: FakeArchive;
let stranger: https.Server;
let dockerfile: string;
beforeAll(async () => {
  [sick, well, archive] = await Promise.all([startFakeRegistry(), startFakeRegistry(), startFakeArchive()]);
  stranger = https.createServer({ key: privateKey, cert: certificate }, (_, response) => void response.end());
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  await publishSuite(archive, { suite: 'bookworm', packages: [{ name: 'openssl', version: '3.0.16-1' }] });
  sick.auth = {};
  const strange = `127.0.0.1:${(stranger.address() as AddressInfo).port}`;
  dockerfile = [...usesOn(sick, archive.uri), ...usesOn(well), `${strange}/app:1`]
    .map((word) => `FROM ${word}\n`)
    .join('');
});
afterEach(() => {
  sick.intercept = undefined;
  archive.intercept = undefined;
});
afterAll(() => {
  stranger.closeAllConnections();
  stranger.close();
  return Promise.all([sick.close(), well.close(), archive.close()]);
});

/** One image of each fate: moved, left by its repositories, as it should be, without a pin, pinned to what is gone. */
function usesOn(registry: FakeRegistry, uri?: string): readonly string[] {
  const sources =
    uri === undefined ? {} : { files: { 'etc/apt/sources.list': `deb [trusted=yes] ${uri} bookworm main\n` } };
  const built = (openssl: string) => debianImage({ libc6: '2.36-9', openssl }, sources);
  const before = push(registry, 'moved', built('3.0.15-1'));
  push(registry, 'moved', built('3.0.16-1'), '1');
  const behind = push(registry, 'behind', built('3.0.15-1'), '1');
  const current = push(registry, 'current', built('3.0.16-1'), '1');
  push(registry, 'unpinned', built('3.0.16-1'), '1');
  push(registry, 'gone', built('3.0.16-1'), '1');
  return [
    `moved:1@${before}`,
    `behind:1@${behind}`,
    `current:1@${current}`,
    'unpinned:1',
    `gone:1@sha256:${'0'.repeat(64)}`,
  ].map((word) => `${registry.host}/${word}`);
}

const sickUses = 5;
const run = async (): Promise<RunRecord> => (await runOn({ files: { Dockerfile: dockerfile } })).record;
/** Without what the folder's name is in. */
const ofLine = ({ findings }: RunRecord, line: number): readonly Finding[] =>
  findings.filter((one) => one.line === line).map((one) => ({ ...one, id: '', tree: '' }));
/** What a class may become when something could not be read: what is told is less, and never something else. */
const lesser: Partial<Record<FindingClass, readonly FindingClass[]>> = { packages: ['content'] };

it('says without faults what is to be said', async () => {
  const record = await run();
  const classes = Array.from({ length: 2 * sickUses + 1 }, (_, at) => ofLine(record, at + 1).map((one) => one.class));
  expect(classes).toEqual([
    ['packages'],
    ['lagging'],
    [],
    ['unpinned'],
    ['pin-broken'],
    ['packages'],
    [],
    [],
    ['unpinned'],
    ['pin-broken'],
    ['unknown'],
  ]);
});

it(
  'says nothing that no answer carried, whatever the network does, and leaves other hosts out of it',
  async () => {
    const control = await run();
    const story = fc.record({
      seed: fc.nat(),
      rate: fc.constantFrom(0.05, 0.2, 0.5, 1),
      // Silence costs ten seconds each time: alone in stories of its own.
      among: fc.oneof(
        {
          weight: 9,
          arbitrary: fc.subarray(
            faults.filter((one) => one !== 'silent'),
            { minLength: 1 },
          ),
        },
        { weight: isLong ? 1 : 0, arbitrary: fc.constant<Fault[]>(['silent']) },
      ),
      where: fc.constantFrom('registry', 'archive', 'both'),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ seed, rate, among, where }) => {
        sick.intercept = where === 'archive' ? undefined : misbehaving(seed, rate, among);
        archive.intercept = where === 'registry' ? undefined : misbehaving(seed + 1, rate, among);
        const record = await run();
        expect(record.summary.uses).toBe(control.summary.uses);
        for (let line = 1; line <= 2 * sickUses + 1; line++) {
          const [was, is] = [ofLine(control, line), ofLine(record, line)];
          if (line > sickUses) {
            expect(is).toEqual(was);
            continue;
          }
          const unasked = record.unchecked.filter((one) => one.line === line);
          const unknown = is.filter((one) => one.class === 'unknown');
          for (const { problem } of unknown) expect(problem?.message).toBeTruthy();
          if (unknown.length > 0) {
            expect(is).toHaveLength(1);
            expect(unasked).toEqual([]);
            continue;
          }
          const possible = was.flatMap((one) => [one.class, ...(lesser[one.class] ?? [])]);
          expect(possible).toEqual(expect.arrayContaining(is.map((one) => one.class)));
          // What is not told any more could not be asked, and that is told.
          if (is.length < was.length) expect(unasked.length).toBeGreaterThan(0);
          for (const { class: kind, security } of is)
            if (!was.some((one) => one.class === kind)) expect(security).not.toBe(true);
        }
      }),
      { numRuns: isLong ? 150 : 6 },
    );
  },
  isLong ? 3_600_000 : 120_000,
);
