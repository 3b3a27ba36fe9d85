import { mkdirSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { layer } from '../support/image-builder.ts';
import { debianLines, machineSources } from './support/apt-sources.ts';
import { type Front, startNginx } from './support/fronts.ts';
import { type Ended, workplace } from './support/plimsoll.ts';
import { debianImage, onDisk, publish } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';

const { folder, older, http } = inject('lab');
const own = mkdtempSync(path.join(folder, 'pins-'));
const codename = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'bookworm';
const sources = `${debianLines(machineSources(), codename, 'bookworm').newer.join('\n')}\n`;
const built = debianImage(older, [layer({ 'etc/apt/sources.list': sources })]);
/** The root file system of that image. */
const tree = path.join(own, 'rootfs');
const archive = path.join(own, 'rootfs.tar');
const image = `${http.host}/pins/debian:12`;
const digest = publish(built, image, folder);

const aptOptions = [
  `-oDir=${tree}`,
  `-oDir::State::status=${tree}/var/lib/dpkg/status`,
  '-oAPT::Sandbox::User=root',
  '-oAPT::Architecture=amd64',
  '-oAPT::Architectures::=amd64',
];

beforeAll(() => {
  mkdirSync(tree);
  runTool('tar', ['-C', tree, '--exclude=./dev/*', '-xf', older.tar]);
  writeFileSync(`${tree}/etc/apt/sources.list`, sources);
  runTool('tar', ['-C', tree, '-cf', archive, '.']);
  mkdirSync(`${tree}/var/cache/apt/archives/partial`, { recursive: true });
  mkdirSync(`${tree}/var/lib/apt/lists/partial`, { recursive: true });
  runTool('apt-get', [...aptOptions, 'update']);
});

/** What the package manager itself would install. */
function candidateOf(name: string): string {
  return /Candidate: (\S+)/.exec(runTool('apt-cache', [...aptOptions, 'policy', name]))?.[1] ?? '';
}

describe('a pin that left the real archive', () => {
  const gone = '7.88.1-10+deb12u1~gone';
  const place = workplace(folder, `FROM ${image}@${digest}\nRUN apt-get update && apt-get install -y curl=${gone}\n`);

  it('is broken before any build', () => {
    expect(() => runTool('apt-get', [...aptOptions, '-s', 'install', `curl=${gone}`])).toThrow('was not found');
    const { record } = place.check();
    const broken = record.findings.filter((finding) => finding.class === 'pin-broken');
    expect(broken).toMatchObject([
      { written: `curl=${gone}`, line: 2, remedy: 'edit', latest: { version: candidateOf('curl') } },
    ]);
    expect(broken[0]?.reason).toContain('The next build will fail');
  });

  it('is moved by an update to what apt then installs', () => {
    expect(place.run('update').code).toBe(0);
    const version = /curl=(\S+)/.exec(readFileSync(place.dockerfile, 'utf8'))?.[1] ?? '';
    expect(version).toBe(candidateOf('curl'));
    const simulated = runTool('apt-get', [...aptOptions, '-s', 'install', `curl=${version}`]);
    expect(simulated).toContain(`Inst curl (${version} `);
    const { record } = place.check();
    expect(record.findings.filter((finding) => finding.subject === 'package')).toEqual([]);
  });
});

describe('the same image outside of a registry', () => {
  const place = workplace(folder);
  const answer = (command: string, reference: string): Record<string, unknown> => {
    const { stdout, stderr, code }: Ended = place.run(command, reference, '--format', 'json');
    if (code !== 0) throw new Error(`${command} ${reference}: ${code} ${stderr}`);
    const { image: described, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    expect(described).toMatchObject({ reference, platform: 'linux/amd64' });
    return rest;
  };
  const disk = onDisk(built, folder);

  it.each([
    ['dir', (): string => `dir:${tree}`],
    ['tar', (): string => `tar:${archive}`],
    [
      'tar, packed with xz',
      (): string => {
        runTool('xz', ['-0', '-k', '-T2', archive], { seconds: 300 });
        return `tar:${archive}.xz`;
      },
    ],
    ['oci', (): string => `oci:${disk.layout}:lab`],
    ['docker-archive', (): string => `docker-archive:${disk.saved}`],
    ['docker-archive, by name', (): string => `docker-archive:${disk.saved}:${disk.name}`],
  ])('has the same packages and the same pending: %s', (_, make) => {
    const reference = make();
    expect(answer('packages', reference)).toEqual(answer('packages', image));
    const pending = answer('pending', reference);
    expect(pending).toEqual(answer('pending', image));
    expect(pending['packages']).not.toEqual([]);
  });

  it('differs in nothing from the one in the registry', () => {
    const { code, stdout } = place.run('diff', image, `oci:${disk.layout}`, '--format', 'json');
    expect([code, (JSON.parse(stdout) as { class: string }).class]).toEqual([0, 'no-op']);
  });

  it('is not unpacked when xz has made a mountain of nothing', () => {
    const bomb = path.join(own, 'bomb.tar');
    writeFileSync(bomb, '');
    truncateSync(bomb, 400 * 1024 * 1024);
    runTool('xz', [bomb]);
    const { code, stderr, seconds } = place.run('packages', `tar:${bomb}.xz`);
    expect([code, stderr]).toEqual([3, expect.stringContaining('as in a decompression bomb')]);
    expect(seconds).toBeLessThan(20);
  });

  it('is lagging where a Dockerfile makes its base of it', () => {
    const work = workplace(folder, 'FROM scratch\nADD rootfs.tar /\n');
    runTool('cp', [archive, path.join(path.dirname(work.dockerfile), 'rootfs.tar')]);
    const { record } = work.check();
    expect(record.problems).toEqual([]);
    expect(record.findings).toMatchObject([
      { class: 'lagging', kind: 'add', written: 'rootfs.tar', remedy: 'upgrade-line', platforms: ['linux/amd64'] },
    ]);
    const pending = answer('pending', image)['packages'] as readonly { name: string; candidate: string }[];
    expect(record.findings[0]?.packages?.map(({ name, after }) => [name, after])).toEqual(
      pending.map(({ name, candidate }) => [name, candidate]),
    );
  });
});

describe('a real archive behind nginx', () => {
  let front: Front;
  const served = path.join(own, 'www');
  const suite = `${served}/debian/dists/bookworm`;

  beforeAll(async () => {
    const [, uri = ''] = /^deb (?:\[.*?\] )?(\S+) bookworm main/m.exec(sources) ?? [];
    const fetchTo = (from: string, to: string): void => {
      mkdirSync(path.dirname(`${suite}/${to}`), { recursive: true });
      runTool('/usr/lib/apt/apt-helper', ['download-file', `${uri}/dists/bookworm/${from}`, `${suite}/${to}`]);
    };
    fetchTo('InRelease', 'InRelease');
    const hashes = readFileSync(`${suite}/InRelease`, 'utf8').split(/^SHA256:$/m)[1] ?? '';
    const [, hash = ''] = /^ ([0-9a-f]{64}) +\d+ main\/binary-amd64\/Packages\.xz$/m.exec(hashes) ?? [];
    fetchTo('main/binary-amd64/Packages.xz', 'main/binary-amd64/Packages.xz');
    runTool('cp', ['-r', `${suite}/main/binary-amd64/Packages.xz`, `${own}/Packages.xz`]);
    mkdirSync(`${suite}/main/binary-amd64/by-hash/SHA256`, { recursive: true });
    runTool('cp', [`${own}/Packages.xz`, `${suite}/main/binary-amd64/by-hash/SHA256/${hash}`]);
    runTool('chmod', ['-R', 'a+rX', folder]);
    front = await startNginx(path.join(own, 'nginx'), (port) => `server { listen 127.0.0.1:${port}; root ${served}; }`);
  });
  afterAll(() => front.stop());

  it('is asked the next time only whether anything changed', () => {
    const address = `http://127.0.0.1:${front.port}/debian`;
    const list = `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${address} bookworm main\n`;
    const target = `${http.host}/pins/nginx:12`;
    publish(debianImage(older, [layer({ 'etc/apt/sources.list': list })]), target, folder);
    const requests = (): string[] =>
      [...readFileSync(front.logs[0] ?? '', 'utf8').matchAll(/"GET (\S+) HTTP\/1\.1" (\d+) (\d+)/g)].map(
        ([, url, status, size]) =>
          `${status} ${path.basename(path.dirname(url ?? ''))}${status === '304' ? ` ${size}` : ''}`,
      );
    const place = workplace(folder);
    const config = path.join(own, 'plimsoll.yml');
    // An answer holds for no time, so the second run asks again.
    writeFileSync(config, 'version: 1\narchives:\n  maxAge: 0s\n');
    const ask = (): Ended => place.run('pending', target, '--format', 'json', '--config', config);
    const first = ask();
    expect(first.code).toBe(0);
    expect(requests()).toEqual(['200 bookworm', '200 SHA256']);
    const later = ask();
    expect(later.code).toBe(0);
    expect(requests().slice(2)).toEqual(['304 bookworm 0']);
    expect(later.stdout).toBe(first.stdout);
  });
});
