import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import type { Inventory } from '../../src/core/package.ts';
import { atOnce } from '../../src/core/time/turns.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import type { ArchivesReading } from '../../src/packages/archives/archive-family.ts';
import { readInventory } from '../../src/packages/inventory.ts';
import { createRpmFamily } from '../../src/packages/rpm/rpm-family.ts';
import { type FakeArchive, startFakeArchive } from '../support/fake-archive.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { runTool } from './support/run-tool.ts';

interface Built {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly architecture: string;
  /** `name:stream` */
  readonly module?: string;
  readonly obsoletes?: readonly string[];
}

/** Versions whose order is not that of their letters, oldest first by rpm-version(7). */
const versions = ['0.9', '1.0~rc1', '1.0', '1.0^git1', '1.0.1', '1.9', '1.10', '1.10a', '2_0', '2.1'];
const names = Array.from({ length: 24 }, (_, n) => `pkg-${n % 3 === 0 ? 'lib' : 'app'}-${n}`);
const folders = ['base', 'updates', 'extra'] as const;

/** The same choices in every run. */
let seed = 20_261_121;
function random(below: number): number {
  seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
  return (seed >> 8) % below;
}

const built: Built[] = names.flatMap((name, n) => {
  const count = 2 + random(3);
  const chosen = new Set(Array.from({ length: count }, () => random(versions.length)));
  return [...chosen].map((at, nth) => ({
    name,
    epoch: n % 7 === 0 ? String(1 + (at % 2)) : '',
    version: versions[at] ?? '',
    release: `${1 + random(2)}.el9`,
    // One that changes from a built package to one for all architectures, and back.
    architecture: n % 5 === 0 && nth % 2 === 0 ? 'noarch' : 'x86_64',
  }));
});
/** A module with two streams; the newest build is of the one that is not enabled. */
const modular: Built[] = [
  ['1.1', 'mod:1'],
  ['1.10', 'mod:1'],
  ['2.0', 'mod:2'],
].map(([version = '', module = '']) => ({
  name: 'mod-tool',
  epoch: '',
  version,
  release: `1.module+el9+${module.slice(-1)}`,
  architecture: 'x86_64',
  module,
}));
/** What is installed, and what replaces it: one kind of choice in each line. */
const olds = [...'abcdefghijklmn'].map((letter) => ({ ...plain(`old-${letter}`, '1.0'), release: '1' }));
const replacing: readonly Built[] = [
  plain('new-a', '2.0', 'old-a < 2', 'new-a < 1'),
  plain('new-b', '2.0', 'old-b <= 1.0'),
  plain('new-c', '2.0', 'old-c < 1.0'),
  plain('new-d', '2.0', 'old-d = 1.0-2'),
  ...[plain('new-e', '2.0', 'old-e'), plain('new-e', '3.0', 'old-e'), plain('new-e', '4.0')],
  ...[plain('old-f', '1.5'), plain('new-f', '2.0', 'old-f < 1.2')],
  ...[plain('old-g', '1.5'), plain('new-g', '2.0', 'old-g < 2')],
  ...[plain('new-h1', '1.0', 'old-h < 9'), plain('new-h2', '2.0', 'old-h < 9')],
  ...[plain('new-i', '2.0', 'old-i < 2'), plain('newer-i', '3.0', 'old-i < 2', 'new-i < 3')],
  ...[plain('new-j', '2.0', 'old-j < 2'), plain('newer-j', '3.0', 'new-j < 3')],
  { ...plain('new-k', '2.0', 'old-k < 2'), architecture: 'noarch' },
  // What is installed already takes the place of another.
  plain('old-m', '2.0', 'old-l < 2'),
  plain('new-n', '2.0', 'old-n < 1:0'),
];
function plain(name: string, version: string, ...obsoletes: readonly string[]): Built {
  return { name, epoch: '', version, release: '1.el9', architecture: 'x86_64', obsoletes };
}
const evr = ({ epoch, version, release }: Built): string => `${epoch === '' ? '' : `${epoch}:`}${version}-${release}`;
const file = ({ name, version, release, architecture }: Built): string =>
  `${name}-${version}-${release}.${architecture}.rpm`;

let folder: string;
let root: string;
let server: FakeArchive;
let inventory: Inventory;

