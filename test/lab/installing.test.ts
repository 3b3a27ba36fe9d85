import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answer, ask as askAt } from '../support/daemon.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { type DockerDaemon, startDockerDaemon } from './support/docker-daemon.ts';
import { makeNodeBase } from './support/node-base.ts';
import { debianImage, publish } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';

/*
 * Installed as people install it: the packed file on a small Debian with Node.js and npm and no network, the image from the
 * Dockerfile on a base that is made here, the units of systemd; and what an old Node.js says.
 */

const lab = inject('lab');
const root = path.join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
let folder: string;
let packed: string;
let daemon: DockerDaemon;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ended(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, { env, cwd, encoding: 'utf8', timeout: 120_000 });
  return { code: status, stdout, stderr };
}

/** `docker run` of a container that is thrown away, whose root is only read. */
function contained(options: readonly string[], ...args: readonly string[]): Ended {
  const all = ['run', '--rm', '--read-only', ...options, ...args];
  return ended('/usr/bin/docker', all, daemonEnvironment());
}

function daemonEnvironment(): NodeJS.ProcessEnv {
  return { DOCKER_HOST: `unix://${daemon.socket}`, DOCKER_CONFIG: folder };
}

beforeAll(async () => {
  installDebianPackages(['systemd', 'docker-compose']);
  // Not in the lab's folder: whole file systems of containers are no files that we leave.
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-installing-'));
  packed = runTool('npm', [
    '--prefix',
    root,
    'pack',
    root,
    '--silent',
    '--ignore-scripts',
    '--pack-destination',
    folder,
  ]).trim();
  daemon = await startDockerDaemon(path.join(folder, 'docker'));
  makeNodeBase(daemon, path.join(folder, 'base'), lab.newer.tar, 'lab/node:24-slim');
  daemon.docker('build', '-q', '--network', 'none', '--build-arg', 'BASE=lab/node:24-slim', '-t', 'plimsoll', root);
}, 600_000);
afterAll(async () => {
  await daemon?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the packed file, on a small Debian without a network', () => {
  it('is one package, which runs', () => {
    const script = [
      `npm install --global --offline --no-audit /pack/${packed}`,
      'plimsoll --version',
      'plimsoll demo',
      'ls /usr/local/lib/node_modules /usr/local/lib/node_modules/plimsoll',
    ].join(' && ');
    const options = [
      'run',
      '--rm',
      '--network',
      'none',
      '-v',
      `${folder}:/pack:ro`,
      'lab/node:24-slim',
      'sh',
      '-c',
      script,
    ];
    const output = daemon.docker(...options);
    expect(output).toContain('added 1 package in');
    expect(output).toContain(`\n${version}\n`);
    expect(output).toContain('plimsoll check, after the update');
    expect(output).not.toMatch(/plimsoll:\n[^/]*node_modules/);
  });
});

