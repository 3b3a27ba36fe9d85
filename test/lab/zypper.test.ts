import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import type { Inventory } from '../../src/core/package.ts';
import { atOnce } from '../../src/core/time/turns.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import type { Candidate } from '../../src/packages/archives/archive-family.ts';
import { readInventory } from '../../src/packages/inventory.ts';
import { createRpmFamily } from '../../src/packages/rpm/rpm-family.ts';
import { type FakeArchive, startFakeArchive } from '../support/fake-archive.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { runTool, startTool } from './support/run-tool.ts';

const suse = 'SUSE LLC <https://www.suse.com/>';
const home = 'obs://build.opensuse.org/home:x';
interface Built {
  readonly name: string;
  readonly version: string;
  readonly vendor: string;
  readonly obsoletes?: string;
  readonly in: 'installed' | 'za' | 'zb' | 'zc' | 'zd' | 'ze';
}
const names = ['vend', 'both', 'lockd', 'prioz', 'lock-more', 'open', 'none', 'old-a', 'old-b', 'old-c', 'old-d'];
const built: readonly Built[] = [
  ...names.map((name): Built => ({ name, version: '1.0', vendor: name === 'none' ? '' : suse, in: 'installed' })),
  ...['both', 'lockd', 'prioz', 'lock-more'].map((name): Built => ({ name, version: '1.1', vendor: suse, in: 'za' })),
  { name: 'vend', version: '2.0', vendor: home, in: 'zb' },
  { name: 'both', version: '3.0', vendor: home, in: 'zb' },
  { name: 'none', version: '2.0', vendor: home, in: 'zb' },
  { name: 'open', version: '2.0', vendor: 'openSUSE', in: 'zb' },
  { name: 'prioz', version: '9.0', vendor: 'SUSE Linux Products GmbH', in: 'zc' },
  { name: 'lockd', version: '2.0', vendor: suse, in: 'zc' },
  { name: 'new-a', version: '2.0', vendor: suse, obsoletes: 'old-a < 2', in: 'zd' },
  { name: 'new-b2', version: '2.0', vendor: suse, obsoletes: 'old-b', in: 'zd' },
  { name: 'new-b1', version: '1.0', vendor: suse, obsoletes: 'old-b', in: 'ze' },
  { name: 'new-c', version: '2.0', vendor: home, obsoletes: 'old-c <= 1.0', in: 'ze' },
  { name: 'old-d', version: '1.1', vendor: suse, in: 'zd' },
  { name: 'new-d', version: '2.0', vendor: suse, obsoletes: 'old-d < 2', in: 'ze' },
];
const rpmOf = ({ name, version, in: place }: Built): string =>
  `build-${place}/RPMS/noarch/${name}-${version}-1.noarch.rpm`;

let folder: string;
let root: string;
let server: FakeArchive;
let inventory: Inventory;

