import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type DockerDaemon, startDockerDaemon } from './support/docker-daemon.ts';
import { makeNodeBase } from './support/node-base.ts';
import { debianImage, publish } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';
import { type ScriptEnd, startWholeMachine, type WholeMachine } from './support/whole-machine.ts';

/*
 * The pages, word by word: every block of shell in them is run as it stands, on a machine where somebody has unpacked the
 * project, and what it prints and how it ends is what the text beside it promises. Names of hosts are the lab's.
 */

const lab = inject('lab');
const root = path.join(import.meta.dirname, '../..');
const pages = ['.', 'docs', 'deploy', 'deploy/compose', 'deploy/systemd', 'deploy/kubernetes'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join(folder, name)),
);
const read = (page: string): string => readFileSync(path.join(root, page), 'utf8');

/** Blocks that are not run, by their first line. */
const left: Readonly<Record<string, string>> = {
  'npm ci && npm start      # the real job on a small fleet, against a registry inside the process':
    'asks npm; .ci/run does it',
  'npm ci          # brings Node.js 24 along; whatever Node.js is on the machine only has to run npm':
    'asks npm; .ci/run does it',
  'PLIMSOLL_WRITE_GOLDEN=1 npm exec -- vitest run --config test/vitest.config.ts test/notify/golden.test.ts':
    'a test in a test',
  'git merge main                                 # stops at dist/': 'for whoever works on it',
  'cp ../plimsoll.yml .                                                  # then say in it what to look at, and whom to tell':
    'there is no cluster; test/deploy.test.ts judges the manifest',
  'curl -H "Authorization: Bearer $PLIMSOLL_READ" http://127.0.0.1:8087/api/v1/findings?class=security':
    'asks a daemon with tokens; test/serve/server.test.ts asks every route of one',
  'docker compose -f serve.yaml up -d':
    'stays up; installing.test.ts has the image serve, and test/deploy.test.ts holds the file to the one for runs',
  'plimsoll state copy ~/.local/state/plimsoll/state.db postgres://plimsoll@db.example/plimsoll':
    'names a server; postgres-trouble.test.ts copies to one',
  'export PLIMSOLL_STATE=postgres://plimsoll@db.example/plimsoll':
    'names a server, and stays up; workers.test.ts has such workers make runs',
  'plimsoll worker --serves path:/srv/git/app --serves engine:nas':
    'names what is on one machine; workers-trouble.test.ts serves a folder and an engine',
  '(umask 077 && openssl rand -hex 24 > database_password)':
    'stays up, with a PostgreSQL that is pulled; test/deploy.test.ts holds the file to the one for runs',
};
const blocks = pages.flatMap((page) =>
  [...read(page).matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => ({
    page,
    text,
    first: text.split('\n')[0] ?? '',
  })),
);
const done = new Set<string>();

let folder: string;
/** Where the project was unpacked; the daemon's containers see it, too. */
let project: string;
let machine: WholeMachine;
let daemon: DockerDaemon;
let older: string;
let newer: string;
const image = `${lab.http.host}/newcomer/base`;

/** Runs the block of a page that begins so. */
function run(
  page: string,
  start: string,
  options: Parameters<WholeMachine['sh']>[1] & { readonly before?: string } = {},
): ScriptEnd {
  const found = blocks.filter((one) => one.page === page && one.text.startsWith(start));
  expect(found.length, `blocks of ${page} that begin with ${start}`).toBe(1);
  const [{ text, first } = { text: '', first: '' }] = found;
  done.add(first);
  return machine.sh(`set -e\n${options.before ?? ''}\n${text}`, options);
}

