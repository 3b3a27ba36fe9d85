import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { run } from '../../src/job/run.ts';
import { type FakeArchive, makeKey, publishSuite, type SigningKey, startFakeArchive } from '../support/fake-archive.ts';
import { runOn as runAt, type TestRun, temporaryTree } from '../support/fleet.ts';
import { tar } from '../support/image-builder.ts';
import { testApp } from '../support/test-app.ts';

let archive: FakeArchive;
let key: SigningKey;
let rootfs: Buffer;

beforeAll(async () => {
  [archive, key] = await Promise.all([startFakeArchive(), makeKey()]);
  const packages = [
    { name: 'apt', version: '2.6.1' },
    { name: 'openssl', version: '3.0.16-1' },
    { name: 'curl', version: '7.88-2' },
  ];
  await publishSuite(archive, { suite: 'bookworm', packages, key });
  const status = ['apt 2.6.1', 'openssl 3.0.15-1'].map((line) => {
    const [name, version] = line.split(' ');
    return `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`;
  });
  rootfs = gzipSync(
    tar({
      'etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
      'etc/apt/sources.list': `deb [signed-by=/usr/share/keyrings/archive.asc] ${archive.uri} bookworm main\n`,
      'usr/share/keyrings/archive.asc': key.publicKey,
      'var/lib/dpkg/status': status.join('\n'),
    }),
  );
});
afterAll(() => archive.close());

const runOn = (run: TestRun) => runAt({ now: Date.now(), ...run });
const own = 'FROM scratch\nADD rootfs.tar.gz /\n';

describe('a Dockerfile that builds its own base', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['beside it', 'a/rootfs.tar.gz', {}],
    ['at the root of the tree', 'rootfs.tar.gz', {}],
  ])('is lagging as an image would be, with the archive %s', async (_, place) => {
    const { record } = await runOn({ files: { 'a/Dockerfile': own, [place]: rootfs } });
    expect(record.problems).toEqual([]);
    expect(record.findings).toMatchObject([
      {
        class: 'lagging',
        subject: 'image',
        kind: 'add',
        written: 'rootfs.tar.gz',
        line: 2,
        column: 5,
        final: true,
        platforms: ['linux/amd64'],
        remedy: 'upgrade-line',
        reason: expect.stringMatching(/^The image is behind debian 12, which has 1 upgrade, /),
        packages: [{ name: 'openssl', before: '3.0.15-1', after: '3.0.16-1' }],
      },
    ]);
    expect(record.findings[0]?.reference).toBeUndefined();
  });

  it('needs only a build when its stage upgrades by itself', async () => {
    const { record } = await runOn({
      files: { Dockerfile: `${own}RUN apt-get update && apt-get upgrade -y\n`, 'rootfs.tar.gz': rootfs },
    });
    expect(record.findings).toMatchObject([{ class: 'lagging', remedy: 'rebuild' }]);
  });

  it('has its package pins checked against what the archive enables', async () => {
    const dockerfile = `${own}RUN apt-get update && apt-get install -y curl=7.88-1 apt=2.6.1\n`;
    const { record } = await runOn({ files: { Dockerfile: dockerfile, 'rootfs.tar.gz': rootfs } });
    expect(record.findings.filter(({ subject }) => subject === 'package')).toMatchObject([
      { class: 'pin-broken', written: 'curl=7.88-1', latest: { version: '7.88-2' }, remedy: 'edit' },
    ]);
  });

  it('says nothing when the archive is made just before the build', async () => {
    const { record } = await runOn({ files: { Dockerfile: `${own}RUN apt-get install -y curl=1\n` } });
    expect(record.findings).toEqual([]);
    expect(record.problems).toEqual([]);
  });

  it('reports an archive that is none, once', async () => {
    const { record } = await runOn({
      files: { Dockerfile: own, 'rootfs.tar.gz': 'version https://git-lfs.github.com/spec/v1\n' },
    });
    expect(record.findings).toEqual([]);
    expect(record.problems).toMatchObject([{ code: 'rootfs-unreadable', subject: 'Dockerfile:2' }]);
  });

  it('never looks at what lies outside the tree', async () => {
    const outside = temporaryTree({ 'rootfs.tar.gz': rootfs });
    const tree = temporaryTree({
      'in/Dockerfile': own,
      'in/b/Dockerfile': 'FROM scratch\nADD ../../rootfs.tar.gz /\n',
    });
    writeFileSync(path.join(tree.folder, 'rootfs.tar.gz'), rootfs);
    symlinkSync(path.join(outside.folder, 'rootfs.tar.gz'), path.join(tree.folder, 'in/rootfs.tar.gz'));
    const app = testApp({ now: Date.now() });
    try {
      const { record } = await run(
        {
          trees: [
            {
              path: path.join(tree.folder, 'in'),
              discovery: { formats, include: [], exclude: [] },
              platforms: { targets: [], build: { os: 'linux', architecture: 'amd64' } },
              policy: { rules: [], pin: false },
            },
          ],
          baseLines: [],
        },
        app.run,
      );
      expect(record.findings).toEqual([]);
      expect(record.problems).toEqual([]);
    } finally {
      app.close();
      tree.remove();
      outside.remove();
    }
  });
});

describe('a version that a comment names', () => {
  const dockerfile = (name: string): string =>
    `${own}# renovate: datasource=repology depName=debian_12/${name}\nENV VERSION=7.88-1\n`;

  it('is checked like one that a command names', async () => {
    const { record } = await runOn({ files: { Dockerfile: dockerfile('curl'), 'rootfs.tar.gz': rootfs } });
    expect(record.findings.filter(({ subject }) => subject === 'package')).toMatchObject([
      { class: 'pin-broken', line: 4, latest: { version: '7.88-2' } },
    ]);
  });

  it('is unknown when it may be no package at all', async () => {
    const { record } = await runOn({ files: { Dockerfile: dockerfile('project'), 'rootfs.tar.gz': rootfs } });
    expect(record.findings.filter(({ subject }) => subject === 'package')).toMatchObject([
      { class: 'unknown', problem: { code: 'pin-unknown' } },
    ]);
  });
});
