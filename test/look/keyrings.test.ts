import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localKinds } from '../../src/local/index.ts';
import { parseLocal } from '../../src/local/local-images.ts';
import { findPending, type Pending } from '../../src/look/pending-packages.ts';
import { type FakeArchive, makeKey, publishSuite, type SigningKey, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { publishRpms } from '../support/fake-rpm.ts';
import { push } from '../support/fleet.ts';
import { type BuiltLayer, image, layer, type TarInput, type TarInputs, tar } from '../support/image-builder.ts';
import { testApp } from '../support/test-app.ts';

let archive: FakeArchive;
let registry: FakeRegistry;
let ours: SigningKey;
let stranger: SigningKey;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-keyrings-'));
  [archive, registry] = await Promise.all([startFakeArchive(), startFakeRegistry()]);
  [ours, stranger] = await Promise.all([makeKey(), makeKey()]);
  const packages = [{ name: 'libfoo1', version: '2.0' }];
  await publishSuite(archive, { suite: 'stable', packages, key: ours });
  await publishSuite(archive, { suite: 'tampered', packages, key: stranger });
  await publishRpms(archive, 'rpm/', { packages: [{ name: 'base', version: '1.1-1' }], updates: [], key: ours });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all([archive.close(), registry.close()]);
});

type Root = readonly TarInput[];

const file = (name: string, content: string | Uint8Array): TarInput => ({ path: name, content });
const link = (name: string, target: string): TarInput => ({ path: name, type: 'symlink', link: target });

/** A Debian whose only source has these options. */
const debian = (options: string, suite = 'stable'): Root => [
  file('etc/os-release', 'ID=debian\nVERSION_ID="12"\n'),
  file('var/lib/dpkg/status', 'Package: libfoo1\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n'),
  file('etc/apt/sources.list', `deb [${options}] ${archive.uri} ${suite} main\n`),
];

async function pendingOf(reference: string, manifest?: string): Promise<Pending> {
  const local = parseLocal(reference, localKinds);
  // A minute from now: what the tests sign is signed before that.
  const app = testApp({ now: Date.now() + 60_000 });
  try {
    const place = local ?? { registry: registry.host, repository: reference };
    const digest = manifest ?? (await app.local.open(place)).root;
    return await findPending(place, digest as never, app.run);
  } finally {
    app.close();
  }
}

let count = 0;
const ofLayers = (...layers: readonly BuiltLayer[]): Promise<Pending> => {
  const repository = `keyrings/${++count}`;
  return pendingOf(repository, push(registry, repository, image({ layers })));
};

/** Each way in which an image may lie somewhere. */
const ways: readonly (readonly [string, (root: Root) => Promise<Pending>])[] = [
  ['in a registry', (root) => ofLayers(layer(root))],
  [
    'as an archive',
    (root) => {
      const place = path.join(folder, `${++count}.tar`);
      writeFileSync(place, tar(root));
      return pendingOf(`tar:${place}`);
    },
  ],
  [
    'as a folder',
    (root) => {
      const place = path.join(folder, `${++count}`);
      for (const one of root) {
        const name = path.join(place, one.path);
        mkdirSync(path.dirname(name), { recursive: true });
        if (one.link === undefined) writeFileSync(name, one.content ?? '');
        else symlinkSync(one.link, name);
      }
      return pendingOf(`dir:${place}`);
    },
  ],
];

const seen = ({ packages, repositories, complete }: Pending): unknown => ({
  packages: packages.map(({ name }) => name),
  trust: repositories.map(({ trust }) => trust),
  complete,
});
const believed = { packages: ['libfoo1'], trust: ['verified'], complete: true };
const refused = { packages: [], trust: ['refused'], complete: false };

