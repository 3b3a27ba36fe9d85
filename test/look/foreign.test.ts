import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { type ApkKey, apkIndexFile, makeApkKey } from '../support/fake-apk.ts';
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
import { publishRpms } from '../support/fake-rpm.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';
import { image, layer } from '../support/image-builder.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
let osv: FakeOsv;
let key: SigningKey;
let apkKey: ApkKey;

beforeAll(async () => {
  [registry, archive, osv, key] = await Promise.all([
    startFakeRegistry(),
    startFakeArchive(),
    startFakeOsv(),
    makeKey(),
  ]);
  apkKey = makeApkKey('test.rsa.pub');
});
afterAll(() => Promise.all([registry.close(), archive.close(), osv.close()]));
beforeEach(() => {
  archive.files.clear();
  osv.answers.clear();
  osv.records.clear();
  osv.log.length = 0;
});

async function findings(dockerfile: string): Promise<readonly Finding[]> {
  const { record } = await runOn({ files: { Dockerfile: dockerfile }, advisories: osv.base, now: Date.now() });
  return record.findings;
}

/** `name version` of everything that left the house. */
const sent = (): string[] => {
  const queries = osv.log
    .filter(({ path }) => path === '/v1/querybatch')
    .flatMap(({ body }) => (JSON.parse(body) as { queries: { package: { name: string }; version: string }[] }).queries);
  return [...new Set(queries.map(({ package: { name }, version }) => `${name} ${version}`))].sort();
};

const rowsIn = (found: readonly Finding[]): unknown[] =>
  found.flatMap(({ packages = [] }) => packages.map(({ name, security, foreign }) => [name, security, foreign]));

const apt = { apt: '2.6.1' };

async function publishDebian(own: readonly OfferedPackage[], vendor: readonly OfferedPackage[] | null): Promise<void> {
  await publishSuite(archive, { suite: 'bookworm', packages: [{ name: 'apt', version: '2.6.1' }, ...own], key });
  if (vendor === null) return;
  await publishSuite(archive, { suite: 'nodistro', packages: vendor, key, fields: { Origin: '. nodistro' } });
  for (const [path, bytes] of [...archive.files].filter(([one]) => one.startsWith('dists/nodistro/'))) {
    archive.files.set(`vendor/${path}`, bytes);
    archive.files.delete(path);
  }
}

function debian(packages: Readonly<Record<string, string>>, created: string) {
  return debianImage(
    { ...apt, ...packages },
    {
      created,
      files: {
        'etc/apt/sources.list': [`${archive.uri} bookworm`, `${archive.uri}vendor/ nodistro`]
          .map((place) => `deb [signed-by=/usr/share/keyrings/k.asc] ${place} main\n`)
          .join(''),
        'usr/share/keyrings/k.asc': key.publicKey,
      },
    },
  );
}