beforeAll(async () => {
  installDebianPackages(['rpm', 'createrepo-c', 'dnf']);
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-dnf-'));
  root = path.join(folder, 'root');
  server = await startFakeArchive();
  for (const architecture of ['x86_64', 'noarch'])
    build([...built, ...modular, ...olds, ...replacing].filter((one) => one.architecture === architecture));
  // Any version of each, in an order of its own.
  const installed = names.flatMap((name) => {
    const own = built.filter((one) => one.name === name);
    return own[random(own.length)] ?? [];
  });
  mkdirSync(path.join(root, 'etc/yum.repos.d'), { recursive: true });
  const options = ['--root', root, '--nodeps', '--justdb', '--nosignature', '--ignorearch'];
  runTool('rpm', [...options, '-i', ...[...installed, ...modular.slice(0, 1), ...olds].map(rpmFile)]);
  const database = path.join(root, 'root/.rpmdb/rpmdb.sqlite');
  inventory = atOnce(
    readInventory(
      new Map([
        ['etc/os-release', Buffer.from('ID=rocky\nVERSION_ID=9.6\n')],
        ['var/lib/rpm/rpmdb.sqlite', readFileSync(database)],
        ...(readdirSync(path.dirname(database)).includes('rpmdb.sqlite-wal')
          ? ([['var/lib/rpm/rpmdb.sqlite-wal', readFileSync(`${database}-wal`)]] as const)
          : []),
      ]),
    ),
  );
  for (const [at, name] of folders.entries()) publishFolder(name, at);
  publishReplacing();
  publishModules('modules', ['modules', 'updateinfo']);
  publishModules('plain-modules', ['modules']);
}, 400_000);
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

function build(packages: readonly Built[]): void {
  const specs = packages.map((one) => {
    const spec = path.join(folder, `${file(one)}.spec`);
    const lines = [
      `Name: ${one.name}`,
      `Version: ${one.version}`,
      `Release: ${one.release}`,
      ...(one.epoch === '' ? [] : [`Epoch: ${one.epoch}`]),
      'Summary: x',
      'License: MIT',
      'Vendor: Rocky Enterprise Software Foundation',
      ...(one.module === undefined ? [] : [`ModularityLabel: ${one.module}:1:c`]),
      ...(one.architecture === 'noarch' ? ['BuildArch: noarch'] : []),
      ...(one.obsoletes ?? []).map((range) => `Obsoletes: ${range}`),
      '%description',
      'x',
      '%files',
      '',
    ];
    writeFileSync(spec, lines.join('\n'));
    return spec;
  });
  const defines = ['--define', `_topdir ${folder}/build`, '--define', '_build_id_links none'];
  const [{ architecture } = { architecture: '' }] = packages;
  runTool('rpmbuild', ['-bb', '--quiet', '--target', architecture, ...defines, ...specs], { seconds: 300 });
}

function rpmFile(one: Built): string {
  return path.join(folder, 'build/RPMS', one.architecture, file(one));
}

/** Every version is in one or two of the folders; each folder is compressed in another way and lists its updates. */
function publishFolder(name: string, at: number): void {
  const place = path.join(folder, name);
  mkdirSync(place);
  const own = built.filter((_, n) => n % 3 === at || n % 5 === at);
  for (const one of own) cpSync(rpmFile(one), path.join(place, file(one)));
  const ways = [
    ['--general-compress-type', 'gz'],
    ['--general-compress-type', 'xz'],
    ['--checksum', 'sha512'],
  ];
  runTool('createrepo_c', ['--quiet', ...(ways[at] ?? []), place]);
  const updates = own
    .filter((_, n) => n % 2 === 0)
    .map(
      (one, n) =>
        `<update from="x" status="final" type="${n % 3 === 0 ? 'bugfix' : 'security'}" version="1"><id>RLSA-${at}:${n}</id><title>t</title><severity>Important</severity><issued date="2026-01-01 00:00:00"/><references><reference href="https://x" id="CVE-2026-${10_000 + n}" type="cve" title="x"/></references><pkglist><collection short="x"><name>x</name><package name="${one.name}" version="${one.version}" release="${one.release}" epoch="${one.epoch || '0'}" arch="${one.architecture}" src="x"><filename>${file(one)}</filename></package></collection></pkglist></update>`,
    );
  const updateinfo = path.join(folder, `${name}-updateinfo.xml`);
  writeFileSync(updateinfo, `<?xml version="1.0"?>\n<updates>${updates.join('\n')}</updates>\n`);
  runTool('modifyrepo_c', ['--mdtype=updateinfo', updateinfo, path.join(place, 'repodata')]);
  serve(name);
}

