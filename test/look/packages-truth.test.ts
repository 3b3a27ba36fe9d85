import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { planUpdates } from '../../src/targets/folder-target.ts';
import {
  type FakeArchive,
  makeKey,
  type OfferedPackage,
  publishSuite,
  type SigningKey,
  startFakeArchive,
} from '../support/fake-archive.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, runOn as runAt, type TestRun, temporaryTree } from '../support/fleet.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
let osv: FakeOsv;
let key: SigningKey;

beforeAll(async () => {
  [registry, archive, osv, key] = await Promise.all([
    startFakeRegistry(),
    startFakeArchive(),
    startFakeOsv(),
    makeKey(),
  ]);
});
afterAll(() => Promise.all([registry.close(), archive.close(), osv.close()]));
beforeEach(async () => {
  archive.files.clear();
  osv.answers.clear();
  osv.records.clear();
  osv.log.length = 0;
  osv.intercept = undefined;
  osv.pageSize = Number.POSITIVE_INFINITY;
});

const suites = ['bookworm', 'bookworm-security'] as const;

async function publish(main: readonly OfferedPackage[], security: readonly OfferedPackage[] = []): Promise<void> {
  await publishSuite(archive, { suite: 'bookworm', packages: main, key });
  await publishSuite(archive, { suite: 'bookworm-security', packages: security, key });
}

const installed = { apt: '2.6.1', libc6: '2.36-9+deb12u9', openssl: '3.0.15-1', tzdata: '2025a' };
const asOffered = (versions: Readonly<Record<string, string>>): OfferedPackage[] =>
  Object.entries(versions).map(([name, version]) => ({ name, version }));

function debian(versions: Readonly<Record<string, string>>, created = '2026-01-01T00:00:00Z') {
  return debianImage(versions, {
    created,
    files: {
      'etc/apt/sources.list': suites
        .map((suite) => `deb [signed-by=/usr/share/keyrings/archive.asc] ${archive.uri} ${suite} main\n`)
        .join(''),
      'usr/share/keyrings/archive.asc': key.publicKey,
    },
  });
}

const from = (digest: string): string => `FROM ${registry.host}/debian:12@${digest}\n`;

const runOn = (run: TestRun) => runAt({ now: Date.now(), ...run });

async function findings(dockerfile: string, more: Partial<TestRun> = {}): Promise<readonly Finding[]> {
  return (await runOn({ files: { Dockerfile: dockerfile }, advisories: osv.base, ...more })).record.findings;
}

function record(id: string, more: object = {}): void {
  osv.records.set(id, { id, ...more });
}

