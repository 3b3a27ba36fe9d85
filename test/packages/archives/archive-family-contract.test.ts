import { afterAll, beforeAll } from 'vitest';
import type { Package } from '../../../src/core/package.ts';
import { createApkFamily } from '../../../src/packages/apk/apk-family.ts';
import { createAptFamily } from '../../../src/packages/apt/apt-family.ts';
import { createRpmFamily } from '../../../src/packages/rpm/rpm-family.ts';
import { type ArchiveFixture, describeArchiveFamily } from '../../contract/archive-family.ts';
import { type ApkKey, apkIndexFile, makeApkKey } from '../../support/fake-apk.ts';
import {
  type FakeArchive,
  makeKey,
  publishSuite,
  type SigningKey,
  startFakeArchive,
} from '../../support/fake-archive.ts';
import { publishRpms } from '../../support/fake-rpm.ts';

let archive: FakeArchive;
let pgp: SigningKey;
let apk: ApkKey;
const nowhere = 'http://169.254.169.254/';

beforeAll(async () => {
  archive = await startFakeArchive();
  pgp = await makeKey();
  apk = makeApkKey('test.rsa.pub');
  await publishSuite(archive, { suite: 'stable', packages: [{ name: 'base', version: '1.1' }], key: pgp });
  archive.files.set('v3/main/x86_64/APKINDEX.tar.gz', apkIndexFile([{ name: 'base', version: '1.1-r0' }], [apk]));
  await publishRpms(archive, 'rpm/', { packages: [{ name: 'base', version: '1.1-1' }], updates: [], key: pgp });
});
afterAll(() => archive.close());

function fixture(
  path: string,
  line: (address: string, name: string) => string,
  places: { readonly good: string; readonly dead: string },
  more: Readonly<Record<string, string>>,
  installed: Package,
): ArchiveFixture {
  const files = (...addresses: readonly string[]): ReadonlyMap<string, Uint8Array> =>
    new Map(
      Object.entries({ ...more, [path]: addresses.map((one, n) => line(one, `r${n}`)).join('\n') }).map(
        ([name, text]) => [name, Buffer.from(text)],
      ),
    );
  return {
    files: files(archive.uri + places.good),
    halfDead: files(archive.uri + places.good, archive.uri + places.dead),
    metadata: files(nowhere + places.good),
    installed,
    requests: () => archive.log.length,
  };
}

describeArchiveFamily('apt', createAptFamily, () =>
  fixture(
    'etc/apt/sources.list',
    (address) => `deb ${address} main`,
    { good: ' stable', dead: ' gone' },
    { 'etc/apt/trusted.gpg.d/test.asc': pgp.publicKey },
    { name: 'base', version: '1.0', architecture: 'amd64' },
  ),
);

describeArchiveFamily('apk', createApkFamily, () =>
  fixture(
    'etc/apk/repositories',
    (address) => address,
    { good: 'v3/main', dead: 'v3/gone' },
    { 'etc/apk/keys/test.rsa.pub': apk.publicKey },
    { name: 'base', version: '1.0-r0', architecture: 'x86_64' },
  ),
);

describeArchiveFamily('rpm', createRpmFamily, () =>
  fixture(
    'etc/yum.repos.d/test.repo',
    (address, name) => `[${name}]\nbaseurl=${address}\nrepo_gpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/KEY\n`,
    { good: 'rpm/', dead: 'gone/' },
    { 'etc/pki/rpm-gpg/KEY': pgp.publicKey },
    { name: 'base', version: '1.0-1', architecture: 'x86_64' },
  ),
);
