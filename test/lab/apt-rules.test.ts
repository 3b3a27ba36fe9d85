import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localKinds } from '../../src/local/index.ts';
import { parseLocal } from '../../src/local/local-images.ts';
import { findPending } from '../../src/look/pending-packages.ts';
import { type FakeArchive, publishSuite, startFakeArchive } from '../support/fake-archive.ts';
import { testApp } from '../support/test-app.ts';

const run = promisify(execFile);
const architectures = ['amd64', 'i386'] as const;
const states = [
  'install ok installed',
  'install ok unpacked',
  'install ok half-configured',
  'install ok triggers-pending',
  'install ok triggers-awaited',
  'install reinstreq half-installed',
  'deinstall ok config-files',
  'purge ok not-installed',
  'deinstall ok installed',
  'hold ok unpacked',
];
const nameOf = (state: string): string => `p-${state.replaceAll(' ', '-')}`;

let archive: FakeArchive;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-apt-rules-'));
  archive = await startFakeArchive();
  // One suite with an index for each architecture: the Release of the last names them all.
  const offered = {
    amd64: [
      { name: 'app', version: '2.0', source: 'app-src (2)' },
      ...states.map((one) => ({ name: nameOf(one), version: '2.0' })),
    ],
    i386: [
      { name: 'app', version: '2.0', architecture: 'i386', source: 'app-src (2)' },
      { name: 'lib32', version: '2.0', architecture: 'i386' },
    ],
  };
  const releases: string[] = [];
  for (const architecture of architectures) {
    await publishSuite(archive, {
      suite: 'stable',
      architecture,
      packages: offered[architecture],
      fields: { Architectures: architectures.join(' ') },
    });
    releases.push(Buffer.from(archive.files.get('dists/stable/Release') ?? []).toString());
  }
  const [first = '', second = ''] = releases;
  archive.files.set('dists/stable/Release', Buffer.from(second + first.slice(first.indexOf('SHA256:\n') + 8)));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await archive.close();
});

interface Case {
  readonly list?: string;
  readonly stanzas?: string;
  readonly preferences?: string;
  /** `APT::Default-Release`. */
  readonly release?: string;
  readonly enabled?: readonly string[];
  readonly status?: string;
}

const paragraph = (name: string, architecture: string, status = 'install ok installed'): string =>
  `Package: ${name}\nStatus: ${status}\nVersion: 1.0\nArchitecture: ${architecture}\nMaintainer: x <x@example.org>\nDescription: x\nMulti-Arch: same\n`;
const installed = [paragraph('app', 'amd64'), paragraph('app', 'i386'), paragraph('lib32', 'i386')].join('\n');
const good = 'deb [trusted=yes] @ stable main';

/** A root file system on which apt can work from outside. */
function rootOf({ list, stanzas, preferences, release, enabled = architectures, status = installed }: Case): string {
  const root = mkdtempSync(path.join(folder, 'root-'));
  const put = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content.replaceAll('@', archive.uri.replace(/\/$/, '')));
  };
  for (const name of ['var/lib/apt/lists/partial', 'var/cache/apt/archives/partial', 'etc/apt/preferences.d']) {
    mkdirSync(path.join(root, name), { recursive: true });
  }
  put('etc/os-release', 'ID=debian\nVERSION_ID="12"\n');
  put('etc/apt/sources.list', list ?? (stanzas === undefined ? good : ''));
  if (stanzas !== undefined) put('etc/apt/sources.list.d/a.sources', stanzas);
  if (preferences !== undefined) put('etc/apt/preferences', preferences);
  if (release !== undefined) put('etc/apt/apt.conf.d/10release', `APT::Default-Release "${release}";\n`);
  put('var/lib/dpkg/status', status);
  put('var/lib/dpkg/arch', enabled.join('\n'));
  return root;
}