describe('security of what a digest brings', () => {
  const after = { ...installed, openssl: '3.0.16-1', tzdata: '2025b' };
  const moved = (): string => {
    const pin = push(registry, 'debian', debian(installed));
    push(registry, 'debian', debian(after, '2026-01-02T00:00:00Z'), '12');
    return from(pin);
  };

  it('is true with what OSV no longer says of the new version, named by CVE and notice', async () => {
    await publish(asOffered(after));
    osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1', 'DSA-7', 'DEBIAN-CVE-2026-9']);
    osv.answers.set('Debian:12 openssl 3.0.16-1', ['DEBIAN-CVE-2026-9']);
    record('DEBIAN-CVE-2026-1', {
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    });
    record('DSA-7', { upstream: ['CVE-2026-1'] });
    const [finding] = await findings(moved());
    expect(finding).toMatchObject({
      class: 'security',
      security: true,
      reason: '2 packages change, 1 security fix (openssl; CVE-2026-1), config unchanged.',
      packages: [
        { name: 'openssl', security: true, severity: 'critical', advisories: ['DSA-7', 'CVE-2026-1'] },
        { name: 'tzdata', security: false, advisories: [] },
      ],
      reaction: { react: ['propose', 'alert'], when: 'now' },
    });
    expect(finding?.news).toHaveLength(1);
    expect(osv.log.filter(({ path }) => path === '/v1/querybatch')).toHaveLength(1);
    expect(osv.log.map(({ body }) => body).join('')).not.toContain('127.0.0.1');
  });

  it('is true with a version that a security suite offers, without any feed', async () => {
    await publish(asOffered(installed), [{ name: 'openssl', version: '3.0.16-1' }]);
    expect(await findings(moved(), { advisories: undefined })).toMatchObject([
      {
        class: 'security',
        packages: [
          { name: 'openssl', security: true },
          { name: 'tzdata', security: false },
        ],
      },
    ]);
  });

  it('is null without a feed when the security suite is already further', async () => {
    await publish(asOffered(installed), [{ name: 'openssl', version: '3.0.17-1' }]);
    const found = await findings(moved(), { advisories: undefined });
    expect(found.map((one) => one.class)).toEqual(['lagging', 'packages']);
    expect(found[1]).toMatchObject({
      class: 'packages',
      security: null,
      reaction: { when: 'weekly', proposeNow: true },
    });
  });

  it('is false when the feed was read to the last page and knows of none', async () => {
    await publish(asOffered(after));
    const many = Array.from({ length: 7 }, (_, index) => `DEBIAN-CVE-2020-${index}`);
    osv.answers.set('Debian:12 openssl 3.0.15-1', many);
    osv.answers.set('Debian:12 openssl 3.0.16-1', many);
    osv.pageSize = 3;
    expect(await findings(moved())).toMatchObject([{ class: 'packages', security: false }]);
  });

  it('says what a new version brings along', async () => {
    await publish(asOffered(after));
    osv.answers.set('Debian:12 openssl 3.0.16-1', ['DEBIAN-CVE-2026-2']);
    expect(await findings(moved())).toMatchObject([
      { class: 'packages', packages: [{ name: 'openssl', introduced: ['CVE-2026-2'] }, {}] },
    ]);
  });

  it.each<[string, string, (one: FakeOsv) => void]>([
    [
      'a server error',
      '500',
      (one) => {
        one.intercept = (_, response) => Boolean(response.writeHead(500).end());
      },
    ],
    [
      'nonsense',
      'not what OSV',
      (one) => {
        one.intercept = (_, response) => Boolean(response.writeHead(200).end('<html>'));
      },
    ],
    [
      'too few answers',
      'not what OSV',
      (one) => {
        one.intercept = (_, response) => Boolean(response.writeHead(200).end('{"results":[]}'));
      },
    ],
    ...([[5], [[null]], [[{ id: '../x' }]], [[{ id: 'a'.repeat(101) }]]] as const).map(
      ([vulns]): [string, string, (one: FakeOsv) => void] => [
        `ids that are none: ${JSON.stringify(vulns).slice(0, 30)}`,
        'not what OSV',
        (one) => {
          one.intercept = (_, response) => {
            const { queries } = JSON.parse(one.log.at(-1)?.body ?? '') as { queries: readonly unknown[] };
            response.end(JSON.stringify({ results: queries.map(() => ({ vulns })) }));
            return true;
          };
        },
      ],
    ),
  ])('is null, and says so, after %s', async (_name, text, misbehave) => {
    await publish(asOffered(after));
    misbehave(osv);
    const [finding] = await findings(moved());
    expect(finding).toMatchObject({ class: 'packages', security: null });
    expect(finding?.notes.join()).toContain(text);
  });

  it('costs nothing when it was asked before', async () => {
    await publish(asOffered(after));
    const cache = temporaryTree({});
    try {
      const dockerfile = moved();
      await findings(dockerfile, { cacheFolder: cache.folder });
      const asked = osv.log.length;
      archive.log.length = 0;
      await findings(`${dockerfile}# again\n`, { cacheFolder: cache.folder });
      expect(osv.log).toHaveLength(asked);
      expect(archive.log).toEqual([]);
    } finally {
      cache.remove();
    }
  });
});