describe.each(ways)('a keyring that Signed-By names, of an image %s,', (_, look) => {
  it.each([
    ['/usr/local/share/keyrings/vendor.gpg', [['usr/local/share/keyrings/vendor.gpg']]],
    ['/opt/acme/keys/vendor', [['opt/acme/keys/vendor']]],
    ['/vendor.gpg', [['vendor.gpg']]],
    ['/opt/acme/./keys/../vendor.asc', [['opt/acme/vendor.asc']]],
    ['/etc/apt/keyrings/vendor.asc', [['srv/v.asc'], ['etc/apt/keyrings/vendor.asc', '../../../srv/v.asc']]],
    ['/opt/keys/vendor.asc', [['srv/k/vendor.asc'], ['opt/keys', '/srv/k']]],
    ['/opt/keys/a.asc', [['srv/k/b.asc'], ['opt/keys', '/srv/k'], ['srv/k/a.asc', 'b.asc']]],
    // `..` stops at the image's root.
    ['/etc/apt/keyrings/vendor.asc', [['srv/v.asc'], ['etc/apt/keyrings/vendor.asc', '../../../../../../srv/v.asc']]],
  ] as const)('is read at %s', async (named, entries) => {
    const root = (key: SigningKey): Root =>
      entries.map(([name, target]) => (target === undefined ? file(name, key.publicKey) : link(name, target)));
    expect(seen(await look([...debian(`signed-by=${named}`), ...root(ours)]))).toEqual(believed);
    const other = await look([...debian(`signed-by=${named}`, 'tampered'), ...root(ours)]);
    expect(seen(other)).toEqual(refused);
    expect(other.problems[0]?.message).toContain('is not among those the image trusts');
  });

  it.each([
    ['is not there', []],
    ['leads nowhere', [link('opt/k/vendor.gpg', '/nowhere/vendor.gpg')]],
    ['leads to itself', [link('opt/k/vendor.gpg', 'vendor.gpg')]],
    ['is a folder', [file('opt/k/vendor.gpg/x.gpg', 'x')]],
  ])('is nobody when it %s, whatever else the image trusts', async (_name, entries) => {
    const root = [
      ...debian('signed-by=/opt/k/vendor.gpg'),
      file('etc/apt/trusted.gpg.d/a.asc', ours.publicKey),
      ...entries,
    ];
    const pending = await look(root);
    expect(seen(pending)).toEqual(refused);
    expect(pending.problems[0]?.message).toContain('/opt/k/vendor.gpg that Signed-By names could not be read');
  });

  it('is one of several', async () => {
    const root = debian('signed-by=/opt/a.gpg,/opt/b.asc');
    expect(seen(await look([...root, file('opt/b.asc', ours.publicKey)]))).toEqual(believed);
    expect(seen(await look([...root, file('opt/b.asc', stranger.publicKey)]))).toEqual(refused);
  });
});

describe('the layers of an image', () => {
  const base = (): BuiltLayer =>
    layer([...debian('signed-by=/opt/k/vendor.asc'), file('opt/k/vendor.asc', ours.publicKey)]);

  it.each<[string, TarInputs, unknown]>([
    ['deletes it', { 'opt/k/.wh.vendor.asc': '' }, refused],
    ['deletes its folder', { 'opt/.wh.k': '' }, refused],
    ['empties its folder', { 'opt/k/.wh..wh..opq': '' }, refused],
    ['puts a file in the place of its folder', { 'opt/k': '' }, refused],
    ['has nothing to do with it', { 'opt/other/vendor.asc': 'x' }, believed],
  ])('tell of a keyring: a later one %s', async (_, inputs, expected) => {
    expect(seen(await ofLayers(base(), layer(inputs)))).toEqual(expected);
  });

  it('replace a keyring', async () => {
    const pending = await ofLayers(base(), layer({ 'opt/k/vendor.asc': stranger.publicKey }));
    expect(seen(pending)).toEqual(refused);
  });

  it('name one by a source that lies elsewhere itself', async () => {
    const [release, status, source] = debian('signed-by=/opt/k/vendor.asc') as [TarInput, TarInput, TarInput];
    const root: Root = [
      release,
      status,
      link('etc/apt/sources.list', '/srv/sources'),
      { ...source, path: 'srv/sources' },
      file('opt/k/vendor.asc', ours.publicKey),
    ];
    expect(seen(await ofLayers(layer(root)))).toEqual(believed);
  });

  it('are read once more where a keyring lies elsewhere, and once where it lies where keyrings do', async () => {
    const fetches = async (name: string): Promise<number> => {
      registry.log.length = 0;
      await ofLayers(layer([...debian(`signed-by=/${name}`), file(name, ours.publicKey)]));
      return registry.log.filter(({ path: asked }) => asked.includes('/blobs/')).length;
    };
    const usual = await fetches('usr/share/keyrings/vendor.asc');
    expect(await fetches('opt/vendor.asc')).toBe(usual + 1);
  });
});