/** What apt itself lists, `name:architecture candidate`, and whether it reads its sources at all. */
async function byApt(root: string, enabled: readonly string[]): Promise<{ rows: string[]; refuses: boolean }> {
  const config = path.join(root, 'apt.conf');
  const lines = [
    `Dir "${root}";`,
    `Dir::State::status "${root}/var/lib/dpkg/status";`,
    'Dir::Bin::Methods "/usr/lib/apt/methods";',
    'APT::Sandbox::User "root";',
    'APT::Architecture "amd64";',
    `APT::Architectures { ${enabled.map((one) => `"${one}";`).join(' ')} };`,
    'Acquire::Languages "none";',
    `Dir::Etc::Parts "${root}/etc/apt/apt.conf.d";`,
  ];
  writeFileSync(config, lines.join('\n'));
  const env = { ...process.env, APT_CONFIG: config, LC_ALL: 'C' };
  const update = await run('apt-get', ['update'], { env }).catch((error: { stderr: string }) => error);
  const listed = await run('apt', ['list', '--upgradable'], { env }).catch(() => ({ stdout: '' }));
  const rows = [...listed.stdout.matchAll(/^(?<name>[^/\n]+)\/\S+ (?<candidate>\S+) (?<architecture>\S+) \[up/gm)];
  return {
    rows: rows.map(({ groups = {} }) => `${groups['name']}:${groups['architecture']} ${groups['candidate']}`).sort(),
    refuses: update.stderr.includes('The list of sources could not be read'),
  };
}

async function byUs(root: string): Promise<{ rows: string[]; refuses: boolean }> {
  const app = testApp({ now: Date.now() });
  try {
    const place = parseLocal(`dir:${root}`, localKinds);
    if (place === undefined) throw new Error('no place');
    const { packages, problems } = await findPending(place, (await app.local.open(place)).root, app.run);
    return {
      rows: packages.map(({ name, architecture, candidate }) => `${name}:${architecture} ${candidate}`).sort(),
      refuses: problems.some(({ message }) => message.includes('refuses all its sources')),
    };
  } finally {
    app.close();
  }
}

async function expectSame(one: Case): Promise<string[]> {
  const root = rootOf(one);
  const real = await byApt(root, one.enabled ?? architectures);
  expect(await byUs(root)).toEqual(real);
  return real.rows;
}

describe('sources are read as apt reads them', () => {
  it('and the usual ones offer something', async () => {
    expect(await expectSame({})).toEqual(['app:amd64 2.0', 'app:i386 2.0', 'lib32:i386 2.0']);
  });

  it.each([
    'deb [trusted=yes arch=amd64] @ stable main\ndeb [trusted=yes arch=i386] @/ stable main',
    'deb [trusted=yes arch=i386] @ stable main\ndeb [trusted=yes arch=amd64] @ stable main',
    'deb [trusted=yes arch=i386] @ stable main\ndeb [trusted=yes] @ stable main',
    'deb [trusted=yes arch-=i386] @ stable main',
    'deb [trusted=yes arch=amd64 arch+=i386] @ stable main',
    'deb [trusted=yes arch=amd64 arch=i386] @ stable main',
    'deb [trusted=yes arch-=amd64,i386] @ stable main',
    'deb [trusted="yes" arch="amd64"] "@/" "stable" "main" # a remark',
    'deb [ trusted=yes  arch=amd64,i386 ] @ st%61ble main#x',
    'deb\t[x=y trusted=yes]\t@\tstable\tmain',
    'deb [trusted=yes]@ stable main',
    'deb [trusted] @ stable main',
    'deb [trusted=] @ stable main',
    'deb [trusted=yes] @ stable',
    'deb [trusted=yes] @ ./ main',
    'deb [trusted=yes] "@ stable main',
    'DEB [trusted=yes] @ stable main',
    `${good}\nfoo bar`,
    `${good}\ndeb-src [trusted] @ stable main`,
    `${good}\ndeb @ stable main`,
    `deb @ stable main\n${good}`,
    `${good}\ndeb-src @ stable main`,
    `${good}\ndeb [trusted=yes check-valid-until=no] @ stable contrib`,
    'deb [signed-by=/a.gpg] @ stable main\ndeb [signed-by=/b.gpg] @/ stable main',
    'deb [signed-by=/a.gpg] @ stable main\ndeb @ stable main',
    'deb [signed-by=/a.gpg] @ stable main\ndeb [signed-by=/b.gpg] @ stable contrib',
    'deb @ stable main\ndeb [signed-by=/a.gpg] @ stable main',
  ])('%s', async (list) => {
    await expectSame({ list });
  });

  it.each([[['amd64']], [['amd64', 'i386']]])('for %j', async (enabled) => {
    await expectSame({ enabled });
    await expectSame({ enabled, list: 'deb [trusted=yes arch=i386] @ stable main' });
    await expectSame({ enabled, list: 'deb [trusted=yes arch+=i386] @ stable main' });
  });

  const stanza = 'Types: deb\nURIs: @\nSuites: stable\nComponents: main\nTrusted: yes\n';

  it.each([
    stanza,
    stanza.toLowerCase(),
    `${stanza}Architectures: amd64\nArchitectures-Add: i386\n`,
    `${stanza}Architectures-Remove: i386\n`,
    `${stanza}Architectures: amd64,i386\n`,
    `${stanza}Enabled: no\n`,
    `${stanza}Enabled: sometimes\n`,
    stanza.replace('Types: deb', 'Types: deb deb-src'),
    stanza.replace('Types: deb\n', ''),
    stanza.replace('Types: deb', 'Types: rpm'),
    stanza.replace('URIs: @\n', ''),
    stanza.replace('Suites: stable\n', ''),
    stanza.replace('Components: main\n', ''),
    `${stanza}\n${stanza.replace('Trusted: yes\n', '').replace('deb', 'deb-src')}`,
  ])('%j', async (stanzas) => {
    await expectSame({ stanzas });
  });
});

describe('pins are followed as apt follows them', () => {
  it.each([
    'app',
    'app:i386',
    'app:amd64',
    'app:any',
    'app:*',
    'ap*',
    'ap*:i386',
    'ap*:any',
    '/^ap/',
    '/^ap/:i386',
    'src:app-src',
    'src:app*',
    'src:app-src:i386',
    'src:app-src:any',
    'src:app:any',
    'lib32',
    'lib32:any',
    '*',
    '*:i386',
    '*:any',
    'app:linux-any',
    'app:any-i386',
    'lib32:i386 app',
    'APP:any',
    'AP*:any',
    '[al]*:any',
    '[!a]*:any',
    '?pp',
    'any:app',
  ])('Package: %s', async (name) => {
    await expectSame({ preferences: `Package: ${name}\nPin: release *\nPin-Priority: -1\n` });
  });

  it.each([
    'origin ""',
    'origin "127.0.0.1"',
    'origin "127*"',
    'origin /^127/',
    'version /^2/',
    'version 2.?',
    'release b=amd64',
    'release a=stab*',
    'release a=/^st/',
    'release stable',
    'release a=stable, b=amd64',
  ])('Pin: %s', async (pin) => {
    await expectSame({ preferences: `Package: app:any\nPin: ${pin}\nPin-Priority: -1\n` });
    await expectSame({ preferences: `Package: *\nPin: ${pin}\nPin-Priority: -1\n` });
  });
});

it.each(['stable', 'STABLE', 'sta*', '/^sta/', 'n=other', 'now', 'bookworm', '12*'])(
  'the release %s is preferred, or missed, as by apt',
  async (release) => {
    await expectSame({ release });
  },
);

it('packages in every state are installed that apt takes for installed', async () => {
  const status = states.map((state) => paragraph(nameOf(state), 'amd64', state)).join('\n');
  expect(await expectSame({ status })).toHaveLength(states.length - 2);
});