describe('the image', () => {
  const work = (): string => {
    const image = `${lab.http.host}/installing/base`;
    const older = publish(debianImage(lab.older), `${image}:12`, lab.folder);
    publish(debianImage(lab.newer), `${image}:12`, lab.folder);
    const files = mkdtempSync(path.join(folder, 'work-'));
    // Whoever it runs as reads it.
    runTool('chmod', ['755', files]);
    writeFileSync(path.join(files, 'Dockerfile'), `FROM ${image}:12@${older}\n`);
    writeFileSync(
      path.join(files, 'operator.yml'),
      `version: 1\nadvisories: off\nregistries: { "${lab.http.host}": {} }\n`,
    );
    return files;
  };
  const lost = /the state \/state\/plimsoll\/state\.db will be lost with this container.*mount a volume/;

  it('says its version with nothing but itself, and runs as nobody', () => {
    expect(contained(['--network', 'none'], 'plimsoll', '--version')).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    const inspected = daemon.docker('inspect', '--format', '{{.Config.User}} {{json .Config.Volumes}}', 'plimsoll');
    expect(inspected.trim()).toBe('65532:65532 {"/cache":{},"/state":{}}');
  });

  it('checks a mounted folder against a registry, its root only read, also as another user', () => {
    const files = work();
    for (const user of [[], ['--user', '1234:1234']]) {
      const options = ['--network', 'host', '-v', `${files}:/work:ro`, '-e', 'PLIMSOLL_ADVISORIES=off', ...user];
      const { code, stdout, stderr } = contained(options, 'plimsoll', 'check');
      expect(stdout).toMatch(/1:6 +(packages|security) /);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });

  it('says that the state will be lost, once, and only where it will', () => {
    const options = ['--network', 'host', '-v', `${work()}:/work:ro`];
    const run = (...more: string[]): Ended =>
      contained([...options, ...more], 'plimsoll', 'run', '--config', 'operator.yml');
    const anonymous = run();
    expect(anonymous).toMatchObject({ code: 0, stderr: expect.stringMatching(lost) });
    const first = run('-v', 'remembered:/state');
    expect(first.code).toBe(0);
    expect(first.stderr).not.toMatch(lost);
    // What was told is remembered: there is nothing to say any more.
    expect(run('-v', 'remembered:/state')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(run('--tmpfs', '/state:mode=1777').stderr).toMatch(lost);
  });

  it('says what to do where it may not write', () => {
    const options = ['--network', 'host', '-v', `${work()}:/work:ro`];
    const other = contained(
      [...options, '-e', 'XDG_STATE_HOME=/usr/share'],
      'plimsoll',
      'run',
      '--config',
      'operator.yml',
    );
    expect(other).toMatchObject({ code: 3, stdout: '' });
    expect(other.stderr).toMatch(
      /the state \/usr\/share\/plimsoll\/state\.db cannot be used: .*only read.*--state.*mount a volume/,
    );
  });

  it('serves with tokens of its own, answers its health check, and stops when it is told to', async () => {
    const files = work();
    const options = ['--network', 'host', '-v', `${files}:/work:ro`, '-v', 'served:/state', '--tmpfs', '/tmp'];
    const words = ['plimsoll', 'serve', '--config', 'operator.yml', '--now'];
    const container = daemon.docker('run', '-d', '--read-only', ...options, ...words).trim();
    try {
      const logs = (): string => ended('/usr/bin/docker', ['logs', container], daemonEnvironment()).stderr;
      await expect.poll(logs, { timeout: 30_000 }).toContain('listening on http://0.0.0.0:8087');
      expect(logs()).toContain('its tokens are in /state/tokens');
      const tokens = daemon.docker('exec', container, 'cat', '/state/tokens');
      const [, token = ''] = /^read: (\S+)$/m.exec(tokens) ?? [];
      const ask = (route: string, headers: Record<string, string> = {}): Promise<Answer> =>
        askAt('http://127.0.0.1:8087', 'GET', route, { headers });
      const runs = async (): Promise<string> => (await ask('/api/v1/runs', { authorization: `Bearer ${token}` })).text;
      await expect.poll(runs, { timeout: 60_000 }).toContain('"state":"done"');
      expect((await ask('/api/v1/runs')).status).toBe(401);
      expect(
        ended('/usr/bin/docker', ['exec', container, 'plimsoll', 'healthcheck'], daemonEnvironment()),
      ).toMatchObject({
        code: 0,
        stdout: '',
      });
      daemon.docker('stop', '-t', '40', container);
      expect(daemon.docker('inspect', '--format', '{{.State.ExitCode}}', container).trim()).toBe('0');
    } finally {
      daemon.docker('rm', '-f', container);
    }
  });

  it('is kept by docker-compose as deploy/compose has it, reads its configuration again, and stops when it is told to', async () => {
    const compose = path.join(folder, 'compose');
    mkdirSync(compose);
    const shipped = readFileSync(path.join(root, 'deploy/compose/serve.yaml'), 'utf8');
    // This daemon has no bridge.
    const file = shipped.replace(/^ {4}ports: .*$/m, '    network_mode: host');
    expect(file).not.toBe(shipped);
    writeFileSync(path.join(compose, 'serve.yaml'), file);
    writeFileSync(path.join(compose, 'secrets.env'), '');
    const configure = (text: string): void =>
      writeFileSync(path.join(compose, 'plimsoll.yml'), `version: 1\nadvisories: off\n${text}`);
    configure('');
    const run = (...words: readonly string[]): string => {
      const env = { ...daemonEnvironment(), PATH: process.env['PATH'] };
      const done = ended('docker-compose', ['-f', 'serve.yaml', ...words], env, compose);
      if (done.code !== 0) throw new Error(done.stderr);
      return done.stdout + done.stderr;
    };
    run('up', '-d', '--no-build');
    try {
      const logs = (): string => run('logs', '--no-color');
      await expect.poll(logs, { timeout: 30_000 }).toContain('listening on http://0.0.0.0:8087');
      expect(run('exec', '-T', 'plimsoll', 'cat', '/state/tokens')).toMatch(/^read: \S+$/m);
      const ready = (): Promise<number> =>
        askAt('http://127.0.0.1:8087', 'GET', '/readyz').then(
          ({ status }) => status,
          () => 0,
        );
      await expect.poll(ready, { timeout: 30_000 }).toBe(200);
      configure('nonsense: true\n');
      run('kill', '-s', 'HUP', 'plimsoll');
      await expect.poll(logs, { timeout: 30_000 }).toContain('the configuration stays as it was');
      const container = run('ps', '-q').trim();
      run('stop');
      expect(daemon.docker('inspect', '--format', '{{.State.ExitCode}}', container).trim()).toBe('0');
    } finally {
      run('down', '-v');
    }
  });

  it('does the demo', () => {
    const { code, stdout } = contained(['--network', 'none', '--tmpfs', '/tmp'], 'plimsoll', 'demo');
    expect({ code, after: stdout.includes('plimsoll check, after the update') }).toEqual({ code: 0, after: true });
  });
});

it('the units of systemd are right, and little exposed', () => {
  // The command is not installed on this machine.
  for (const name of ['plimsoll.service', 'plimsoll.timer']) {
    const text = readFileSync(path.join(root, 'deploy/systemd', name), 'utf8');
    writeFileSync(path.join(folder, name), text.replace('/usr/local/bin/plimsoll', '/bin/true'));
  }
  const { code, stderr } = ended(
    'systemd-analyze',
    ['verify', `${folder}/plimsoll.timer`, `${folder}/plimsoll.service`],
    process.env,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  // 10 is a service that may do everything; the figure is tenths.
  const exposure = ended(
    'systemd-analyze',
    ['security', '--offline=true', '--threshold=20', `${folder}/plimsoll.service`],
    process.env,
  );
  expect(exposure).toMatchObject({ code: 0 });
});

describe('a Node.js that is too old', () => {
  it.each(['18', '20', '22'])('%s is told what brings a newer one, in one line', (major) => {
    const place = path.join(folder, `node-${major}`);
    mkdirSync(place);
    writeFileSync(path.join(place, 'package.json'), '{}');
    runTool('npm', ['--prefix', place, 'install', '--no-audit', '--no-fund', `node@${major}`], { seconds: 300 });
    const node = path.join(place, 'node_modules/.bin/node');
    expect(runTool(node, ['--version'])).toMatch(`v${major}.`);
    for (const door of ['cli', 'action']) {
      const { code, stdout, stderr } = ended(node, [path.join(root, `dist/${door}.js`), 'check']);
      expect({ code, lines: `${stdout}${stderr}`.split('\n').length }).toEqual({ code: 2, lines: 2 });
      expect(`${stdout}${stderr}`).toMatch(
        /^(?:::error::)?plimsoll needs Node\.js 24 or newer, this is \d+\.\d+\.\d+.*; .*brings/,
      );
    }
  });
});