function serve(name: string): void {
  const place = path.join(folder, name, 'repodata');
  for (const entry of readdirSync(place)) {
    server.files.set(`${name}/repodata/${entry}`, readFileSync(path.join(place, entry)));
  }
}

/** Two repositories, so that one may come before the other. */
function publishReplacing(): void {
  for (const [at, name] of ['replacing', 'replacing-more'].entries()) {
    const place = path.join(folder, name);
    mkdirSync(place);
    for (const one of replacing.filter((_, n) => n % 2 === at)) cpSync(rpmFile(one), path.join(place, file(one)));
    runTool('createrepo_c', ['--quiet', place]);
    serve(name);
  }
}

/** A repository of a module, with what dnf reads of modules (modules.yaml) and what is read here (updateinfo.xml). */
function publishModules(called: string, types: readonly string[]): void {
  const place = path.join(folder, called);
  mkdirSync(place);
  for (const one of modular) cpSync(rpmFile(one), path.join(place, file(one)));
  runTool('createrepo_c', ['--quiet', place]);
  const streams = ['1', '2'].map((stream) => {
    const own = modular.filter(({ module }) => module === `mod:${stream}`);
    const artifacts = own.map((one) => `      - ${one.name}-0:${one.version}-${one.release}.${one.architecture}`);
    return [
      '---',
      'document: modulemd',
      'version: 2',
      'data:',
      '  name: mod',
      `  stream: "${stream}"`,
      '  version: 1',
      '  context: c',
      '  arch: x86_64',
      '  summary: x',
      '  description: x',
      '  license: {module: [MIT]}',
      '  artifacts:',
      '    rpms:',
      ...artifacts,
      '...',
    ].join('\n');
  });
  const updates = modular.map((one, n) => {
    const stream = one.module?.slice(-1);
    return `<update type="bugfix"><id>RLBA-9:${n}</id><pkglist><collection><name>m</name><module name="mod" stream="${stream}" version="1" context="c" arch="x86_64"/><package name="${one.name}" version="${one.version}" release="${one.release}" epoch="0" arch="x86_64" src="x"><filename>${file(one)}</filename></package></collection></pkglist></update>`;
  });
  for (const [type, text] of [
    ['modules', `${streams.join('\n')}\n`],
    ['updateinfo', `<updates>${updates.join('')}</updates>`],
  ] as const) {
    if (!types.includes(type)) continue;
    const name = path.join(folder, `mod-${type}`);
    writeFileSync(name, text);
    runTool('modifyrepo_c', [`--mdtype=${type}`, name, path.join(place, 'repodata')]);
  }
  serve(called);
  mkdirSync(path.join(root, 'etc/dnf/modules.d'), { recursive: true });
}

async function runDnf(...more: readonly string[]): Promise<string> {
  const args = [`--installroot=${root}`, '-c', `${root}/etc/dnf/dnf.conf`, `--setopt=reposdir=${root}/etc/yum.repos.d`];
  const command = [...args, '--releasever=9', '--noplugins', '--refresh', ...more];
  const { stdout } = await promisify(execFile)('dnf', command, { timeout: 120_000 }).catch((error) => {
    // There are updates; nobody agreed to them.
    if (error.code === 100 || error.code === 1) return error as { stdout: string };
    throw error;
  });
  return stdout;
}

/** `old → new version`, from what dnf would do. */
async function replacedByDnf(): Promise<string[]> {
  const lines = (await runDnf('upgrade', '--assumeno')).split('\n');
  let taken = '';
  const found: string[] = [];
  for (const line of lines) {
    const old = /^ +replacing +(\S+)\.\S+ \S+$/.exec(line)?.[1];
    if (old !== undefined) found.push(`${old} → ${taken}`);
    else taken = /^ (\S+) +\S+ +(\S+) +\S+ +\S+ \S+$/.exec(line)?.slice(1).join(' ') ?? taken;
  }
  return found.sort();
}

/** dnf's own answer: `name.arch evr repository` in columns. */
async function dnf(...more: readonly string[]): Promise<string[]> {
  const stdout = await runDnf('-q', 'check-update', ...more);
  return [...stdout.matchAll(/^(\S+)\.(\S+) +(\S+) +(\S+) *$/gm)]
    .map(([, name, , version, repository]) => `${name} ${version} ${repository}`)
    .sort();
}