describe('a base behind its distribution', () => {
  const current = (): string => push(registry, 'debian', debian(installed), '12');

  it('is lagging with the line to copy, when the stage does not upgrade by itself', async () => {
    await publish(asOffered({ ...installed, tzdata: '2025b' }), [{ name: 'openssl', version: '3.0.16-1' }]);
    expect(await findings(from(current()))).toMatchObject([
      {
        class: 'lagging',
        security: true,
        remedy: 'upgrade-line',
        upgradeLine: 'RUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*',
        reason:
          'The tag has nothing newer, yet debian 12 has 1 security fix (openssl), and 1 other upgrade; a build that upgrades its packages takes it.',
        packages: [
          { name: 'openssl', before: '3.0.15-1', after: '3.0.16-1', security: true },
          { name: 'tzdata', before: '2025a', after: '2025b', security: false },
        ],
        latest: { suite: 'bookworm-security' },
        reaction: { react: ['alert'], when: 'now' },
      },
    ]);
  });

  it('speaks of a tag that has nothing newer only where a tag was asked and names what is there', async () => {
    await publish(asOffered(installed), [{ name: 'openssl', version: '3.0.16-1' }]);
    const pin = push(registry, 'debian', debian({ ...installed, tzdata: '2024b' }));
    const digest = current();
    const untagged = `FROM ${registry.host}/debian@${digest}\n`;
    const found = await findings(`${from(digest)}${from(pin)}${untagged}`);
    const said = found.filter((one) => one.class === 'lagging').map(({ reason }) => reason.split(' 1 ')[0]);
    expect(said).toEqual([
      'The tag has nothing newer, yet debian 12 has',
      'The newer image is behind debian 12, too, which has',
      'The image is behind debian 12, which has',
    ]);
  });

  it.each([
    ['RUN apt-get update && apt-get upgrade -y', 'rebuild'],
    ['RUN <<EOF\napt-get update\napt-get -y dist-upgrade\nEOF', 'rebuild'],
    ['RUN apt-get install -y curl', 'upgrade-line'],
  ])('with %s the remedy is %s', async (line, remedy) => {
    await publish(asOffered(installed), [{ name: 'openssl', version: '3.0.16-1' }]);
    const { record: run } = await runOn({ files: { Dockerfile: `${from(current())}${line}\n` } });
    expect(run.findings).toMatchObject([{ class: 'lagging', remedy }]);
    expect(run.summary.needsRebuild).toBe(remedy === 'rebuild');
  });

  it('needs a newer base without a package manager', async () => {
    const { apt: _, ...without } = installed;
    await publish(asOffered(without), [{ name: 'openssl', version: '3.0.16-1' }]);
    const digest = push(registry, 'debian', debian(without), '12');
    expect(await findings(from(digest))).toMatchObject([{ class: 'lagging', remedy: 'newer-base' }]);
  });

  it('is one news for the fleet, whatever the image is called', async () => {
    await publish(asOffered(installed), [{ name: 'openssl', version: '3.0.16-1' }]);
    const digest = current();
    push(registry, 'other', debian({ ...installed, more: '1' }), '1');
    const [a, b] = await findings(`${from(digest)}\nFROM ${registry.host}/other:1\n`);
    const lagging = (await findings(`${from(digest)}FROM ${registry.host}/other:1\n`)).filter(
      (one) => one.class === 'lagging',
    );
    expect([a?.class, b?.class]).toEqual(['lagging', 'lagging']);
    expect(new Set(lagging.flatMap(({ news }) => news)).size).toBe(1);
  });

  it('says nothing when nothing is pending, and names the archive that cannot be had', async () => {
    await publish(asOffered(installed));
    expect(await findings(from(current()))).toEqual([]);
    archive.files.clear();
    const { record: run } = await runOn({ files: { Dockerfile: from(current()) } });
    expect(run.problems.map(({ code, subject }) => `${code} ${subject}`)).toEqual([
      `archive-gone ${archive.uri} bookworm`,
      `archive-gone ${archive.uri} bookworm-security`,
    ]);
    // Nobody has asked the publisher, so nothing is known of the end of the release.
    expect(run.findings).toEqual([]);
    const host = new URL(archive.uri).host;
    expect(run.unchecked).toMatchObject([
      { question: 'fixes', host, code: 'archive-gone', file: 'Dockerfile', line: 1 },
    ]);
    expect(run.summary).toMatchObject({ unchecked: 1, unknown: 0, needsRebuild: null, fixAvailable: null });
  });

  it('breaks a build that installs, when the keys in the image are expired', async () => {
    const old = await makeKey({ seconds: 3600 });
    for (const suite of suites) {
      await publishSuite(archive, { suite, packages: asOffered(installed), key: old });
    }
    const image = debianImage(installed, {
      files: {
        'etc/apt/sources.list': `deb [signed-by=/usr/share/keyrings/archive.asc] ${archive.uri} bookworm main\n`,
        'usr/share/keyrings/archive.asc': old.publicKey,
      },
    });
    const digest = push(registry, 'debian', image, '12');
    const now = Date.now() + 86_400_000;
    expect(await findings(from(digest), { now })).toEqual([]);
    expect(await findings(`${from(digest)}RUN apt-get update && apt-get install -y curl\n`, { now })).toMatchObject([
      { class: 'pin-broken', remedy: 'newer-base', reason: expect.stringContaining('will refuse this repository') },
    ]);
  });
});

