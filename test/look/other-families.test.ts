import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { type ApkKey, apkIndexFile, makeApkKey } from '../support/fake-apk.ts';
import { type FakeArchive, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { publishRpms } from '../support/fake-rpm.ts';
import { findingsOf, push } from '../support/fleet.ts';
import { image, layer } from '../support/image-builder.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
let key: ApkKey;
beforeAll(async () => {
  [registry, archive] = await Promise.all([startFakeRegistry(), startFakeArchive()]);
  key = makeApkKey('test.rsa.pub');
});
afterAll(() => Promise.all([registry.close(), archive.close()]));
beforeEach(() => archive.files.clear());

const outline = (found: readonly Finding[]): unknown[] =>
  found.map((one) => [one.subject, one.class, one.proposed ?? one.upgradeLine ?? one.remedy, one.security]);

describe('an image with apk', () => {
  const base = (): string => {
    const built = image({
      layers: [
        layer({
          'etc/os-release': 'ID=alpine\nVERSION_ID=3.22.1\n',
          'etc/apk/repositories': `${archive.uri}v3.22/main\n`,
          [`etc/apk/keys/${key.name}`]: key.publicKey,
          'lib/apk/db/installed': 'P:apk-tools\nV:2.14.9-r2\nA:x86_64\n\nP:musl\nV:1.2.5-r10\nA:x86_64\n\n',
        }),
      ],
    });
    return `FROM ${registry.host}/alpine:3.22@${push(registry, 'alpine', built, '3.22')}\n`;
  };

  it('lags, and its pins move in their own shape', async () => {
    const offered = [
      { name: 'apk-tools', version: '2.14.9-r2' },
      { name: 'musl', version: '1.2.5-r11' },
      { name: 'curl', version: '8.14.1-r2' },
    ];
    archive.files.set('v3.22/main/x86_64/APKINDEX.tar.gz', apkIndexFile(offered, [key], 'RSA256'));
    const run = 'RUN apk add --no-cache curl=8.14.1-r1\nRUN apk add curl~8.12\nRUN apk add "curl>8.1"\n';
    expect(outline(await findingsOf(`${base()}${run}`))).toEqual([
      ['image', 'lagging', 'RUN apk upgrade --no-cache', null],
      ['package', 'pin-broken', 'curl=8.14.1-r2', null],
      ['package', 'pin-broken', 'curl~8.14', null],
    ]);
    expect(outline(await findingsOf(`${base()}RUN apk -U upgrade\n`))).toEqual([['image', 'lagging', 'rebuild', null]]);
  });
});

describe('an image with dnf', () => {
  const base = (): string => {
    const manifest = ['microdnf\t3.9.1-3.el9', 'openssl\t3.0.7-27.el9']
      .map((row) => `${row}\t1\t1\tRocky\t(none)\t1\tx86_64\t0\tx-1-1.el9.src.rpm\n`)
      .join('');
    const built = image({
      layers: [
        layer({
          'etc/os-release': 'ID=rocky\nVERSION_ID="9.6"\n',
          'etc/yum.repos.d/os.repo': `[baseos]\nname=os\nbaseurl=${archive.uri}os/\ngpgcheck=0\n`,
          'var/lib/rpmmanifest/container-manifest-2': manifest,
        }),
      ],
    });
    return `FROM ${registry.host}/rocky:9@${push(registry, 'rocky', built, '9')}\n`;
  };

  it('lags with the fixes that updateinfo names, and its pins keep the parts that were written', async () => {
    const packages = [
      { name: 'microdnf', version: '3.9.1-3.el9' },
      { name: 'openssl', version: '3.0.7-28.el9' },
      { name: 'nginx', version: '1:1.22.1-4.el9' },
    ];
    const updates = [
      {
        id: 'RLSA-2026:1',
        severity: 'Important',
        cves: ['CVE-2026-9000'],
        packages: [{ name: 'openssl', version: '3.0.7-28.el9' }],
      },
    ];
    await publishRpms(archive, 'os/', { packages, updates });
    const run =
      'RUN microdnf install -y nginx-1.20.1 && microdnf clean all\nRUN microdnf install -y nginx-1.20.1-3.el9\n';
    const found = await findingsOf(`${base()}${run}`);
    expect(outline(found)).toEqual([
      ['image', 'lagging', 'RUN microdnf upgrade -y && microdnf clean all', true],
      ['package', 'pin-broken', 'nginx-1.22.1', false],
      ['package', 'pin-broken', 'nginx-1.22.1-4.el9', false],
    ]);
    expect(found[0]).toMatchObject({
      security: true,
      packages: [{ name: 'openssl', security: true, advisories: ['RLSA-2026:1', 'CVE-2026-9000'], severity: 'high' }],
    });
  });

  it('lags behind what replaces its packages under other names', async () => {
    const replacing = { name: 'tls-tools', version: '1-1.el9', obsoletes: ['openssl LT 1:4'] };
    const fix = { id: 'RLSA-2026:2', cves: ['CVE-2026-9001'], packages: [replacing] };
    await publishRpms(archive, 'os/', { packages: [replacing], updates: [fix] });
    const [found, ...others] = await findingsOf(base());
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      class: 'lagging',
      security: true,
      upgradeLine: 'RUN microdnf upgrade -y && microdnf clean all',
      packages: [
        {
          name: 'openssl',
          kind: 'upgraded',
          before: '3.0.7-27.el9',
          after: '1-1.el9',
          replacedBy: 'tls-tools',
          source: 'tls-tools',
          security: true,
          advisories: ['RLSA-2026:2', 'CVE-2026-9001'],
        },
      ],
    });
    expect(found?.reason).toContain('1 security fix (tls-tools; CVE-2026-9001)');
    await publishRpms(archive, 'os/', { packages: [replacing], updates: [] });
    expect(outline(await findingsOf(base()))).toEqual([
      ['image', 'lagging', 'RUN microdnf upgrade -y && microdnf clean all', null],
    ]);
  });
});
