import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Posted } from '../../src/notify/notifier.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { type Listener, listener, startWatch, type Watch } from '../support/watch.ts';

let registry: FakeRegistry;
let osv: FakeOsv;
beforeAll(async () => {
  [registry, osv] = await Promise.all([startFakeRegistry(), startFakeOsv()]);
});
afterAll(() => Promise.all([registry.close(), osv.close()]));

let watch: Watch;
let repositories = 0;
let repository: string;
beforeEach(() => {
  watch = startWatch();
  repository = `debian-${repositories++}`;
  osv.answers.clear();
  osv.records.clear();
});
afterEach(() => watch.remove());

const built = (openssl: string, day = 0, note = ''): ReturnType<typeof debianImage> =>
  debianImage(
    { libc6: '2.36-9', openssl },
    { created: new Date(Date.UTC(2026, 0, 5 + day)).toISOString(), files: { 'var/cache/stamp': `${day}${note}` } },
  );
const offer = (openssl: string, day = 0): string => push(registry, repository, built(openssl, day), '12');
const write = (digest?: string): void =>
  watch.write({ Dockerfile: `FROM ${registry.host}/${repository}:12${digest === undefined ? '' : `@${digest}`}\n` });
const heard = ({ heard }: Listener): string[] =>
  heard.map(({ message }) => `${message.kind}: ${message.stories.map((one) => `${one.class} ${one.to ?? ''}`.trim())}`);
const failing: Posted = {
  kind: 'failed',
  problem: { code: 'channel-failed', message: 'it answered 500' },
  permanent: false,
};
const revoked: Posted = {
  kind: 'failed',
  problem: { code: 'channel-refused', message: 'it is gone' },
  permanent: true,
};
const alertNow = { rules: [{ match: {}, react: ['alert' as const], when: 'now' as const }], pin: false };