beforeAll(async () => {
  older = publish(debianImage(lab.older), `${image}:12`, lab.folder);
  newer = publish(debianImage(lab.newer), `${image}:12`, lab.folder);
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-newcomer-'));
  daemon = await startDockerDaemon(path.join(folder, 'docker'));
  makeNodeBase(daemon, path.join(folder, 'base'), lab.newer.tar, 'node:24-slim');
  project = path.join(folder, 'project');
  mkdirSync(project);
  machine = startWholeMachine(path.join(folder, 'machine'), [path.join(folder, 'docker'), project]);
  // Node.js 24 first in the PATH, as the pages ask for, and the project as it is unpacked.
  copyFileSync(
    realpathSync(path.join(root, 'node_modules/.bin/node')),
    path.join(folder, 'machine/root/usr/local/bin/node'),
  );
  runTool('bash', ['-c', `tar -C ${root} --exclude=./node_modules --exclude=./.git -cf - . | tar -C ${project} -xf -`]);
  runTool('ln', ['-s', path.join(root, 'node_modules'), path.join(project, 'node_modules')]);
  const dockerfile = `FROM ${image}:12@${older}\n`;
  machine.write('/root/src/my-service/Dockerfile', dockerfile);
  machine.write('/srv/infrastructure/Dockerfile', dockerfile);
  machine.write(
    '/srv/infrastructure/plimsoll.yml',
    `version: 1\nadvisories: off\nregistries: { "${lab.http.host}": {} }\n`,
  );
}, 600_000);
afterAll(async () => {
  machine?.stop();
  await daemon?.stop();
  if (folder) runTool('rm', ['-rf', '--one-file-system', folder]);
});

const quiet = { PLIMSOLL_ADVISORIES: 'off' };

it('README, "Try it": looks, writes the new digest and nothing else, and is a command afterwards', () => {
  const tried = run('README.md', 'npm run plimsoll -- check', { cwd: project, env: quiet });
  expect(tried.stderr).toMatch(/^changed 1 line in 1 file; [^\n]*\n$/);
  expect(tried.code).toBe(0);
  expect(tried.stdout).toMatch(/1:6 +(?:packages|security) +127\.0\.0\.1:\d+\/newcomer\/base:12@sha256:/);
  expect(machine.read('/root/src/my-service/Dockerfile')).toBe(`FROM ${image}:12@${newer}\n`);
  const installed = run('README.md', 'npm pack && npm install', { cwd: project, env: quiet });
  expect(installed.stdout).toContain('added 1 package in');
  expect(installed.stdout).toMatch(/1 image use of 1 image in 1 file/);
  expect(installed.code).toBe(0);
});

it('running.md: one package, which asks for no other, and does the demo', () => {
  const { code, stdout } = run('docs/running.md', 'npm pack ', { cwd: project });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^plimsoll-\d+\.\d+\.\d+\.tgz$/m);
  expect(stdout).toMatch(/(?:added|changed) 1 package in/);
  expect(stdout).toContain('plimsoll check, after the update');
});

it('README shows what a check of the demo prints', () => {
  const { stdout } = machine.sh('plimsoll demo');
  // What two questions share depends on which comes first: the cost is a request more or less.
  const plain = (text: string): string =>
    text
      .replaceAll(/127\.0\.0\.1:\d+|registry\.example/g, 'HOST')
      .replaceAll(/^cost: .*$/gm, (line) => line.replaceAll(/[\d.]+/g, 'N'))
      .replaceAll(/\s+/g, ' ');
  const [, shown = ''] = /^```\n\$ plimsoll check\n(.*?)^```$/ms.exec(read('README.md')) ?? [];
  const parts = plain(shown)
    .split('…')
    .map((part) => part.trim());
  expect(parts.length).toBeGreaterThan(1);
  const printed = plain(stdout);
  expect(parts.filter((part) => !printed.includes(part))).toEqual([]);
});

it.each(['README.md', 'docs/running.md'])(
  '%s, the line for cron: prints what is new once, and nothing on other days',
  (page) => {
    const [, command = ''] = /^17 6 \* \* \* {2}(cd .* && plimsoll run)$/m.exec(read(page)) ?? [];
    expect(command).toBe('cd /srv/infrastructure && plimsoll run');
    machine.sh('rm -rf ~/.local/state');
    const first = machine.sh(command);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`${image}:12`);
    expect(machine.sh(command)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(machine.sh('ls ~/.local/state/plimsoll/state.db').code).toBe(0);
  },
);