beforeAll(async () => {
  installDebianPackages(['rpm', 'createrepo-c', 'zypper']);
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-zypper-'));
  root = path.join(folder, 'root');
  server = await startFakeArchive();
  for (const place of ['installed', 'za', 'zb', 'zc', 'zd', 'ze'] as const) build(place);
  mkdirSync(path.join(root, 'etc/zypp/repos.d'), { recursive: true });
  const options = ['--root', root, '--dbpath', '/var/lib/rpm', '--nodeps', '--justdb', '--nosignature'];
  runTool('rpm', [
    ...options,
    '-i',
    ...built.filter((one) => one.in === 'installed').map((one) => path.join(folder, rpmOf(one))),
  ]);
  // libzypp opens rpm's database where Debian's rpm has it by default, too.
  cpSync(path.join(root, 'var/lib/rpm'), path.join(root, 'root/.rpmdb'), { recursive: true });
  const database = path.join(root, 'var/lib/rpm');
  inventory = atOnce(
    readInventory(
      new Map([
        ['etc/os-release', Buffer.from('ID="opensuse-leap"\nVERSION_ID="15.6"\n')],
        ...readdirSync(database)
          .filter((name) => /^rpmdb\.sqlite(?:-wal)?$/.test(name))
          .map((name) => [`var/lib/rpm/${name}`, readFileSync(path.join(database, name))] as const),
      ]),
    ),
  );
}, 400_000);
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function build(place: Built['in']): void {
  const own = built.filter((one) => one.in === place);
  const specs = own.map(({ name, version, vendor, obsoletes }) => {
    const spec = path.join(folder, `${place}-${name}.spec`);
    const lines = [
      `Name: ${name}`,
      `Version: ${version}`,
      'Release: 1',
      'Summary: x',
      'License: MIT',
      'BuildArch: noarch',
    ];
    writeFileSync(
      spec,
      [
        ...lines,
        ...(vendor ? [`Vendor: ${vendor}`] : []),
        ...(obsoletes ? [`Obsoletes: ${obsoletes}`] : []),
        '%description',
        'x',
        '%files',
        '',
      ].join('\n'),
    );
    return spec;
  });
  const defines = ['--define', `_topdir ${folder}/build-${place}`, '--define', '_build_id_links none'];
  runTool('rpmbuild', ['-bb', '--quiet', ...defines, ...specs], { seconds: 300 });
  if (place === 'installed') return;
  const repository = path.join(folder, place);
  mkdirSync(repository);
  for (const one of own) cpSync(path.join(folder, rpmOf(one)), path.join(repository, path.basename(rpmOf(one))));
  runTool('createrepo_c', ['--quiet', repository]);
  for (const sub of ['repodata', '']) {
    for (const entry of readdirSync(path.join(repository, sub), { withFileTypes: true })) {
      const file = path.join(sub, entry.name);
      if (entry.isFile()) server.files.set(`${place}/${file}`, readFileSync(path.join(repository, file)));
    }
  }
}

const repo = (id: string, ...more: readonly string[]): string =>
  [`[${id}]`, `name=${id}`, 'enabled=1', `baseurl=${server.uri}${id}`, 'type=rpm-md', 'gpgcheck=0', ...more, ''].join(
    '\n',
  );

const options = (): readonly string[] => ['--root', root, '--non-interactive', '--no-gpg-checks', '--quiet'];

/** What zypper would do: the names that come and those that go, as its lists in words have them. */
async function changes(): Promise<{ readonly come: readonly string[]; readonly go: readonly string[] }> {
  await startTool('zypper', [...options(), 'refresh', '--force'], 60);
  const told = await startTool('zypper', [...options(), '--no-refresh', 'update', '--dry-run'], 60);
  const namesBehind = (title: RegExp): readonly string[] => {
    const lines = told.split('\n');
    const at = lines.findIndex((line) => title.test(line));
    return at < 0 ? [] : (lines[at + 1] ?? '').trim().split(/ +/).sort();
  };
  return { come: namesBehind(/NEW packages? /), go: namesBehind(/ REMOVED:/) };
}

/** `name candidate` of zypper's own table. */
async function zypper(): Promise<readonly string[]> {
  await startTool('zypper', [...options(), 'refresh', '--force'], 60);
  const table = await startTool('zypper', [...options(), '--no-refresh', 'list-updates'], 60);
  return table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([mark]) => mark === 'v')
    .map(([, , name, , candidate]) => `${name} ${candidate}`)
    .sort();
}