describe('a pinned package version', () => {
  const base = (): string => from(push(registry, 'debian', debian(installed), '12'));
  const offer = (more: Readonly<Record<string, string>>): Promise<void> =>
    publish(asOffered({ ...installed, ...more }));

  it('that left the archive breaks the next build, and the candidate is written instead', async () => {
    await offer({ curl: '7.88.1-10+deb12u12', libcurl4: '7.88.1-10+deb12u12' });
    const dockerfile = `${base()}RUN apt-get update \\\n && apt-get install -y curl=7.88.1-10 ca-certificates\n`;
    const result = await runOn({ files: { Dockerfile: dockerfile } });
    expect(result.record.findings).toMatchObject([
      {
        subject: 'package',
        class: 'pin-broken',
        remedy: 'edit',
        line: 3,
        pin: { manager: 'apt', name: 'curl', operator: '=', version: '7.88.1-10' },
        reason:
          'The next build will fail: curl=7.88.1-10 left bookworm, bookworm-security, 7.88.1-10+deb12u12 is there now.',
        proposed: 'curl=7.88.1-10+deb12u12',
        latest: { version: '7.88.1-10+deb12u12', suite: 'bookworm' },
        reaction: { react: ['propose', 'alert'], when: 'now' },
      },
    ]);
    const [update] = planUpdates(result, { classes: new Set(['pin-broken']), pin: false });
    expect(update?.text).toBe(dockerfile.replace('7.88.1-10 ', '7.88.1-10+deb12u12 '));
    expect((await runOn({ files: { Dockerfile: update?.text ?? '' } })).record.findings).toEqual([]);
  });

  it.each<[string, string, Readonly<Record<string, string>>, object | undefined]>([
    ['is up to date', 'curl=7.88.1-10', { curl: '7.88.1-10' }, undefined],
    ['is up to date by a glob', 'curl=7.88.*', { curl: '7.88.1-10' }, undefined],
    ['that the base has installed needs no archive', 'openssl=3.0.15-1', { openssl: '3.0.14-1' }, undefined],
    [
      'moves as a glob of the same depth',
      'curl=7.87.*',
      { curl: '7.88.1-10' },
      { class: 'pin-broken', proposed: 'curl=7.88.*' },
    ],
    ['moves as a short glob', 'curl=7.87*', { curl: '7.88.1-10' }, { class: 'pin-broken', proposed: 'curl=7.88*' }],
    ['of a package that nobody has', 'cruel=1', {}, { class: 'pin-broken', remedy: 'none' }],
  ])('%s: %s', async (_name, word, offered, expected) => {
    await offer(offered);
    const found = await findings(`${base()}RUN apt-get install -y ${word}\n`);
    const pins = found.filter(({ subject }) => subject === 'package');
    if (expected === undefined) expect(pins).toEqual([]);
    else expect(pins).toMatchObject([expected]);
  });

  it('that is behind is a security fix when the newer version is', async () => {
    await publish(asOffered({ ...installed, curl: '7.88.1-10' }), [{ name: 'curl', version: '7.88.1-11' }]);
    expect(await findings(`${base()}RUN apt-get install -y curl=7.88.1-10\n`, { advisories: undefined })).toMatchObject(
      [{ subject: 'package', class: 'security', proposed: 'curl=7.88.1-11', latest: { suite: 'bookworm-security' } }],
    );
  });

  it('that is merely behind moves with a broken one of the same source and stage, and nothing else does', async () => {
    const curl = (name: string, version: string): OfferedPackage => ({ name, version, source: 'curl' });
    await publish(
      [curl('curl', '7.88.1-11'), curl('libcurl4', '7.88.1-10'), { name: 'nginx', version: '1.22.1-9' }],
      [curl('libcurl4', '7.88.1-11'), { name: 'nginx', version: '1.22.1-10' }],
    );
    const install = 'RUN apt-get install -y curl=7.88.1-10 libcurl4=7.88.1-10 nginx=1.22.1-9\n';
    const dockerfile = `${base()}${install}${base()}RUN apt-get install -y libcurl4=7.88.1-10\n`;
    const result = await runOn({ files: { Dockerfile: dockerfile } });
    expect(result.record.findings.map((one) => `${one.written} ${one.class}`)).toEqual([
      'curl=7.88.1-10 pin-broken',
      'libcurl4=7.88.1-10 security',
      'nginx=1.22.1-9 security',
      'libcurl4=7.88.1-10 security',
    ]);
    const [update] = planUpdates(result, { classes: new Set(['pin-broken']), pin: false });
    const moved = 'RUN apt-get install -y curl=7.88.1-11 libcurl4=7.88.1-11 nginx=1.22.1-9\n';
    expect(update?.text).toBe(dockerfile.replace(install, moved));
  });

  it('stays when a rule ignores it, whatever its siblings do', async () => {
    const curl = (name: string, version: string): OfferedPackage => ({ name, version, source: 'curl' });
    await publish([curl('curl', '7.88.1-11'), curl('libcurl4', '7.88.1-10')], [curl('libcurl4', '7.88.1-11')]);
    const install = 'RUN apt-get install -y curl=7.88.1-10 libcurl4=7.88.1-10\n';
    const rules = [{ match: { class: ['security' as const] }, react: ['ignore' as const] }];
    const result = await runOn({ files: { Dockerfile: `${base()}${install}` }, policy: { rules, pin: false } });
    const [update] = planUpdates(result, { classes: new Set(['pin-broken']), pin: false });
    expect(update?.text).toContain('curl=7.88.1-11 libcurl4=7.88.1-10\n');
  });

  it('in a variable moves where the variable is set, for all packages that share it', async () => {
    await offer({ nginx: '1.22.1-9+deb12u1', 'nginx-common': '1.22.1-9+deb12u1' });
    const dockerfile = `${base()}ENV NGINX=1.22.1-9\nRUN apt-get install -y nginx=$NGINX nginx-common="\${NGINX}"\n`;
    const result = await runOn({ files: { Dockerfile: dockerfile } });
    expect(result.record.findings.map((one) => one.class)).toEqual(['pin-broken', 'pin-broken']);
    const [update] = planUpdates(result, { classes: new Set(['pin-broken']), pin: false });
    expect(update?.refused).toEqual([]);
    expect(update?.text).toBe(dockerfile.replace('NGINX=1.22.1-9', 'NGINX=1.22.1-9+deb12u1'));
  });

  it.each([
    ['RUN echo "deb http://x y z" > /etc/apt/sources.list.d/x.list\nRUN apt-get install -y extra=1', /line 2 changes/],
    ['RUN curl -fsSL https://deb.example/setup_20.x | bash - && apt-get install -y extra=1', /line 2 changes/],
    ['COPY x.list /etc/apt/sources.list.d/\nRUN apt-get install -y extra=1', /line 2 changes/],
    ['RUN apt-get install -y -t bookworm-backports extra=1', /does not enable/],
  ])('is unknown, not broken, after %s', async (lines, reason) => {
    await offer({});
    expect(await findings(`${base()}${lines}\n`)).toMatchObject([
      { class: 'unknown', reason: expect.stringMatching(reason) },
    ]);
  });

  it('is unknown when an archive could not be read', async () => {
    await offer({});
    for (const name of [...archive.files.keys()]) if (name.includes('security')) archive.files.delete(name);
    const found = await findings(`${base()}RUN apt-get install -y curl=1\n`);
    expect(found.filter(({ subject }) => subject === 'package')).toMatchObject([{ class: 'unknown' }]);
  });

  it('moves together with the digest of its base, by what the new image enables', async () => {
    await offer({ curl: '7.88.1-11' });
    const pin = push(registry, 'debian', debian(installed));
    push(registry, 'debian', debian({ ...installed, tzdata: '2025b' }, '2026-01-02T00:00:00Z'), '12');
    const result = await runOn({ files: { Dockerfile: `${from(pin)}RUN apt-get install -y curl=7.88.1-10\n` } });
    const [update] = planUpdates(result, { classes: new Set(['pin-broken', 'packages', 'security']), pin: false });
    expect(update?.written).toHaveLength(2);
    expect(update?.text).toContain('curl=7.88.1-11');
    expect(update?.text).not.toContain(pin);
  });
});