/** The pinned image, and the one that its tag names today. */
function moved(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string {
  const pin = push(registry, 'debian', debian(before, '2026-01-01T00:00:00Z'));
  push(registry, 'debian', debian(after, '2026-01-02T00:00:00Z'), '12');
  return `FROM ${registry.host}/debian:12@${pin}\n`;
}

function current(packages: Readonly<Record<string, string>>): string {
  const pin = push(registry, 'debian', debian(packages, '2026-01-01T00:00:00Z'), '12');
  return `FROM ${registry.host}/debian:12@${pin}\n`;
}

const node = { old: '20.11.0-1nodesource1', new: '20.19.5-1nodesource1', debian: '18.20.4+dfsg-1~deb12u1' };

describe("a vendor's package with a name that Debian has, too,", () => {
  beforeEach(() => {
    osv.answers.set(`Debian:12 nodejs ${node.old}`, ['DEBIAN-CVE-2026-1']);
    osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
  });
  const vendors = [node.old, node.new].map((version) => ({ name: 'nodejs', version }));

  it('belongs to the vendor when it is pending, and no feed hears of it', async () => {
    await publishDebian([{ name: 'nodejs', version: node.debian }], vendors);
    const found = await findings(current({ nodejs: node.old }));
    expect(rowsIn(found)).toEqual([['nodejs', null, '. nodistro']]);
    expect(found).toMatchObject([{ class: 'lagging', security: false }]);
    expect(found[0]?.reason).toContain("1 upgrade, not the distribution's: no feed;");
    expect(sent()).toEqual([]);
  });

  it('does not make the rest unknown', async () => {
    await publishDebian(
      [
        { name: 'nodejs', version: node.debian },
        { name: 'tzdata', version: '2025b' },
      ],
      vendors,
    );
    const found = await findings(moved({ nodejs: node.old, tzdata: '2025a' }, { nodejs: node.new, tzdata: '2025b' }));
    expect(rowsIn(found)).toEqual([
      ['nodejs', null, '. nodistro'],
      ['tzdata', false, undefined],
    ]);
    expect(found).toMatchObject([{ class: 'packages', security: false, reaction: { when: 'weekly' } }]);
    expect(found[0]?.reason).toContain("no security fix (1 not the distribution's: no feed)");
    expect(found[0]?.notes.join()).not.toContain('not checked');
    expect(sent()).toEqual(['tzdata 2025a', 'tzdata 2025b']);
  });

  it.each<[string, string, string, readonly string[], readonly string[] | null, string | undefined]>([
    ['the old version is offered by the vendor', '9-v', '10', ['10'], ['9-v'], '. nodistro'],
    ['the new version alone is offered, by the vendor', '9', '10-v', ['8'], ['10-v'], '. nodistro'],
    ['neither is offered, and the vendor has the next', '9', '10', ['8'], ['11-v'], '. nodistro'],
    ['nobody offers it, and all were read', '9-mine', '10-mine', ['8'], [], 'no enabled repository'],
    ['nobody offers it, and a stranger could not be read', '9', '10', ['8'], null, 'no repository that could be read'],
    ['the old version is of Debian', '9', '10', ['9'], ['8-v'], undefined],
    ['the new version is of Debian', '9', '10', ['10'], ['8-v'], undefined],
    ['Debian has the next', '9', '10', ['11'], ['8-v'], undefined],
    ['both offer it', '9', '10', ['10'], ['10'], undefined],
  ])('is known by its versions: %s', async (_, before, after, own, vendor, foreign) => {
    const offer = (versions: readonly string[]): OfferedPackage[] =>
      versions.map((version) => ({ name: 'nodejs', version }));
    await publishDebian(offer(own), vendor && offer(vendor));
    const found = await findings(moved({ nodejs: before }, { nodejs: after }));
    const row = found.find((one) => one.class !== 'lagging');
    expect(rowsIn(row ? [row] : [])).toEqual([['nodejs', foreign === undefined ? false : null, foreign]]);
    const told = sent().filter((one) => one === `nodejs ${before}` || one === `nodejs ${after}`);
    expect(told.length > 0).toBe(foreign === undefined);
  });

  it('is not shown to a feed either when a line installs it', async () => {
    await publishDebian([{ name: 'nodejs', version: node.debian }], vendors);
    const found = await findings(`${current({})}RUN apt-get install nodejs=${node.old}\n`);
    expect(rowsIn(found)).toEqual([['nodejs', null, '. nodistro']]);
    expect(found).toMatchObject([{ class: 'packages', security: false }]);
    expect(sent()).toEqual([]);
  });

  it('is not judged by a security suite of Debian', async () => {
    await publishDebian([{ name: 'nodejs', version: '20.12' }], vendors);
    const suite = { suite: 'bookworm', fields: { Label: 'Debian-Security' }, key };
    await publishSuite(archive, {
      ...suite,
      packages: [
        { name: 'apt', version: '2.6.1' },
        { name: 'nodejs', version: '20.12' },
      ],
    });
    const found = await findings(moved({ nodejs: node.old }, { nodejs: node.new }));
    expect(rowsIn(found)).toEqual([['nodejs', null, '. nodistro']]);
  });
});

describe('an rpm that does not say who built it', () => {
  const built = (version: string) => {
    const line = (name: string, vendor: string): string =>
      `${name}\t${version}-1\t1\t1\t${vendor}\t(none)\t1\tx86_64\t0\t${name}-${version}-1.src.rpm\n`;
    return image({
      created: `2026-01-0${version[0]}T00:00:00Z`,
      layers: [
        layer({
          'etc/os-release': 'ID="almalinux"\nVERSION_ID="9.4"\n',
          'etc/yum.repos.d/a.repo': `[a]\nbaseurl=${archive.uri}rpm/\n`,
          'var/lib/rpmmanifest/container-manifest-2': [
            line('acme-payroll', '(none)'),
            line('acme-empty', ''),
            line('almapkg', 'AlmaLinux'),
            line('docker-ce', 'Docker'),
            line('msodbcsql18', 'Microsoft Corporation'),
          ].join(''),
        }),
      ],
    });
  };
  const names = ['acme-payroll', 'acme-empty', 'almapkg', 'docker-ce', 'msodbcsql18'];
  const expected = [
    ['acme-empty', null, 'no vendor'],
    ['acme-payroll', null, 'no vendor'],
    ['almapkg', false, undefined],
    ['docker-ce', null, 'Docker'],
    ['msodbcsql18', null, 'Microsoft Corporation'],
  ];

  it.each(['pending', 'moved'])('is never shown to a feed: %s', async (how) => {
    await publishRpms(archive, 'rpm/', { packages: names.map((name) => ({ name, version: '2.0-1' })), updates: [] });
    const pin = push(registry, 'alma', built('1.0'), '9');
    if (how === 'moved') push(registry, 'alma', built('2.0'), '9');
    const found = await findings(`FROM ${registry.host}/alma:9@${pin}\n`);
    expect(rowsIn(found)).toEqual(expected);
    expect(found).toMatchObject([{ class: how === 'moved' ? 'packages' : 'lagging', security: false }]);
    expect(sent()).toEqual(['almapkg 1.0-1', 'almapkg 2.0-1']);
  });
});

describe('an apk of another repository with a name that Alpine has, too,', () => {
  it('is not shown to a feed', async () => {
    const offer = (folder: string, packages: Readonly<Record<string, string>>): void => {
      const rows = Object.entries(packages).map(([name, version]) => ({ name, version }));
      archive.files.set(`${folder}/x86_64/APKINDEX.tar.gz`, apkIndexFile(rows, [apkKey], 'RSA256'));
    };
    offer('alpine/v3.22/main', { 'alpine-baselayout': '3.7.0-r0', musl: '1.2.5-r11', nginx: '1.26.0-r0' });
    offer('packages/alpine/v3.22/main', { nginx: '1.28.1-r1' });
    const built = image({
      layers: [
        layer({
          'etc/os-release': 'ID=alpine\nVERSION_ID=3.22.1\n',
          'etc/apk/repositories': `${archive.uri}alpine/v3.22/main\n${archive.uri}packages/alpine/v3.22/main\n`,
          [`etc/apk/keys/${apkKey.name}`]: apkKey.publicKey,
          'lib/apk/db/installed': 'P:musl\nV:1.2.5-r10\nA:x86_64\n\nP:nginx\nV:1.28.0-r1\nA:x86_64\n\n',
        }),
      ],
    });
    const pin = push(registry, 'alpine', built, '3.22');
    const found = await findings(`FROM ${registry.host}/alpine:3.22@${pin}\n`);
    expect(rowsIn(found)).toEqual([
      ['musl', false, undefined],
      ['nginx', null, new URL(archive.uri).host],
    ]);
    expect(sent()).toEqual(['musl 1.2.5-r10', 'musl 1.2.5-r11']);
  });
});