it('running.md, "Afterwards": every question has an answer, from the state', () => {
  const all = [...read('docs/running.md').matchAll(/^\| [^|]+ \| `(plimsoll [^`]+)`/gm)].map(([, line = '']) => line);
  // What is proposed is asked where something is.
  const rows = all.filter((row) => row !== 'plimsoll proposals');
  expect([rows.length >= 6, rows.length < all.length]).toEqual([true, true]);
  const said: Readonly<Record<string, RegExp>> = {
    where: /libssl3|openssl|no image|looked into 1 of 1 image/,
    status: /newcomer\/base:12/,
    history: /newcomer\/base:12/,
    ack: /newcomer\/base:1/,
    snooze: /postgres|snooze/,
    report: /files in DIR; begin with DIR\/index\.html/,
  };
  for (const row of rows) {
    const here = row
      .replace('registry.example/base:1', `${image}:12`)
      .replace('history debian:12', `history ${image}:12`)
      .replace('2026-12-27', '2999-12-27');
    const { code, stdout, stderr } = machine.sh(`cd /srv/infrastructure && ${here}`);
    const [, name = ''] = row.split(' ');
    expect({ row, code, stderr }).toEqual({ row, code: 0, stderr: expect.any(String) });
    expect(`${stdout}${stderr}`, row).toMatch(said[name] ?? /never/);
  }
});

it('serve.md and pages.md: serves until it is stopped, and writes the pages as files', () => {
  const cwd = '/srv/infrastructure';
  // Stopped as soon as it serves and nothing runs, however long that takes here.
  const before = `plimsoll() {
    /usr/local/bin/plimsoll "$@" & local daemon=$! runs= tries=0
    until runs=$(curl --silent --fail http://127.0.0.1:8087/api/v1/runs) && ! grep -qE '"state": *"(queued|running)"' <<<"$runs"; do
      [ $((tries += 1)) -lt 600 ] && kill -0 $daemon || break
      sleep 0.2
    done
    kill -TERM $daemon; wait $daemon
  }`;
  const served = run('docs/serve.md', 'plimsoll serve', { cwd, before });
  expect(served).toMatchObject({ code: 0 });
  expect(served.stderr.match(/listening on http:\/\/127\.0\.0\.1:8087/g)).toHaveLength(2);
  const written = run('docs/pages.md', 'plimsoll report --html', { cwd });
  expect(written).toMatchObject({ code: 0, stderr: expect.stringMatching(/begin with public\/fleet\/index\.html/) });
  expect(machine.sh(`grep -c newcomer/base ${cwd}/public/fleet/index.html`).code).toBe(0);
});

it('local-git.md: fetches, and proposes a branch in the bare repository', () => {
  const [, config = ''] = /^```yaml\n(.*?)^```$/ms.exec(read('docs/local-git.md')) ?? [];
  const own = config.replace(/^.*\.\.\/website.*\n/m, '');
  machine.write('/etc/plimsoll.yml', `${own}advisories: off\nregistries: { "${lab.http.host}": {} }\n`);
  const git = 'git -c user.name=a -c user.email=a@b.example -c init.defaultBranch=main';
  const made = machine.sh(`set -e
    mkdir -p /srv/upstream && cd /srv/upstream && ${git} init --quiet && cp /srv/infrastructure/Dockerfile . && ${git} add . && ${git} commit --quiet -m one
    ${git} clone --quiet --bare /srv/upstream /srv/git/app.git`);
  expect(made).toMatchObject({ code: 0 });
  const before = 'rm -rf ~/.local/state';
  const { code, stderr } = run('docs/local-git.md', 'git -C /srv/git/app.git fetch', { before });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(machine.sh(`git -C /srv/git/app.git branch --list 'plimsoll/*'`).stdout).toMatch(/plimsoll\//);
  const asked = machine.sh('cd /etc && plimsoll proposals');
  expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining('/srv/git/app.git') });
});

/** Against the lab's daemon, which has no network of its own for containers. */
const docker = (): Record<string, string> => ({
  DOCKER_HOST: `unix://${daemon.socket}`,
  DOCKER_BUILDKIT: '0',
  DOCKER_CONFIG: '/root',
});
const hostNetwork =
  'docker() { if [ "$1" = run ]; then shift; command docker run --network host "$@"; else command docker "$@"; fi; }';

it('deploy/README.md: builds the image by its own name, which says its version and checks', () => {
  const { code, stdout } = run('deploy/README.md', 'docker build', {
    cwd: project,
    env: docker(),
    before: hostNetwork,
  });
  expect(stdout).toMatch(/Successfully tagged plimsoll:latest\n\d+\.\d+\.\d+\n/);
  // It checks the project itself, whose images nobody can be asked about here.
  expect(stdout).toMatch(/could not be looked up/);
  expect(code).toBe(3);
});

it('deploy/compose: a run, with what docker-compose 1.29 knows of compose files', () => {
  const before = 'docker() { if [ "$1" = compose ]; then shift; docker-compose "$@"; else command docker "$@"; fi; }';
  const { code, stdout, stderr } = run('deploy/compose/README.md', 'cd deploy/compose', {
    cwd: project,
    env: docker(),
    before,
  });
  expect({ code, stdout: stdout.slice(-300), stderr: stderr.slice(-600) }).toMatchObject({ code: 0 });
  expect(stderr).not.toMatch(/will be lost/);
});

it('deploy/systemd: puts everything where the service looks for it', () => {
  const before = 'systemctl() { :; }';
  const { code, stderr } = run('deploy/systemd/README.md', 'install -D', {
    cwd: path.join(project, 'deploy/systemd'),
    before,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const unit = machine.read('/etc/systemd/system/plimsoll.service');
  const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
  // systemd itself does not run here: the line is run as the unit says, with what the unit names. npm's prefix is its own affair.
  expect(machine.sh('command -v plimsoll').stdout.trim()).not.toBe('');
  const line = value('ExecStart').replace('/usr/local/bin/plimsoll', 'plimsoll');
  const ended = machine.sh(`set -a; . ${value('EnvironmentFile').replace('-', '')}; ${value('Environment')}; ${line}`, {
    cwd: value('WorkingDirectory'),
  });
  expect(ended).toMatchObject({ code: 0 });
  expect(existsSync(path.join(folder, 'machine/root/var/lib/plimsoll/state.db'))).toBe(true);
});

it('bash completes commands as README says', () => {
  const [, line = ''] = /`(source <\(plimsoll completion bash\))`/.exec(read('README.md')) ?? [];
  const { stdout } = machine.sh(`${line}; COMP_WORDS=(plimsoll ch); COMP_CWORD=1; _plimsoll; echo "$COMPREPLY"`);
  expect(stdout).toBe('check\n');
});

it('is at ease on a narrow terminal, and with folders where files are expected', () => {
  machine.write('/srv/narrow/Dockerfile', `FROM ${image}:12@${older}\n`);
  const narrow = machine.sh(`script --quiet --return --command 'stty cols 20; plimsoll check' /dev/null`, {
    cwd: '/srv/narrow',
    env: quiet,
  });
  expect(narrow.code).toBe(0);
  // The name of the image stands whole, on a line of its own.
  expect(narrow.stdout).toMatch(/(?:packages|security)\S*\s+127\.0\.0\.1:\d+\/newcomer\/base:12@sha256:/);
  machine.write('/srv/narrow/.plimsoll.yml/x', '');
  const folders = machine.sh('plimsoll check; plimsoll check --config .; plimsoll check --config /absent.yml', {
    cwd: '/srv/narrow',
  });
  expect(folders).toMatchObject({ code: 2, stdout: '' });
  expect(folders.stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^plimsoll: cannot read the configuration .*\.plimsoll\.yml: it is a folder$/),
    expect.stringMatching(/^plimsoll: cannot read the configuration \.: it is a folder$/),
    expect.stringMatching(/^plimsoll: cannot read the configuration \/absent\.yml: no such file$/),
  ]);
});

it('every block was run, or is left for a reason', () => {
  expect(blocks.map(({ first }) => first).filter((first) => !done.has(first) && left[first] === undefined)).toEqual([]);
  expect(Object.keys(left).filter((first) => !blocks.some((one) => one.first === first))).toEqual([]);
});