async function ask(files: Readonly<Record<string, string>>): Promise<ArchivesReading> {
  const http = new HttpClient({ userAgent: 'test' });
  const now = 1_700_000_000_000;
  const deps = { http, cache: memoryCache(), now, reach: 'loopback', maxAge: 1000, fileTime: 10_000 } as const;
  try {
    return await createRpmFamily(deps).read({
      os: inventory.os,
      packages: inventory.packages,
      files: new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])),
      names: new Set(),
    });
  } finally {
    http.close();
  }
}

const repo = (id: string, ...more: readonly string[]): string =>
  [`[${id}]`, `name=${id}`, `baseurl=${server.uri}${id}/`, 'gpgcheck=0', ...more, ''].join('\n');

describe('what dnf itself would update', () => {
  it('installs what the tests speak of', () => {
    expect(inventory).toMatchObject({ coverage: 'complete', problems: [] });
    expect(inventory.packages).toHaveLength(names.length + 1 + olds.length);
  });

  it.each<[string, string, () => string[]]>([
    ['all repositories', '', () => folders.map((id) => repo(id))],
    ['one of them', '', () => [repo('base'), repo('updates', 'enabled=0'), repo('extra', 'enabled = no')]],
    ['one before the others', '', () => [repo('base', 'priority=10'), repo('updates'), repo('extra', 'priority=50')]],
    ['one behind the others', '', () => [repo('base', 'priority=200'), repo('updates'), repo('extra')]],
    [
      'without some packages',
      '',
      () => [repo('base', 'exclude=pkg-lib-*'), repo('updates', 'excludepkgs=pkg-app-1,pkg-app-2'), repo('extra')],
    ],
    ['with some packages only', '', () => [repo('base', 'includepkgs=pkg-lib-*'), repo('updates'), repo('extra')]],
    [
      'without some packages of any repository',
      'excludepkgs=pkg-app-1* pkg-lib-0.x86_64',
      () => folders.map((id) => repo(id)),
    ],
    ['by versions', 'exclude=pkg-*-1.10-* *.noarch', () => folders.map((id) => repo(id))],
    [
      'an address with variables',
      '',
      () => [
        `[base]\nname=b\nbaseurl=\n  http://127.0.0.1:1/nobody/\n  ${server.uri}\${basearch}-$releasever/\ngpgcheck=0\nenabled=0\n`,
        `[updates]\nname=u\nbaseurl=${server.uri}$where/\ngpgcheck=0\n`,
      ],
    ],
  ])('is what is pending: %s', async (_, main, repos) => {
    mkdirSync(path.join(root, 'etc/dnf/vars'), { recursive: true });
    writeFileSync(path.join(root, 'etc/dnf/vars/where'), 'updates\n');
    const files = {
      'etc/dnf/dnf.conf': `[main]\ncachedir=/var/cache/dnf\nplugins=0\n${main}\n`,
      'etc/yum.repos.d/test.repo': repos().join('\n'),
      'etc/dnf/vars/where': 'updates\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
    const reading = await ask(files);
    expect(reading.problems).toEqual([]);
    expect(reading.complete).toBe(true);
    const found = atOnce(reading.candidates());
    const expected = await dnf();
    // A version that several repositories have stands there once for each.
    const rows = (lines: readonly string[]): string[] => [...new Set(lines.map((line) => line.replace(/ \S+$/, '')))];
    expect(found.map(({ name, candidate }) => `${name} ${candidate}`).sort()).toEqual(rows(expected));
    const told = found.map(({ name, candidate, suite }) => `${name} ${candidate} ${suite}`);
    expect(told.filter((line) => !expected.includes(line))).toEqual([]);
    expect(found.length).toBeGreaterThan(3);
    const fixes = await dnf('--security');
    // dnf looks for fixes in the candidate's architecture alone, so it misses those from before that was changed.
    const isSteady = (name: string): boolean => names.indexOf(name) % 5 !== 0;
    const isSecurity = found.filter(({ security }) => security === true).map(({ name }) => name);
    const listed = [...new Set(fixes.map((line) => line.split(' ')[0] ?? ''))];
    expect(isSecurity.filter(isSteady).sort()).toEqual(listed.filter(isSteady));
    expect(listed.filter((name) => !isSecurity.includes(name))).toEqual([]);
    expect(found.filter(({ security }) => security === null)).toEqual([]);
  });

  it.each<[string, string, () => string[]]>([
    ['as they are', '', () => [repo('replacing'), repo('replacing-more')]],
    ['one before the other', '', () => [repo('replacing', 'priority=10'), repo('replacing-more')]],
    ['the other before the one', '', () => [repo('replacing'), repo('replacing-more', 'priority=10')]],
    ['without some', 'excludepkgs=new-a new-e-3* newer-i', () => [repo('replacing'), repo('replacing-more')]],
  ])('is replaced as dnf would replace it: %s', async (_, main, repos) => {
    const files = {
      'etc/dnf/dnf.conf': `[main]\ncachedir=/var/cache/dnf\nplugins=0\n${main}\n`,
      'etc/yum.repos.d/test.repo': repos().join('\n'),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
    const reading = await ask(files);
    expect(reading.problems).toEqual([]);
    const found = atOnce(reading.candidates()).flatMap(({ name, candidate, replacedBy }) =>
      replacedBy === undefined ? [] : [`${name} → ${replacedBy} ${candidate}`],
    );
    const expected = await replacedByDnf();
    expect(expected.length).toBeGreaterThan(6);
    expect(found.sort()).toEqual(expected);
  });

  it('is not replaced where dnf lists no replacements', async () => {
    const files = {
      'etc/dnf/dnf.conf': '[main]\ncachedir=/var/cache/dnf\nplugins=0\nobsoletes=False\n',
      'etc/yum.repos.d/test.repo': [repo('replacing'), repo('replacing-more')].join('\n'),
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
    const found = atOnce((await ask(files)).candidates()).map(
      ({ name, candidate, suite }) => `${name} ${candidate} ${suite}`,
    );
    expect(found.sort()).toEqual(await dnf());
    expect(found).toHaveLength(3);
  });

  it('offers exactly what createrepo listed, the newest first by rpm itself', async () => {
    const reading = await ask({ 'etc/yum.repos.d/test.repo': folders.map((id) => repo(id)).join('\n') });
    for (const name of names) {
      const offers = reading.offers(name).map(({ version }) => version);
      const own = built.filter((one) => one.name === name).map(evr);
      expect(new Set(offers)).toEqual(new Set(own));
      const pairs = offers.slice(1).map((one, at) => `print(rpm.vercmp("${offers[at]}", "${one}") .. " ")`);
      if (pairs.length > 0) expect(runTool('rpm', ['--eval', `%{lua:${pairs.join('\n')}}`])).not.toContain('-1');
    }
  });

  const enabled = 'etc/dnf/modules.d/mod.module';
  const stateOf = (stream: string, state: string): string =>
    `[mod]\nname=mod\nstream=${stream}\nprofiles=\nstate=${state}\n`;

  it.each([
    ['the stream that is installed', 'modules', stateOf('1', 'enabled'), ['mod-tool 1.10-1.module+el9+1 modules']],
    ['another stream', 'modules', stateOf('2', 'enabled'), ['mod-tool 2.0-1.module+el9+2 modules']],
    ['no stream', 'modules', stateOf('', 'disabled'), []],
    ['nobody chose', 'modules', undefined, []],
    [
      'the stream, without updateinfo',
      'plain-modules',
      stateOf('1', 'enabled'),
      ['mod-tool 1.10-1.module+el9+1 plain-modules'],
    ],
    [
      'another, without updateinfo',
      'plain-modules',
      stateOf('2', 'enabled'),
      ['mod-tool 2.0-1.module+el9+2 plain-modules'],
    ],
  ])('takes what modules leave: %s', async (_name, id, state, expected) => {
    const files: Record<string, string> = {
      'etc/dnf/dnf.conf': '[main]\nplugins=0\n',
      'etc/yum.repos.d/test.repo': repo(id),
    };
    if (state !== undefined) files[enabled] = state;
    rmSync(path.join(root, enabled), { force: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(root, name), text);
    const reading = await ask(files);
    expect(reading.problems).toEqual([]);
    expect(await dnf()).toEqual(expected);
    expect(atOnce(reading.candidates()).map(({ name, candidate, suite }) => `${name} ${candidate} ${suite}`)).toEqual(
      expected,
    );
  });
});
