import { truncateSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeArchive, publishSuite, startFakeArchive } from './support/fake-archive.ts';
import { type FakeOsv, startFakeOsv } from './support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from './support/fake-registry.ts';
import { debianImage, push } from './support/fleet.ts';
import { type Listener, listener, startWatch, type Watch, type WatchRun } from './support/watch.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
let osv: FakeOsv;
let advisories: string;
beforeAll(async () => {
  [registry, archive, osv] = await Promise.all([startFakeRegistry(), startFakeArchive(), startFakeOsv()]);
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  osv.answers.set('Debian:12 openssl 3.0.16-1', []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
  advisories = osv.base;
});
afterAll(() => Promise.all([registry.close(), archive.close(), osv.close()]));

let watch: Watch;
let repository: string;
let repositories = 0;
beforeEach(async () => {
  watch = startWatch();
  repository = `debian-${repositories++}`;
  archive.intercept = undefined;
  osv.intercept = undefined;
  registry.intercept = undefined;
  archive.files.clear();
  await publishSuite(archive, { suite: 'bookworm', packages: [{ name: 'openssl', version: '3.0.16-1' }] });
});
afterEach(() => watch.remove());

function offer(openssl: string, sources = ''): string {
  const files = sources === '' ? {} : { files: { 'etc/apt/sources.list': sources } };
  return push(registry, repository, debianImage({ libc6: '2.36-9', openssl }, files), '12');
}
const from = (digest: string): string => `FROM ${registry.host}/${repository}:12@${digest}\n`;
const run = (day: number, ops: readonly Listener[], more: WatchRun = {}) =>
  watch.run(day, ops, { advisories, ...more });
const heard = ({ heard }: Listener): string[] =>
  heard.map(({ message }) => `${message.kind}: ${message.stories.map((one) => `${one.class} ${one.subject}`)}`);
const standing = async (): Promise<string[]> =>
  (await watch.store.fleet.standing()).map(({ class: kind, since, checked }) => {
    const day = (time: number): string => new Date(time).toISOString().slice(8, 10);
    return `${kind} since ${day(since)} checked ${day(checked)}`;
  });
/** Refuses everything, which nobody tries again within a run. */
const down = (_: unknown, response: ServerResponse): boolean => {
  response.writeHead(403, { 'content-length': '0' }).end();
  return true;
};

describe('a registry that is down for a day', () => {
  it('changes nothing of what is known: class, since, and who uses what', async () => {
    const ops = listener();
    const pin = offer('3.0.15-1');
    offer('3.0.16-1');
    watch.write({ Dockerfile: from(pin) });
    await run(0, [ops]);
    expect(await standing()).toEqual(['security since 05 checked 05']);
    registry.intercept = down;
    await run(1, [ops]);
    expect(await standing()).toEqual(['security since 05 checked 05', 'unknown since 06 checked 06']);
    expect(await watch.store.fleet.carriers('openssl')).toMatchObject([{ version: '3.0.15-1' }]);
    expect(await watch.store.fleet.coverage()).toEqual({ looked: 1, images: 1 });
    expect(await watch.store.fleet.unanswered()).toBe(1);
    registry.intercept = undefined;
    await run(2, [ops]);
    expect(await watch.store.fleet.unanswered()).toBe(0);
    expect(await standing()).toEqual(['security since 05 checked 07']);
    expect(heard(ops)).toEqual([expect.stringMatching(/^baseline: security /)]);
  });

  it('keeps nothing standing that a run could tell of meanwhile', async () => {
    const pin = offer('3.0.15-1');
    const fixed = offer('3.0.16-1');
    watch.write({ Dockerfile: from(pin) });
    await run(0, []);
    watch.write({ Dockerfile: from(fixed) });
    await run(1, []);
    expect(await standing()).toEqual([]);
  });
});

describe('an archive that does not answer', () => {
  it('is told once it has lasted, once, for the fleet, and again when it answers', async () => {
    const ops = listener();
    const sources = `deb [trusted=yes] ${archive.uri} bookworm main\n`;
    watch.write({ Dockerfile: from(offer('3.0.16-1', sources)), 'b.Dockerfile': from(offer('3.0.16-1', sources)) });
    await run(0, [ops]);
    archive.intercept = down;
    for (const day of [1, 2, 3, 4]) await run(day, [ops]);
    const { host } = new URL(archive.uri);
    expect(heard(ops)).toEqual(['baseline: ', `news: unchecked ${host}`]);
    const [, told] = ops.heard;
    expect(told?.message.title).toBe(`${host} could not be asked`);
    expect(told?.message.stories[0]?.reason).toContain('for 2 uses it is not known whether fixes wait');
    expect(told?.message.lead).toContain('For 2 of 2 uses the distribution could not be asked');
    archive.intercept = undefined;
    await run(5, [ops]);
    expect(heard(ops)).toHaveLength(3);
    expect(heard(ops)[2]).toBe(`closed: unchecked ${host}`);
  });

  it('ends no news of what lags behind, and no fix of an advisory that was not asked', async () => {
    const ops = listener();
    const sources = `deb [trusted=yes] ${archive.uri} bookworm main\n`;
    watch.write({ Dockerfile: from(offer('3.0.15-1', sources)) });
    await run(0, [ops]);
    expect(await standing()).toEqual(['lagging since 05 checked 05']);
    archive.intercept = down;
    await run(1, [ops]);
    expect(await standing()).toEqual(['lagging since 05 checked 05']);
    archive.intercept = undefined;
    osv.intercept = down;
    await run(2, [ops]);
    osv.intercept = undefined;
    await run(3, [ops]);
    expect(await standing()).toEqual(['lagging since 05 checked 08']);
    expect(heard(ops)).toEqual([expect.stringMatching(/^baseline: /)]);
  });
});

describe('what is not watched any more', () => {
  it('is told at once, keeps what is known of it, and is told as over', async () => {
    const ops = listener();
    const pin = offer('3.0.15-1');
    offer('3.0.16-1');
    watch.write({ Dockerfile: from(pin) });
    await run(0, [ops]);
    await run(1, [ops], { isGone: true });
    await run(2, [ops], { isGone: true });
    expect(heard(ops).slice(1)).toEqual([expect.stringMatching(/^news: unwatched .*tree$/)]);
    expect(ops.heard[1]?.message.stories[0]?.reason).toContain(
      'is not watched any more since 2026-01-05: no such folder.',
    );
    expect(await standing()).toEqual(['security since 05 checked 05']);
    expect(await watch.store.fleet.carriers('openssl')).toHaveLength(1);
    await run(3, [ops]);
    expect(heard(ops).slice(2)).toEqual([expect.stringMatching(/^closed: unwatched /)]);
  });

  it('is not missed when it was never read', async () => {
    const ops = listener();
    await run(0, [ops], { isGone: true });
    await run(1, [ops], { isGone: true });
    expect(ops.heard.flatMap(({ message }) => message.stories)).toEqual([]);
  });

  it('may be a file', async () => {
    const ops = listener();
    const pin = offer('3.0.15-1');
    offer('3.0.16-1');
    watch.write({ Dockerfile: from(pin), 'other.Dockerfile': from(pin) });
    await run(0, [ops]);
    const file = path.join(watch.folder, 'tree', 'other.Dockerfile');
    truncateSync(file, 2 * 1024 * 1024);
    for (const day of [1, 2]) await run(day, [ops]);
    expect(heard(ops).slice(1)).toEqual(['news: unreadable other.Dockerfile']);
    expect((await standing()).sort()).toEqual(['security since 05 checked 05', 'security since 05 checked 07']);
    watch.write({ 'other.Dockerfile': from(pin) });
    await run(3, [ops]);
    expect(heard(ops).slice(2)).toEqual(['closed: unreadable other.Dockerfile']);
    expect(await standing()).toEqual(['security since 05 checked 08', 'security since 05 checked 08']);
  });

  it('reaches a channel that wants other classes, and alone one that names it', async () => {
    const [fixes, watched, other] = [
      listener('fixes', { only: { class: ['security'] } }),
      listener('watched', { only: { class: ['unwatched'] } }),
      listener('other', { only: { class: ['unreadable'] } }),
    ];
    const channels = [fixes, watched, other];
    watch.write({ Dockerfile: from(offer('3.0.15-1')) });
    await run(0, channels);
    await run(1, channels, { isGone: true });
    expect(channels.map((one) => heard(one).slice(1).join())).toEqual([
      expect.stringMatching(/^news: unwatched /),
      expect.stringMatching(/^news: unwatched /),
      '',
    ]);
  });
});
