import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { layer } from '../support/image-builder.ts';
import { debianLines, machineSources } from './support/apt-sources.ts';
import { type Ended, workplace } from './support/plimsoll.ts';
import { debianImage, publish } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';

interface PendingDocument {
  readonly packages: readonly {
    readonly name: string;
    readonly installed: string;
    readonly candidate: string;
    readonly suite: string;
    readonly security: boolean | null;
    readonly held?: true;
  }[];
  readonly repositories: readonly { readonly suite: string; readonly trust: string; readonly detail: string }[];
  readonly problems: readonly unknown[];
}

const { folder, older, http } = inject('lab');
const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'bookworm';
const sources = `${debianLines(machineSources(), codename, 'bookworm').newer.join('\n')}\n`;
const tree = path.join(folder, 'pending-tree');

/** The first that apt would upgrade. */
let held = '';
const pinned = workplace(folder);

/** apt's own answer for the unpacked image: `name/suites candidate arch [upgradable from: installed]`. */
function upgradable(): { name: string; candidate: string; installed: string }[] {
  const text = runTool('apt', [...aptOptions, 'list', '--upgradable'], { env: { APT_CONFIG: aptConfig } });
  return [...text.matchAll(/^(?<name>[^/\n]+)\/\S+ (?<candidate>\S+) \S+ \[upgradable from: (?<installed>\S+)\]$/gm)]
    .map(({ groups = {} }) => ({
      name: groups['name'] ?? '',
      candidate: groups['candidate'] ?? '',
      installed: groups['installed'] ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Options come after the configuration was read, so that only a file makes apt read that of the tree. */
const aptConfig = path.join(folder, 'pending-apt.conf');
const aptOptions = ['-oAPT::Sandbox::User=root', '-oAPT::Architecture=amd64', '-oAPT::Architectures::=amd64'];

function pending({ stdout, stderr }: Ended): PendingDocument {
  try {
    return JSON.parse(stdout) as PendingDocument;
  } catch {
    throw new Error(`no JSON: ${stdout.slice(0, 500)}${stderr.slice(0, 2000)}`);
  }
}

const rows = ({ packages }: PendingDocument): unknown[] =>
  packages.map(({ name, candidate, installed }) => ({ name, candidate, installed }));

beforeAll(() => {
  mkdirSync(tree, { recursive: true });
  runTool('tar', ['-C', tree, '-xf', older.tar, './var/lib/dpkg', './etc/apt', './usr/share/keyrings']);
  mkdirSync(`${tree}/var/lib/apt/lists/partial`, { recursive: true });
  mkdirSync(`${tree}/var/cache/apt/archives/partial`, { recursive: true });
  writeFileSync(`${tree}/etc/apt/sources.list`, sources);
  writeFileSync(
    aptConfig,
    `Dir "${tree}";\nDir::State::status "${tree}/var/lib/dpkg/status";\nAcquire::Languages "none";\n`,
  );
  runTool('apt-get', [...aptOptions, 'update'], { env: { APT_CONFIG: aptConfig } });
  held = upgradable()[0]?.name ?? '';
});

describe('what is pending in a real Debian', () => {
  it('is what apt lists as upgradable, from repositories that its own keys verify', () => {
    const target = `${http.host}/pending/older:12`;
    publish(debianImage(older, [layer({ 'etc/apt/sources.list': sources })]), target, folder);
    const place = workplace(folder);
    place.run('packages', target);
    const cold = place.run('pending', target, '--format', 'json');
    const warm = place.run('pending', target, '--format', 'json');
    console.log(`pending: cold ${(cold.seconds * 1000).toFixed(0)} ms, warm ${(warm.seconds * 1000).toFixed(0)} ms`);
    const found = pending(cold);
    const expected = upgradable();
    expect(expected.length).toBeGreaterThan(3);
    expect(rows(found)).toEqual(expected);
    expect(found.problems).toEqual([]);
    expect(found.repositories.map(({ trust }) => trust)).toEqual(
      sources
        .trim()
        .split('\n')
        .map(() => 'verified'),
    );
    expect(cold.code).toBe(0);
    expect(warm.stdout).toBe(cold.stdout);
  });

  it('is what apt lists when nearly everything is older', () => {
    const path = `${tree}/var/lib/dpkg/status`;
    const status = readFileSync(path, 'utf8');
    const aged = status.replace(/^Version: (?!\d+:)/gm, 'Version: 0~');
    writeFileSync(path, aged);
    const target = `${http.host}/pending/aged:12`;
    const files = { 'etc/apt/sources.list': sources, 'var/lib/dpkg/status': aged };
    publish(debianImage(older, [layer(files)]), target, folder);
    const found = pending(pinned.run('pending', target, '--format', 'json'));
    expect(found.packages.length).toBeGreaterThan(60);
    expect(rows(found)).toEqual(upgradable());
    expect(new Set(found.packages.map(({ security }) => security))).toEqual(new Set([true, false]));
    writeFileSync(path, status);
  });

  it.each([
    ['a held package, listed all the same', ''],
    ['a suite that is never taken', 'Package: *\nPin: release l=Debian-Security\nPin-Priority: -1\n'],
    ['a suite below what is installed', 'Package: *\nPin: release n=bookworm-security\nPin-Priority: 50\n'],
    ['a suite above the others', 'Package: *\nPin: release n=bookworm,o=Debian\nPin-Priority: 990\n'],
    ['packages by glob', 'Package: lib*\nPin: release a=oldstable-security\nPin-Priority: -1\n'],
    ['packages by version', 'Package: HELD gpgv\nPin: version 1*\nPin-Priority: 1001\n'],
    [
      'an origin, the first rule wins',
      'Package: *\nPin: origin nowhere\nPin-Priority: -1\n\nPackage: *\nPin: release o=Debian\nPin-Priority: 500\n\nPackage: *\nPin: release o=Debian\nPin-Priority: -1\n',
    ],
    ['a default release, before any pin', 'Package: *\nPin: release o=Debian\nPin-Priority: -1\n', 'bookworm'],
    ['a default release that is one suite', '', 'bookworm-security'],
    ['a default release as the release notes advise it', '', '/^bookworm(|-security|-updates)$/'],
    ['a suite in other case', 'Package: *\nPin: release n=BOOKWORM-SECURITY\nPin-Priority: -1\n'],
    ['a suite in one word', 'Package: *\nPin: release bookworm-security\nPin-Priority: -1\n'],
    ['a version for all, which means nothing', 'Package: *\nPin: version 1*\nPin-Priority: -1\n'],
    ['what is installed', 'Package: lib*\nPin: release a=now\nPin-Priority: 900\n'],
  ])('agrees with apt on pins and holds: %s', (_, text, defaultRelease = '') => {
    const configuration = `APT { Default-Release "${defaultRelease}"; }; // as a team writes it\n`;
    const preferences = text.replace('HELD', held);
    const status = readFileSync(`${tree}/var/lib/dpkg/status`, 'utf8').replace(
      new RegExp(`(Package: ${held.replaceAll('+', '\\+')}\\n(?:.+\\n)*?Status: )install`),
      '$1hold',
    );
    writeFileSync(`${tree}/etc/apt/preferences.d/by.team.pref`, preferences);
    writeFileSync(`${tree}/etc/apt/apt.conf.d/99.default.conf`, configuration);
    writeFileSync(`${tree}/var/lib/dpkg/status`, status);
    const files = {
      'etc/apt/sources.list': sources,
      'etc/apt/preferences.d/by.team.pref': preferences,
      'etc/apt/apt.conf.d/99.default.conf': configuration,
      'var/lib/dpkg/status': status,
    };
    const target = `${http.host}/pending/pinned:12`;
    publish(debianImage(older, [layer(files)]), target, folder);
    const found = pending(pinned.run('pending', target, '--format', 'json'));
    const expected = upgradable();
    expect(rows(found)).toEqual(expected);
    expect(found.problems).toEqual([]);
    const marked = found.packages.filter((one) => one.held).map(({ name }) => name);
    expect(marked).toEqual(expected.some(({ name }) => name === held) ? [held] : []);
    if (preferences === '') expect(marked).toEqual([held]);
  });
});