describe('sources that contradict each other', () => {
  it('are all refused, the good ones too, and nothing is asked', async () => {
    const root: Root = [
      ...debian('signed-by=/usr/share/keyrings/a.asc'),
      file('etc/apt/sources.list.d/b.list', `deb [signed-by=/etc/apt/keyrings/a.asc] ${archive.uri} stable main\n`),
      file('etc/apt/sources.list.d/c.list', `deb [signed-by=/usr/share/keyrings/a.asc] ${archive.uri} tampered main\n`),
      file('usr/share/keyrings/a.asc', ours.publicKey),
      file('etc/apt/keyrings/a.asc', ours.publicKey),
    ];
    archive.log.length = 0;
    const pending = await ofLayers(layer(root));
    expect(seen(pending)).toEqual({ packages: [], trust: [], complete: false });
    expect(pending.problems).toMatchObject([
      { code: 'apt-sources-conflict', subject: 'etc/apt/sources.list.d/b.list:1' },
    ]);
    expect(pending.problems[0]?.message).toMatch(
      /refuses all its sources.*etc\/apt\/sources\.list:1 and etc\/apt\/sources\.list\.d\/b\.list:1 .* stable different values of Signed-By/,
    );
    expect(archive.log).toEqual([]);
  });
});

describe('a release that apt is told to prefer', () => {
  const look = (name: string): Promise<Pending> =>
    ofLayers(
      layer([
        ...debian('signed-by=/usr/share/keyrings/a.asc'),
        file('usr/share/keyrings/a.asc', ours.publicKey),
        file('etc/apt/apt.conf.d/99release', `APT::Default-Release "${name}";\n`),
      ]),
    );

  it.each(['stable', 'STABLE', 'sta*', '/^sta/', 'n=other'])('is there as %s', async (name) => {
    const { packages, problems } = await look(name);
    expect(packages).toHaveLength(1);
    expect(problems).toEqual([]);
  });

  it('keeps apt from doing anything where no source has it', async () => {
    const pending = await look('bookworm');
    expect(seen(pending)).toMatchObject({ packages: [], complete: false });
    expect(pending.problems).toMatchObject([
      { code: 'apt-release-missing', message: expect.stringContaining('APT::Default-Release is "bookworm"') },
    ]);
  });
});

describe('a key that gpgkey of a repository with repo_gpgcheck names', () => {
  const look = (entries: Root, key = 'file:///opt/k/KEY-$releasever'): Promise<Pending> =>
    ofLayers(
      layer([
        file('etc/os-release', 'ID=fedora\nVERSION_ID=42\n'),
        file(
          'var/lib/rpmmanifest/container-manifest-2',
          'base\t1.0-1\t1\t1\tFedora Project\t(none)\t1\tx86_64\t0\tbase-1.0-1.src.rpm\n',
        ),
        file('etc/yum.repos.d/a.repo', `[a]\nbaseurl=${archive.uri}rpm/\nrepo_gpgcheck=1\ngpgkey=${key}\n`),
        ...entries,
      ]),
    );

  it('is read wherever it lies', async () => {
    expect(seen(await look([file('opt/k/KEY-42', ours.publicKey)]))).toEqual({ ...believed, packages: ['base'] });
    expect(seen(await look([file('opt/k/KEY-42', stranger.publicKey)]))).toEqual(refused);
  });

  it('is nobody when it is not there', async () => {
    const pending = await look([file('etc/pki/rpm-gpg/KEY', ours.publicKey)]);
    expect(seen(pending)).toEqual(refused);
    expect(pending.problems[0]?.message).toContain('opt/k/KEY-42 that gpgkey names could not be read');
  });

  it('is not asked for on the network', async () => {
    expect(seen(await look([], 'https://127.0.0.1:1/key'))).toEqual({
      packages: ['base'],
      trust: ['unverified'],
      complete: true,
    });
  });
});