/** The files of an image with these repositories, `id[:priority]`, written to the root, too. */
function configure(
  own: Readonly<Record<string, string>>,
  repositories: readonly string[],
): Readonly<Record<string, string>> {
  const files: Record<string, string> = { ...own };
  for (const one of repositories) {
    const [id = '', priority] = one.split(':');
    files[`etc/zypp/repos.d/${id}.repo`] = repo(id, ...(priority ? [`priority=${priority}`] : []));
  }
  rmSync(path.join(root, 'etc/zypp'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  process.env['ZYPP_CONF'] = path.join(root, 'etc/zypp/zypp.conf');
  return files;
}

async function candidates(files: Readonly<Record<string, string>>): Promise<readonly Candidate[]> {
  const http = new HttpClient({ userAgent: 'test' });
  const now = 1_700_000_000_000;
  const deps = { http, cache: memoryCache(), now, reach: 'loopback', maxAge: 1000, fileTime: 10_000 } as const;
  const reading = await createRpmFamily(deps).read({
    os: inventory.os,
    packages: inventory.packages,
    files: new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
    names: new Set(),
  });
  http.close();
  expect(reading.problems).toEqual([]);
  return atOnce(reading.candidates());
}

async function ours(files: Readonly<Record<string, string>>): Promise<{ pending: string[]; held: string[] }> {
  const found = await candidates(files);
  const of = (held: boolean): string[] =>
    found
      .filter((one) => (one.held === true) === held)
      .map(({ name, candidate }) => `${name} ${candidate}`)
      .sort();
  return { pending: of(false), held: of(true) };
}

const lock = (...lines: readonly string[]): string => ['', ...lines, ''].join('\n');
const aLock = (name: string, match = 'glob'): string =>
  lock('type: package', `match_type: ${match}`, 'case_sensitive: on', `solvable_name: ${name}`);

describe('what zypper itself would update', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['keeps vendors', {}, ['za', 'zb']],
    ['keeps vendors of one beginning', {}, ['za', 'zb', 'zc']],
    ['any vendor', { 'etc/zypp/zypp.conf': '[main]\nsolver.allowVendorChange = true\n' }, ['za', 'zb', 'zc']],
    [
      'vendors of a class',
      { 'etc/zypp/vendors.d/x.conf': '[main]\nvendors = suse,opensuse,obs://build.opensuse.org\n' },
      ['za', 'zb', 'zc'],
    ],
    ['priorities', {}, ['za:10', 'zb', 'zc']],
    ['a lock', { 'etc/zypp/locks': aLock('lockd') }, ['za', 'zb', 'zc']],
    ['a glob', { 'etc/zypp/locks': aLock('lock*') }, ['za', 'zb', 'zc']],
    ['exact', { 'etc/zypp/locks': aLock('lock', 'exact') + aLock('both', 'exact') }, ['za', 'zb', 'zc']],
    ['a part, in any case', { 'etc/zypp/locks': lock('type: package', 'solvable_name: OCK') }, ['za', 'zb', 'zc']],
    [
      'a version',
      {
        'etc/zypp/locks': lock('type: package', 'match_type: exact', 'solvable_name: lockd', 'version: >= 2.0'),
      },
      ['za', 'zb', 'zc'],
    ],
    ['of a repository', { 'etc/zypp/locks': `${aLock('lockd').trimEnd()}\nrepo: zc\n` }, ['za', 'zb', 'zc']],
    ['of something else', { 'etc/zypp/locks': aLock('lockd').replace('package', 'patch') }, ['za', 'zb', 'zc']],
  ])(
    'is what is pending: %s',
    async (_name, own, repositories) => {
      const files = configure(own, repositories);
      const { pending, held } = await ours(files);
      const expected = await zypper();
      expect(expected.length).toBeGreaterThan(1);
      expect(pending).toEqual(expected);
      if (files['etc/zypp/locks'] === undefined) expect(held).toEqual([]);
    },
    120_000,
  );

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['as they are', {}, ['zd', 'ze']],
    ['one before the other', {}, ['zd:10', 'ze']],
    ['any vendor', { 'etc/zypp/zypp.conf': '[main]\nsolver.allowVendorChange = true\n' }, ['zd', 'ze:10']],
    ['a lock on the old', { 'etc/zypp/locks': aLock('old-a') }, ['zd', 'ze']],
    ['a lock on the new', { 'etc/zypp/locks': aLock('new-b*') }, ['zd', 'ze']],
  ])(
    'is replaced by what zypper would replace it with: %s',
    async (_name, own, repositories) => {
      const found = (await candidates(configure(own, repositories))).flatMap(({ name, replacedBy, held }) =>
        replacedBy === undefined || held ? [] : [{ name, replacedBy }],
      );
      const { come, go } = await changes();
      expect(go.length).toBeGreaterThan(0);
      expect(found.map(({ replacedBy }) => replacedBy).sort()).toEqual(come);
      expect(found.map(({ name }) => name).sort()).toEqual(go);
    },
    120_000,
  );
});
