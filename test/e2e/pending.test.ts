import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, cli } from '../support/cli.ts';
import { type FakeArchive, makeKey, publishSuite, type SigningKey, startFakeArchive } from '../support/fake-archive.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, temporaryTree } from '../support/fleet.ts';
import { image, layer } from '../support/image-builder.ts';

let registry: FakeRegistry;
let archive: FakeArchive;
let key: SigningKey;
let tree: { folder: string; remove: () => void };

beforeAll(async () => {
  [registry, archive, key] = await Promise.all([startFakeRegistry(), startFakeArchive(), makeKey()]);
});
afterAll(() => Promise.all([registry.close(), archive.close()]));
beforeEach(async () => {
  tree = temporaryTree({});
  archive.files.clear();
  await publishSuite(archive, {
    suite: 'stable',
    packages: [
      { name: 'tzdata', version: '2026a' },
      { name: 'libssl3', version: '3.0.16' },
    ],
    key,
  });
  await publishSuite(archive, { suite: 'stable-security', packages: [{ name: 'libssl3', version: '3.0.17' }], key });
  return () => tree.remove();
});

const installed = { libssl3: '3.0.15', tzdata: '2025b', base: '1' };

function pending(sources: readonly string[], ...options: string[]): Promise<CliResult> {
  push(
    registry,
    'library/debian',
    debianImage(installed, {
      files: {
        'etc/apt/sources.list': sources.join('\n'),
        'usr/share/keyrings/archive.asc': key.publicKey,
      },
    }),
    '12',
  );
  return cli(['pending', `${registry.host}/library/debian:12`, '--cache', `${tree.folder}/cache`, ...options], {
    cwd: tree.folder,
  });
}

const source = (suite: string, uri = archive.uri): string =>
  `deb [signed-by=/usr/share/keyrings/archive.asc] ${uri} ${suite} main`;

describe('plimsoll pending', () => {
  it('shows security first, who was asked, and the cost', async () => {
    const { code, stdout, stderr } = await pending([source('stable'), source('stable-security')]);
    expect(stderr).toBe('');
    expect(
      stdout
        .replaceAll(archive.uri, 'ARCHIVE ')
        .replace(/key [0-9A-F]{16}/g, 'key K')
        .replace(/cost: .*/, 'cost'),
    ).toBe(
      `${registry.host}/library/debian:12 (linux/amd64, debian 12)

security (1)
  libssl3  3.0.15 → 3.0.17  stable-security

other (1)
  tzdata   2025b  → 2026a   stable

verified  ARCHIVE   stable           signed by key K
verified  ARCHIVE   stable-security  signed by key K

2 packages pending, 1 of them security
the image has no package manager: only a newer base brings them
cost
`,
    );
    expect(code).toBe(0);
  });

  it('prints the document', async () => {
    const { code, stdout } = await pending([source('stable'), source('stable-security')], '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      image: { reference: `${registry.host}/library/debian:12`, platform: 'linux/amd64' },
      packages: [
        {
          name: 'libssl3',
          installed: '3.0.15',
          candidate: '3.0.17',
          suite: 'stable-security',
          security: true,
          advisories: [],
        },
        { name: 'tzdata', installed: '2025b', candidate: '2026a', suite: 'stable', security: false, advisories: [] },
      ],
      complete: true,
      problems: [],
    });
    expect(code).toBe(0);
  });

  it.each([
    ['an archive that is gone', () => [source('stable'), source('oldest')], 'archive-gone', 2],
    ['a host that does not answer', () => [source('stable', 'http://127.0.0.1:1/')], 'archive-unreachable', 0],
    ['a source that is not read', () => [source('stable'), 'deb cdrom:[Debian]/ stable main'], 'apt-source-cdrom', 2],
    ['no source at all', () => [], 'no-repositories', 0],
  ])('says that there may be more with %s, and exits 3', async (_, sources, problem, rows) => {
    const { code, stdout } = await pending(sources(), '--format', 'json');
    const document = JSON.parse(stdout) as { packages: unknown[]; complete: boolean; problems: { code: string }[] };
    expect(document.problems.map((one) => one.code)).toEqual([problem]);
    expect(document).toMatchObject({ complete: false });
    expect(document.packages).toHaveLength(rows);
    expect(code).toBe(3);
    const text = await pending(sources());
    expect(text.stdout).toContain('not everything could be read, so there may be more');
    expect(text.stdout).not.toContain('nothing is pending');
  });

  it('counts as security what is known to be, where it is not known of all', async () => {
    const { stdout } = await pending([source('stable')]);
    expect(stdout).toContain('security or not is not known (2)');
    expect(stdout).toContain('2 packages pending, 0 of them known to be security\n');
  });

  it('says when nothing is pending', async () => {
    await publishSuite(archive, { suite: 'stable', packages: [{ name: 'base', version: '1' }], key });
    const { code, stdout } = await pending([source('stable')]);
    expect(stdout).toContain('nothing is pending');
    expect(code).toBe(0);
  });

  it('says which packages no archive can be asked about', async () => {
    const desc = '%NAME%\nbash\n\n%VERSION%\n5.2-1\n\n%ARCH%\nx86_64\n';
    const arch = image({
      layers: [layer({ 'etc/os-release': 'ID=arch\n', 'var/lib/pacman/local/bash-5.2-1/desc': desc })],
    });
    push(registry, 'library/archlinux', arch, '1');
    const target = `${registry.host}/library/archlinux:1`;
    const { code, stdout } = await cli(['pending', target, '--cache', 'none'], { cwd: tree.folder });
    expect(stdout).toContain('for which no archive can be asked');
    expect(code).toBe(3);
  });
});