/** openssl 3.0.16-1 fixes something. */
function fixIn(version: string, before: string): string {
  osv.answers.set(`Debian:12 openssl ${before}`, ['DEBIAN-CVE-2026-1']);
  osv.answers.set(`Debian:12 openssl ${version}`, []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
  return osv.base;
}

describe('the first run', () => {
  it('is one message, which names what is urgent and counts the rest; the second is none', async () => {
    const pin = offer('3.0.15-1');
    offer('3.0.16-1', 1);
    write(pin);
    const ops = listener();
    await watch.run(2, [ops]);
    expect(heard(ops)).toEqual(['baseline: ']);
    expect(ops.heard[0]?.message).toMatchObject({ title: 'Watching 1 image in 1 file, 1 behind', more: 1 });
    await watch.run(3, [ops]);
    await watch.run(9, [ops]);
    expect(ops.heard).toHaveLength(1);
  });

  it('names a fix', async () => {
    const pin = offer('3.0.15-1');
    offer('3.0.16-1', 1);
    write(pin);
    const ops = listener();
    await watch.run(2, [ops], { advisories: fixIn('3.0.16-1', '3.0.15-1') });
    expect(heard(ops)).toEqual([expect.stringMatching(/^baseline: security /)]);
    expect(ops.heard[0]?.message.stories[0]).toMatchObject({ places: [{ file: 'Dockerfile', line: 1 }] });
  });

  it('introduces itself by day when nothing is urgent', async () => {
    write(offer('3.0.15-1'));
    const ops = listener('ops', { quiet: { from: '22:00', to: '07:00', except: ['pin-broken', 'security'] } });
    await watch.run(1, [ops], { hour: 11 });
    expect(ops.heard).toEqual([]);
    await watch.run(2, [ops]);
    expect(heard(ops)).toEqual(['baseline: ']);
  });
});

describe('news of a pinned image', () => {
  const behind = async (ops: Listener, more = {}): Promise<string> => {
    const pin = offer('3.0.15-1');
    write(pin);
    await watch.run(0, [ops], more);
    expect(heard(ops)).toEqual(['baseline: ']);
    return pin;
  };

  it('is told once, whatever becomes of files, lines and other digests with the same packages', async () => {
    const ops = listener();
    const advisories = fixIn('3.0.16-1', '3.0.15-1');
    const pin = await behind(ops, { advisories });
    offer('3.0.16-1', 1);
    await watch.run(2, [ops], { advisories });
    expect(heard(ops)).toEqual(['baseline: ', expect.stringMatching(/^news: security /)]);
    offer('3.0.16-1', 3);
    watch.write({ Dockerfile: `# moved down\n\nFROM ${registry.host}/${repository}:12@${pin}\n` });
    for (const day of [4, 5, 6]) await watch.run(day, [ops], { advisories });
    expect(ops.heard).toHaveLength(2);
  });

  describe('is over', () => {
    /** Told on day 2, mended on day 3. */
    const mended = async (ops: Listener): Promise<string> => {
      const advisories = fixIn('3.0.16-1', '3.0.15-1');
      ops.answers.push({ kind: 'accepted', receipt: 'ops-1' }, { kind: 'accepted', receipt: 'ops-2' });
      await behind(ops, { advisories });
      const fixed = offer('3.0.16-1', 1);
      await watch.run(2, [ops], { advisories });
      write(fixed);
      await watch.run(3, [ops], { advisories });
      return advisories;
    };

    it.each<[string, Listener, object]>([
      ['in the thread of what told it', listener(), { thread: 'ops-2' }],
      ['by a message of its own', listener('ops', { resolved: 'post' }), {}],
    ])('and that is said %s, once', async (_name, ops, expected) => {
      const advisories = await mended(ops);
      expect(heard(ops)[2]).toBe('closed: security');
      expect(ops.heard[2]).toMatchObject(expected);
      expect('thread' in ops.heard[2]!).toBe('thread' in expected);
      await watch.run(4, [ops], { advisories });
      expect(ops.heard).toHaveLength(3);
    });

    it('and that is not said, where nobody wants it', async () => {
      const ops = listener('ops', { resolved: 'off' });
      const advisories = await mended(ops);
      await watch.run(4, [ops], { advisories });
      expect(ops.heard).toHaveLength(2);
    });

    it.each([
      ['it is asked for', listener('ops', { resolved: 'next' })],
      ['an answer would disturb', listener('ops', {}, false)],
    ])('and that waits for the next message, where %s', async (_name, ops) => {
      const advisories = await mended(ops);
      expect(ops.heard).toHaveLength(2);
      const other = push(registry, 'other', built('3.0.15-1'), '12');
      push(registry, 'other', built('3.0.16-1', 1), '12');
      watch.write({ Dockerfile: `FROM ${registry.host}/other:12@${other}\n` });
      await watch.run(5, [ops], { advisories });
      const [, , message, ...others] = ops.heard.map((one) => one.message);
      expect(others).toEqual([]);
      expect(message?.stories.map(({ class: kind, isOver }) => [kind, isOver])).toEqual([
        ['security', undefined],
        ['security', true],
      ]);
      expect(message?.lead).toContain('1 thing told before is resolved.');
      await watch.run(6, [ops], { advisories });
      expect(ops.heard).toHaveLength(3);
    });
  });

  it('does not end while its registry does not answer', async () => {
    const ops = listener();
    const advisories = fixIn('3.0.16-1', '3.0.15-1');
    await behind(ops, { advisories });
    offer('3.0.16-1', 1);
    await watch.run(2, [ops], { advisories });
    registry.intercept = (_request, response) => {
      response.writeHead(403).end();
      return true;
    };
    await watch.run(3, [ops], { advisories });
    registry.intercept = undefined;
    expect(ops.heard).toHaveLength(2);
    await watch.run(4, [ops], { advisories });
    expect(ops.heard).toHaveLength(2);
  });

  it('comes again after a week while it lasts, and is marked as old', async () => {
    const ops = listener('ops', { remindAfter: 7 * 24 * 60 * 60 * 1000 });
    const advisories = fixIn('3.0.16-1', '3.0.15-1');
    await behind(ops, { advisories });
    offer('3.0.16-1', 1);
    for (const day of [2, 8, 10, 11, 12, 18]) await watch.run(day, [ops], { advisories });
    expect(heard(ops).slice(2)).toEqual([
      expect.stringMatching(/^reminder: security/),
      expect.stringMatching(/^reminder: security/),
    ]);
    expect(ops.heard[2]?.message.stories[0]?.since).toBe('2026-01-07T12:00:00.000Z');
  });

  it('that is no fix waits for the first run of a week that finds something, and later ones for the next', async () => {
    const ops = listener();
    await behind(ops);
    offer('3.0.16-1', 1);
    // A tag that has just moved may move again: it is left to settle for six hours.
    for (const day of [2, 3]) await watch.run(day, [ops]);
    offer('3.0.17-1', 3);
    for (const day of [4, 5]) await watch.run(day, [ops]);
    expect(heard(ops)).toEqual(['baseline: ', expect.stringMatching(/^news: packages /)]);
    await watch.run(7, [ops]);
    expect(heard(ops)).toHaveLength(3);
  });

  it('waits for the next time of the table that its rule has', async () => {
    const ops = listener();
    const policy = { rules: [{ match: {}, when: '0 6 * * thu' }], pin: false };
    write(offer('3.0.15-1'));
    await watch.run(0, [ops], { policy });
    offer('3.0.16-1', 1);
    // The last Thursday brought nothing; 8 January is the next.
    for (const day of [1, 2]) await watch.run(day, [ops], { policy });
    expect(heard(ops)).toEqual(['baseline: ', expect.stringMatching(/^news: packages /)]);
    offer('3.0.17-1', 3);
    await watch.run(3, [ops], { policy });
    await watch.run(3, [ops], { policy, hour: 7 });
    expect(heard(ops)).toHaveLength(3);
    offer('3.0.18-1', 4);
    for (const day of [4, 5, 9]) await watch.run(day, [ops], { policy });
    expect(heard(ops)).toHaveLength(3);
    await watch.run(10, [ops], { policy });
    expect(heard(ops)).toHaveLength(4);
  });

  it('is not told to whom it does not concern, nor while it is snoozed', async () => {
    const advisories = fixIn('3.0.16-1', '3.0.15-1');
    const [ops, others, images] = [
      listener(),
      listener('others', { only: { class: ['end-of-life'] } }),
      listener('images', { only: { image: `${registry.host}/debian-*` } }),
    ];
    const all = [ops, others, images];
    write(offer('3.0.15-1'));
    await watch.run(0, all, { advisories });
    offer('3.0.16-1', 1);
    const until = Date.parse('2026-01-08T00:00:00Z');
    await watch.store.snoozes.add([{ kind: 'image', value: `${registry.host}/${repository}`, until }], 0);
    const { record } = await watch.run(2, all, { advisories });
    expect(record.findings).toMatchObject([{ class: 'security', snoozed: { until: '2026-01-08T00:00:00Z' } }]);
    expect(record.summary.needsRebuild).toBe(false);
    expect(all.map(({ heard }) => heard.length)).toEqual([1, 1, 1]);
    await watch.run(3, all, { advisories });
    expect(all.map(({ heard }) => heard.length)).toEqual([2, 1, 2]);
  });

  it('is one message per story, per day or per week where that is wanted', async () => {
    const each = listener('each', { mode: 'each' });
    const daily = listener('daily', { mode: 'daily' });
    const advisories = fixIn('3.0.16-1', '3.0.15-1');
    const pin = offer('3.0.15-1');
    const other = `${repository}-b`;
    const pinB = push(registry, other, built('3.0.15-1', 0, 'b'), '12');
    watch.write({
      Dockerfile: `FROM ${registry.host}/${repository}:12@${pin}\nFROM ${registry.host}/${other}:12@${pinB}\n`,
    });
    await watch.run(0, [each, daily], { advisories });
    offer('3.0.16-1', 1);
    await watch.run(0, [each, daily], { advisories, hour: 8 });
    push(registry, other, built('3.0.16-1', 1, 'b'), '12');
    await watch.run(1, [each, daily], { advisories, hour: 1 });
    expect(each.heard).toHaveLength(3);
    expect(daily.heard.map(({ message }) => message.stories.length)).toEqual([0, 2]);
  });
});

describe('news of an image without a digest', () => {
  it('is told once, and over at once', async () => {
    const ops = listener('ops', { remindAfter: 1 });
    offer('3.0.15-1');
    write();
    await watch.run(0, [ops], { policy: alertNow });
    offer('3.0.16-1', 1);
    for (const day of [2, 3, 10]) await watch.run(day, [ops], { policy: alertNow });
    expect(heard(ops)).toEqual(['baseline: ', expect.stringMatching(/^news: packages /)]);
  });

  it('waits for every channel, each of which hears it once', async () => {
    const [ops, mail] = [listener(), listener('mail')];
    offer('3.0.15-1');
    write();
    await watch.run(0, [ops, mail], { policy: alertNow });
    offer('3.0.16-1', 1);
    mail.answers.push(failing, failing, failing);
    const { channels } = await watch.run(2, [ops, mail], { policy: alertNow });
    expect(channels.map(({ failed }) => failed?.problem.code)).toEqual([undefined, 'channel-failed']);
    await watch.run(3, [ops, mail], { policy: alertNow });
    await watch.run(4, [ops, mail], { policy: alertNow });
    expect(heard(ops)).toEqual(['baseline: ', expect.stringMatching(/^news: packages /)]);
    expect(heard(mail)).toEqual(heard(ops));
  });

  it('that waits for its week tells of everything since the last word', async () => {
    const ops = listener();
    offer('3.0.15-1');
    write();
    await watch.run(0, [ops]);
    offer('3.0.16-1', 1);
    await watch.run(1, [ops]);
    offer('3.0.17-1', 2);
    await watch.run(2, [ops]);
    offer('3.0.18-1', 3);
    await watch.run(7, [ops]);
    const versions = ops.heard.map(({ message }) =>
      message.stories[0]?.packages.map(({ before, after }) => [before, after]),
    );
    expect(versions).toEqual([undefined, [['3.0.15-1', '3.0.16-1']], [['3.0.16-1', '3.0.18-1']]]);
  });

  it('rebuilt every night says nothing in thirty days, but for the fix on the twelfth', async () => {
    const advisories = fixIn('3.0.16-1', '3.0.15-1');
    const [quiet, ops] = [listener('quiet'), listener()];
    offer('3.0.15-1');
    write();
    for (let day = 0; day < 30; day++) {
      offer(day < 12 ? '3.0.15-1' : '3.0.16-1', day);
      await watch.run(day, [quiet, ops], { advisories });
    }
    expect(heard(ops)).toEqual(['baseline: ', expect.stringMatching(/^news: security /)]);
    expect(ops.heard[1]?.message.stories[0]?.packages).toMatchObject([{ name: 'openssl', security: true }]);
  });
});

describe('a host that does not answer', () => {
  it('is told of once, after three runs and a day', async () => {
    const ops = listener();
    write(offer('3.0.15-1'));
    const other = push(registry, `${repository}-other`, built('3.0.15-1'), '12');
    watch.write({ 'b.Dockerfile': `FROM ${registry.host}/${repository}-other:12@${other}\n` });
    await watch.run(0, [ops]);
    registry.intercept = (_request, response) => {
      response.writeHead(403).end();
      return true;
    };
    try {
      for (const hour of [1, 2, 3, 20]) await watch.run(0, [ops], { hour });
      expect(ops.heard).toHaveLength(1);
      for (const day of [2, 3]) await watch.run(day, [ops]);
      expect(heard(ops)).toEqual(['baseline: ', 'news: unknown']);
      expect(ops.heard[1]?.message.stories[0]?.places).toHaveLength(2);
    } finally {
      registry.intercept = undefined;
    }
  });
});

describe('a channel that fails', () => {
  it('is tried again in the run, and in the next one', async () => {
    const ops = listener();
    write(offer('3.0.15-1'));
    ops.answers.push(failing, failing);
    expect((await watch.run(0, [ops])).channels).toMatchObject([{ sent: 1 }]);
    ops.answers.push(failing, failing, failing);
    await watch.store.outbox.recordBaselines('nobody', ['x'], 0);
    const other = listener('other');
    other.answers.push(failing, failing, failing);
    expect((await watch.run(1, [other])).channels).toMatchObject([{ sent: 0, failed: { permanent: false } }]);
    await watch.run(2, [other]);
    expect(heard(other)).toEqual(['baseline: ']);
  });

  it('is told of elsewhere, once, until it works again', async () => {
    const [ops, mail] = [listener(), listener('mail')];
    write(offer('3.0.15-1'));
    for (const day of [0, 1, 2]) {
      mail.answers.push(revoked);
      await watch.run(day, [ops, mail]);
    }
    expect(heard(ops)).toEqual(['baseline: ', 'trouble: ']);
    expect(ops.heard[1]?.message.problems).toEqual([
      { code: 'channel-refused', message: 'it is gone', subject: 'the channel mail' },
    ]);
    await watch.run(3, [ops, mail]);
    expect(heard(mail)).toEqual(['baseline: ']);
    offer('3.0.16-1', 4);
    await watch.run(5, []);
    mail.answers.push(revoked);
    await watch.run(7, [ops, mail]);
    expect(heard(ops)).toEqual(['baseline: ', 'trouble: ', expect.stringMatching(/^news: packages/), 'trouble: ']);
  });

  it('that will pass is told of after three runs', async () => {
    const [ops, mail] = [listener(), listener('mail')];
    write(offer('3.0.15-1'));
    for (const day of [0, 1, 2, 3]) {
      mail.answers.push(failing, failing, failing);
      await watch.run(day, [ops, mail]);
      expect(ops.heard).toHaveLength(day < 2 ? 1 : 2);
    }
  });

  it('asks for more time than a run has, and gets it', async () => {
    const ops = listener();
    write(offer('3.0.15-1'));
    ops.answers.push({ ...failing, retryAfter: 3_600_000 });
    expect((await watch.run(0, [ops])).channels).toMatchObject([{ sent: 0 }]);
    expect(ops.answers).toEqual([]);
  });
});

describe('what the state knows after a run', () => {
  it('is who carries what, and what would help', async () => {
    const pin = offer('3.0.15-1');
    offer('3.0.16-1', 1);
    write(pin);
    await watch.run(2, []);
    expect(await watch.store.fleet.carriers('openssl')).toMatchObject([
      {
        version: '3.0.15-1',
        scheme: 'dpkg',
        os: 'debian 12',
        platform: 'linux/amd64',
        fixes: [{ version: '3.0.16-1', remedy: 'edit' }],
      },
    ]);
    expect(await watch.store.fleet.standing()).toMatchObject([{ class: 'packages', remedy: 'edit' }]);
  });
});

describe('a run about one image', () => {
  const other = (): string => `${repository}-other`;
  const offerOther = (openssl: string, day = 0): string => push(registry, other(), built(openssl, day), '12');
  const writeBoth = (pin: string, otherPin: string): void =>
    watch.write({
      Dockerfile: `FROM ${registry.host}/${repository}:12@${pin}\n`,
      'Dockerfile.other': `FROM ${registry.host}/${other()}:12@${otherPin}\n`,
    });
  const about = () => ({ references: new Set([`${registry.host}/${repository}:12`]) });
  const known = async () => {
    const store = watch.store;
    const standing = await store.fleet.standing();
    return {
      others: standing.filter(({ file }) => file === 'Dockerfile.other'),
      lastRun: await store.fleet.lastRun(),
      scopes: await store.watch.scopes(),
    };
  };

  it('asks about it alone, tells its news, and changes nothing that is known of others', async () => {
    const ops = listener();
    writeBoth(offer('3.0.15-1'), offerOther('3.0.15-1'));
    offerOther('3.0.16-1', 1);
    await watch.run(0, [ops], { policy: alertNow });
    const before = await known();
    expect(before.others).toMatchObject([{ class: 'packages' }]);
    offer('3.0.16-1', 1);
    offerOther('3.0.17-1', 2);
    registry.log.length = 0;
    // A tag that moved just now is waited for.
    await watch.run(1, [ops], { policy: alertNow, about: about() });
    const { record } = await watch.run(1, [ops], { policy: alertNow, about: about(), hour: 8 });
    expect(record.findings.map(({ file }) => file)).toEqual(['Dockerfile']);
    expect(registry.log.filter((one) => one.path.includes(other()))).toEqual([]);
    expect(heard(ops).slice(1)).toEqual([expect.stringMatching(/^news: packages/)]);
    expect(await known()).toEqual(before);
    expect(await watch.store.runs(1)).toMatchObject([{ trigger: 'cli', targeted: about(), outcome: 'done' }]);
    await watch.run(2, [ops], { policy: alertNow });
    expect((await known()).others).toMatchObject([{ class: 'packages', since: before.others[0]?.since }]);
  });

  it('introduces no channel to where the image is used', async () => {
    const ops = listener();
    writeBoth(offer('3.0.15-1'), offerOther('3.0.15-1'));
    [offer('3.0.16-1', 1), offerOther('3.0.16-1', 1)];
    await watch.run(0, [ops], { policy: alertNow, about: about() });
    expect(heard(ops)).toEqual([expect.stringMatching(/^news: packages/)]);
    await watch.run(1, [ops], { policy: alertNow });
    expect(heard(ops).slice(1)).toEqual(['baseline: ']);
  });
});

describe('a run about one folder', () => {
  it('reads it alone, and changes nothing that is known of others', async () => {
    const pin = offer('3.0.15-1');
    offer('3.0.16-1', 1);
    write(pin);
    mkdirSync(path.join(watch.folder, 'beside'));
    writeFileSync(path.join(watch.folder, 'beside/Dockerfile'), `FROM ${registry.host}/${repository}:12@${pin}\n`);
    const folders = ['tree', 'beside'];
    const ops = listener();
    await watch.run(0, [ops], { folders });
    writeFileSync(path.join(watch.folder, 'beside/Dockerfile'), 'FROM scratch\n');
    writeFileSync(path.join(watch.folder, 'tree/Dockerfile'), 'FROM scratch\n');
    const about = { scopes: new Set([path.join(watch.folder, 'beside')]) };
    const { record } = await watch.run(1, [ops], { folders, about });
    expect(record.repositories).toEqual([...about.scopes]);
    const since = Date.parse('2026-01-05T12:00:00Z');
    expect(await watch.store.fleet.standing()).toMatchObject([{ class: 'packages', since, checked: since }]);
    expect((await watch.store.fleet.carriers('openssl')).map((one) => one.repository)).toEqual([
      path.join(watch.folder, 'tree'),
    ]);
    expect((await watch.store.outbox.memoryOf('ops', [])).closings).toEqual([]);
    await watch.run(2, [ops], { folders });
    expect(await watch.store.fleet.standing()).toEqual([]);
  });
});

describe('a run over another folder', () => {
  it('ends nothing of the first, until nobody has read that for a month', async () => {
    const pin = offer('3.0.15-1');
    offer('3.0.16-1', 1);
    write(pin);
    const ops = listener();
    await watch.run(0, [ops]);
    mkdirSync(path.join(watch.folder, 'beside'));
    writeFileSync(path.join(watch.folder, 'beside/Dockerfile'), `FROM ${registry.host}/${repository}:12\n`);
    for (const day of [1, 2, 29]) await watch.run(day, [ops], { folders: ['beside'] });
    const since = Date.parse('2026-01-05T12:00:00Z');
    expect(await watch.store.fleet.standing()).toContainEqual(
      expect.objectContaining({ class: 'packages', since, checked: since }),
    );
    expect(await watch.store.watch.scopes()).toHaveLength(2);
    await watch.run(31, [ops], { folders: ['beside'] });
    expect((await watch.store.fleet.standing()).map(({ class: kind }) => kind)).not.toContain('packages');
    expect(await watch.store.watch.scopes()).toHaveLength(1);
    expect(heard(ops).filter((one) => one.startsWith('closed'))).toEqual([]);
  });
});
