import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { type FakeContainer, type FakeEngine, type FakeImage, startFakeEngine } from '../support/engine/fake-engine.ts';
import { startFakeKubernetes } from '../support/engine/fake-kubernetes.ts';
import { startFakePodman } from '../support/engine/fake-podman.ts';
import { documentedFlags, watchtowerSecret, watchtowerValue } from '../support/engine/watchtower.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';

let cwd = '';
let registry: FakeRegistry;
let osv: FakeOsv;
let engine: FakeEngine;
beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'plimsoll-engines-'));
  [registry, osv, engine] = await Promise.all([startFakeRegistry(), startFakeOsv(), startFakeEngine({ host: 'nas' })]);
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  osv.answers.set('Debian:12 openssl 3.0.16-1', []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
});
afterEach(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await Promise.all([registry.close(), osv.close(), engine.close()]);
});

const built = (openssl: string) => debianImage({ libc6: '2.36-9', openssl });
const pulled = (repository: string, digest: Digest): FakeImage => ({
  id: `sha256:${'c'.repeat(63)}${digest.at(-1)}`,
  repoDigests: [`${registry.host}/${repository}@${digest}`],
});

/** No file of a state or a cache has it. */
function nothingKept(canary: string): void {
  const all = readdirSync(cwd, { recursive: true, encoding: 'utf8', withFileTypes: true });
  const kept = all.filter((one) => one.isFile());
  expect(kept.length).toBeGreaterThan(1);
  for (const { parentPath, name } of kept)
    expect(readFileSync(path.join(parentPath, name), 'latin1')).not.toContain(canary);
}

function check(args: readonly string[]): Promise<CliResult> {
  return cli(['check', ...args], { cwd, env: { PLIMSOLL_ADVISORIES: osv.base } });
}

async function report(args: readonly string[]): Promise<RunRecord> {
  const { stdout } = await check([...args, '--format', 'json']);
  return JSON.parse(stdout) as RunRecord;
}

/** A container that runs what its tag named before the fix. */
function behind(): Digest {
  const running = push(registry, 'web', built('3.0.15-1'), '12');
  push(registry, 'web', built('3.0.16-1'), '12');
  engine.containers = [{ name: 'web', image: `${registry.host}/web:12`, runs: pulled('web', running), isMoved: true }];
  return running;
}

describe('check docker:', () => {
  it('finds what a Dockerfile of the same image would, of what runs, without a configuration', async () => {
    const running = behind();
    const { scopes, workloads, findings, summary, problems } = await report([`docker:${engine.url}`]);
    expect(problems).toEqual([]);
    expect(scopes).toEqual([
      {
        id: 'engine:ENGINE-ID',
        name: 'nas',
        kind: 'engine',
        whole: true,
        counts: { containers: 1, services: 0, stopped: 0, tasks: 0, local: 0 },
      },
    ]);
    const [finding] = findings;
    expect(finding).toMatchObject({
      class: 'security',
      security: true,
      remedy: 'redeploy',
      role: 'runs',
      workload: { engine: 'nas', kind: 'container', name: 'web' },
      current: { digest: running },
      packages: [{ name: 'openssl', before: '3.0.15-1', after: '3.0.16-1', security: true }],
      reaction: { react: ['alert'] },
    });
    for (const key of ['file', 'line', 'column', 'kind', 'edits', 'proposed', 'count'])
      expect(finding).not.toHaveProperty(key);
    expect(workloads).toEqual([
      {
        engine: 'nas',
        kind: 'container',
        name: 'web',
        written: `${registry.host}/web:12`,
        reference: { registry: registry.host, repository: 'web', tag: '12' },
        platform: 'linux/amd64',
        running: { root: running, manifest: running, by: 'repo-digest' },
        state: 'behind',
        mode: 'watch',
        why: 'no label says otherwise',
        findings: [finding?.id],
      },
    ]);
    expect(summary).toMatchObject({ uses: 1, running: 1, files: 0, needsRedeploy: true, needsRebuild: false });
  });

  it('says it in words that fit what runs', async () => {
    behind();
    engine.containers = [
      ...engine.containers,
      { name: 'mine', image: 'mine', runs: { id: `sha256:${'d'.repeat(64)}`, repoDigests: [] } },
    ];
    for (const format of ['text', 'markdown', 'html']) {
      const { stdout } = await check([`docker:${engine.url}`, '--format', format]);
      expect(stdout).toContain('redeploy');
      expect(stdout).toContain('mine');
      expect(stdout).not.toMatch(/build|Dockerfile|0 files|pull request/i);
    }
  });

  it.each(['no-socket', 'too-old', 'refused'])(
    'that cannot be read (%s) prints its document, and exits 3',
    async (what) => {
      const old = await startFakeEngine({ version: '1.30' });
      try {
        if (what === 'refused') {
          engine.intercept = ({ url = '' }, response) => {
            if (!url.includes('/containers/')) return false;
            response.writeHead(403).end();
            return true;
          };
        }
        const url = { 'no-socket': `unix://${cwd}/none.sock`, 'too-old': old.url, refused: engine.url }[what];
        const why = { 'no-socket': 'there is no socket', 'too-old': 'too old', refused: 'CONTAINERS=1' }[what] ?? '';
        const { code, stdout, stderr } = await check([`docker:${url}`, '--format', 'json']);
        const { scopes, problems, workloads } = JSON.parse(stdout) as RunRecord;
        expect(code).toBe(3);
        expect(scopes).toMatchObject([{ kind: 'engine', whole: false, counts: { containers: 0 } }]);
        expect(problems).toMatchObject([{ code: 'ENGINE', message: expect.stringContaining(why) }]);
        expect(workloads).toEqual([]);
        expect(stderr).toContain(why);
        const text = await check([`docker:${url}`]);
        expect(text.stdout).toContain(why);
        expect(text.stdout).not.toMatch(/up to date|repository/);
      } finally {
        await old.close();
      }
    },
  );

  it('reads trees beside it, and joins what they share', async () => {
    const running = behind();
    writeFileSync(path.join(cwd, 'Dockerfile'), `FROM ${registry.host}/web:12@${running}\n`);
    const { findings, scopes, workloads } = await report(['.', `docker:${engine.url}`]);
    expect(scopes.map(({ kind }) => kind)).toEqual(['folder', 'engine']);
    expect(findings.map(({ file, workload }) => file ?? workload?.name)).toEqual(['Dockerfile', 'web']);
    expect(findings[0]?.packages).toEqual(findings[1]?.packages);
    expect(findings[0]?.news).toEqual(findings[1]?.news);
    expect(workloads).toHaveLength(1);
    const sarif = JSON.parse((await check(['.', `docker:${engine.url}`, '--format', 'sarif'])).stdout);
    expect(sarif.runs[0].results).toHaveLength(1);
    expect(JSON.stringify(sarif.runs[0].invocations)).toContain('1 finding about what runs');
  });

  it('takes a path that is called so for a path', async () => {
    const { stderr, code } = await check(['./docker:']);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot read ./docker:');
  });

  it('is nothing that update could write', async () => {
    const { code, stderr } = await cli(['update', `docker:${engine.url}`], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('what runs is no file');
  });

  it('makes one finding of replicas with one digest, and asks once for what twenty containers run', async () => {
    const running = behind();
    const compose = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web' };
    const image = `${registry.host}/web:12`;
    const runs = pulled('web', running);
    engine.containers = [
      ...[1, 2, 3].map((n) => ({ name: `shop_web_${n}`, image, runs, labels: compose })),
      ...Array.from({ length: 20 }, (_, n) => ({ name: `other-${n}`, image, runs })),
    ];
    const { findings, workloads, summary } = await report([`docker:${engine.url}`]);
    expect(workloads).toHaveLength(23);
    expect(summary).toMatchObject({ uses: 21, running: 21, images: 1 });
    const replicas = findings.filter(({ count }) => count === 3);
    expect(replicas).toMatchObject([
      { workload: { name: 'shop_web_1', compose: { project: 'shop', service: 'web' } } },
    ]);
    expect(findings).toHaveLength(21);
    expect((await check([`docker:${engine.url}`])).stdout).toContain('shop/web ×3');
    registry.log.length = 0;
    await report([`docker:${engine.url}`]);
    expect(registry.log.map(({ method, path: asked }) => `${method} ${asked}`)).toEqual(['HEAD /v2/web/manifests/12']);
  });

  it('fails on a class that runs, and calls nothing unchecked that is current', async () => {
    const running = behind();
    expect((await check([`docker:${engine.url}`, '--fail-on', 'security'])).code).toBe(1);
    const current = push(registry, 'web', built('3.0.16-1'));
    expect(current).not.toBe(running);
    engine.containers = [{ name: 'web', image: `${registry.host}/web:12`, runs: pulled('web', current) }];
    const { workloads, findings } = await report([`docker:${engine.url}`]);
    expect(findings.filter(({ class: kind }) => kind !== 'lagging')).toEqual([]);
    expect(workloads[0]).toMatchObject({ running: { root: current, manifest: current } });
  });

  it('an engine that runs nothing was looked at', async () => {
    const { code, stdout } = await check([`docker:${engine.url}`, '--fail-on', 'security']);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing runs there that a registry could be asked about');
  });

  it('tells of what could not be told: an image that nobody may look at is unknown', async () => {
    behind();
    engine.intercept = ({ url = '' }, response) => {
      if (!url.includes('/images/')) return false;
      response.writeHead(403).end();
      return true;
    };
    const { workloads, findings, scopes, problems } = await report([`docker:${engine.url}`]);
    expect(workloads).toMatchObject([{ state: 'unknown', running: null, platform: null }]);
    expect(findings).toMatchObject([{ class: 'unknown', problem: { code: 'running-digest-unknown' } }]);
    expect(scopes).toMatchObject([{ whole: false }]);
    expect(problems).toMatchObject([{ code: 'ENGINE', message: expect.stringContaining('IMAGES=1') }]);
  });

  it('says which daemon was meant, where none was named', async () => {
    const { stderr } = await cli(['check', 'docker:'], { cwd, env: { DOCKER_HOST: engine.url } });
    expect(stderr).toContain(`reading ${engine.url} (DOCKER_HOST)`);
  });

  it('nothing of what an engine says of Env, commands, labels and options leaves the house', async () => {
    engine.canary = 'c4nary-inspect-pa55';
    behind();
    const args = [`docker:${engine.url}`, '--cache', path.join(cwd, 'cache')];
    for (const format of ['text', 'json', 'markdown', 'html', 'sarif', 'codequality', 'dotenv']) {
      const { stdout, stderr } = await check([...args, '--verbose', '--format', format]);
      expect(`${stdout}${stderr}`).not.toContain(engine.canary);
    }
    nothingKept(engine.canary);
    expect(engine.log.every((line) => line.startsWith('GET '))).toBe(true);
  });
});

describe('engines of a configuration', () => {
  const configure = (more = ''): void =>
    writeFileSync(
      path.join(cwd, 'plimsoll.yml'),
      `version: 1\nengines: [{ name: nas, host: "${engine.url}" }]\nregistries: { "${registry.host}": { insecure: true } }\nstate: state.db\n${more}`,
    );
  const plimsoll = (...args: string[]): Promise<CliResult> =>
    cli(args, { cwd, env: { PLIMSOLL_ADVISORIES: osv.base } });

  it('are looked at by run, kept in the state, and answered for by workloads, status and where', async () => {
    const running = behind();
    engine.canary = 'c4nary-inspect-pa55';
    configure();
    expect(await plimsoll('workloads')).toMatchObject({ code: 3 });
    expect(await plimsoll('run')).toMatchObject({ code: 0, stdout: expect.stringContaining('security') });
    expect((await plimsoll('run')).stdout).toBe('');
    const kept = await plimsoll('workloads', 'nas', '--format', 'json');
    const { workloads, problems } = JSON.parse(kept.stdout);
    expect(problems).toEqual([]);
    expect(workloads).toMatchObject([{ engine: 'nas', name: 'web', state: 'behind', running: { root: running } }]);
    const live = JSON.parse((await plimsoll('workloads', '--live', '--format', 'json')).stdout);
    expect(live.workloads).toMatchObject([{ engine: 'nas', name: 'web', state: 'behind' }]);
    expect((await plimsoll('workloads')).stdout).toContain('1 workload: 1 behind');
    expect(await plimsoll('workloads', 'other')).toMatchObject({ code: 2, stderr: expect.stringContaining('nas') });
    expect((await plimsoll('status')).stdout).toContain('nas/web');
    expect((await plimsoll('where', 'openssl')).stdout).toContain('start it anew to get 3.0.16-1');
    expect(kept.stdout).not.toContain(engine.canary);
    nothingKept(engine.canary);
    expect(engine.log.every((line) => line.startsWith('GET '))).toBe(true);
  });

  it('that cannot be read end a run with 3, and what else there is was done', async () => {
    behind();
    configure();
    writeFileSync(path.join(cwd, 'Dockerfile'), `FROM ${registry.host}/web:12\n`);
    engine.intercept = ({ url = '' }, response) => {
      if (!url.includes('/containers/')) return false;
      response.writeHead(403).end();
      return true;
    };
    const { code, stderr } = await plimsoll('run');
    expect(code).toBe(3);
    expect(stderr).toContain('nas: cannot be read: GET /containers/json was refused (403)');
    const doctor = await plimsoll('doctor');
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toContain('CONTAINERS=1');
  });

  it('are tried by doctor, which lists what it does not read and patterns that match nothing', async () => {
    behind();
    const [web] = engine.containers;
    if (web) engine.containers = [{ ...web, labels: { 'com.centurylinklabs.watchtower.lifecycle.pre-update': '/x' } }];
    configure(
      'rules: [{ match: { workload: "web" }, react: [alert] }, { match: { engine: other }, react: [alert] }]\n',
    );
    const { stdout } = await plimsoll('doctor');
    expect(stdout).toContain('it runs 1 container, and 0 are stopped');
    expect(stdout).toContain('commands in labels are never run');
    expect(stdout).toContain('rules.1.match.engine');
    expect(stdout).not.toContain('rules.0.match');
  });

  it.each([
    ['engines: [{ name: nas, host: "unix:///x", keep: 24h }]', 'keep'],
    ['engines: [{ name: nas, host: "nas:2375" }]', 'no way to an engine'],
    ['engines: [{ name: nas, host: "tcp://nas:2375" }]', 'tcp without TLS'],
    ['engines: [{ name: nas, host: "podman:", mode: redeploy }]', 'only Docker is told to redeploy'],
    ['engines: [{ name: nas, keepOld: 24h }]', 'they go with mode: redeploy'],
    ['rules: [{ match: { engine: nas }, react: [redeploy] }]', 'redeploy needs match.class'],
    ['rules: [{ match: { class: [lagging] }, react: [redeploy] }]', 'redeploy needs match.class'],
    [
      'rules: [{ match: { class: [security] }, react: [redeploy], gate: hope }]',
      'expected running=120s, health, or none',
    ],
    ['rules: [{ window: "daily 03:00/2h" }]', 'what is redeployed'],
    ['engines: [{ name: a }, { name: a }]', 'a name of its own'],
    ['engines: [{ name: "a/b" }]', 'without spaces, slashes'],
    ['rules: [{ match: { workloads: x } }]', 'workloads'],
  ])('%s is an error before any request', async (text, why) => {
    writeFileSync(path.join(cwd, 'plimsoll.yml'), `version: 1\n${text}\n`);
    const { code, stderr } = await plimsoll('run');
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(engine.log).toEqual([]);
  });

  it('are no matter of a repository', async () => {
    for (const text of ['engines: [{ name: nas }]', 'rules: [{ match: { engine: nas } }]']) {
      writeFileSync(path.join(cwd, 'plimsoll.yml'), `version: 1\n${text}\n`);
      expect((await plimsoll('check')).code).toBe(2);
    }
  });
});

describe('check podman:', () => {
  it('ends a finding with the line that has it done, and keeps nothing of what it is not to read', async () => {
    const running = push(registry, 'web', built('3.0.15-1'), '12');
    push(registry, 'web', built('3.0.16-1'), '12');
    const image = `${registry.host}/web:12`;
    const podman = await startFakePodman({ isRootless: true });
    try {
      podman.canary = 'c4nary-of-podman';
      const runs = { id: 'c'.repeat(64), digest: running, repoDigests: [] };
      podman.containers = [{ name: 'web', image, runs, labels: { PODMAN_SYSTEMD_UNIT: 'web.service' } }];
      const line = `podman pull ${image} && systemctl --user restart web.service`;
      const { stdout, stderr } = await check([`podman:${podman.url}`, '--cache', path.join(cwd, 'cache')]);
      expect(stdout).toContain(line);
      const { findings, workloads, scopes } = await report([`podman:${podman.url}`]);
      expect(scopes).toMatchObject([{ name: 'podman@fake-host', whole: true }]);
      expect(findings).toMatchObject([{ class: 'security', workload: { name: 'web', redeploy: line } }]);
      expect(workloads).toMatchObject([{ state: 'behind', redeploy: line, running: { root: running, by: 'podman' } }]);
      expect(`${stdout}${stderr}`).not.toContain(podman.canary);
      nothingKept(podman.canary);
    } finally {
      await podman.close();
    }
  });
});

describe('check kube:', () => {
  it('finds the same of a cluster, with the line that starts it anew, and keeps nothing of what it is not to read', async () => {
    const running = push(registry, 'web', built('3.0.15-1'), '12');
    push(registry, 'web', built('3.0.16-1'), '12');
    const cluster = await startFakeKubernetes();
    try {
      cluster.canary = 'c4nary-of-a-cluster';
      const container = { image: `${registry.host}/web:12`, imageId: `${registry.host}/web@${running}` };
      cluster.workloads = [{ namespace: 'shop', name: 'web', replicas: 3, containers: [container] }];
      const env = { PLIMSOLL_ADVISORIES: osv.base, KUBECONFIG: cluster.kubeconfig() };
      const args = ['check', 'kube:here', '--cache', path.join(cwd, 'cache')];
      const { stdout, stderr, code } = await cli(args, { cwd, env });
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('kubectl -n shop rollout restart deployment/web'),
      });
      const { findings, scopes } = JSON.parse(
        (await cli([...args, '--format', 'json'], { cwd, env })).stdout,
      ) as RunRecord;
      expect(scopes).toMatchObject([{ kind: 'engine', name: 'here', whole: true, counts: { containers: 3 } }]);
      expect(findings).toMatchObject([
        { class: 'security', workload: { engine: 'here', kind: 'deployment', name: 'shop/deployment/web' } },
      ]);
      expect(findings[0]).not.toHaveProperty('count');
      expect(`${stdout}${stderr}`).not.toContain(cluster.canary);
      expect(`${stdout}${stderr}`).not.toContain(cluster.token);
      nothingKept(cluster.canary);
      nothingKept(cluster.token);
      const refused = { ...env, KUBECONFIG: cluster.kubeconfig({ exec: { command: 'aws' } }) };
      expect(await cli(args, { cwd, env: refused })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no program is run here'),
      });
    } finally {
      await cluster.close();
    }
  });
});

describe('migrate watchtower', () => {
  const canary = 'c4nary-of-a-watchtower';
  const tower = (name: string): FakeContainer => ({
    name,
    image: 'containrrr/watchtower:1.7.1',
    runs: pulled('watchtower', `sha256:${'d'.repeat(64)}` as Digest),
    started: {
      path: '/watchtower',
      args: ['--label-enable', '--cleanup'],
      env: [`WATCHTOWER_NOTIFICATION_URL=discord://${canary}@1`, 'WATCHTOWER_SCHEDULE=0 0 4 * * *', 'TZ=Europe/Rome'],
    },
  });
  const migrate = (...args: string[]): Promise<CliResult> => cli(['migrate', 'watchtower', ...args], { cwd });

  it('prints a configuration that a run takes, says what differs, asks by GET alone and writes nothing', async () => {
    behind();
    const [web] = engine.containers as [FakeContainer];
    const chosen = { ...web, labels: { 'com.centurylinklabs.watchtower.enable': 'true' } };
    engine.containers = [chosen, { ...web, name: 'other' }, tower('watchtower')];
    const { stdout, stderr, code } = await migrate(`docker:${engine.url}`);
    expect(code).toBe(0);
    expect(readdirSync(cwd)).toEqual([]);
    expect(stdout).toContain('schedule: "0 4 * * *"');
    expect(stderr).toContain('differs: moving: a digest has to have been known for a day');
    expect(`${stdout}${stderr}`).not.toContain(canary);
    expect(engine.log.filter((line) => !line.startsWith('GET '))).toEqual([]);
    writeFileSync(path.join(cwd, 'plimsoll.yml'), stdout);
    const env = { PLIMSOLL_ADVISORIES: osv.base, PLIMSOLL_DISCORD_URL: 'https://discord.invalid/x' };
    const { stdout: told } = await cli(['run', '--dry-run', '--config', 'plimsoll.yml'], { cwd, env });
    expect(told).toContain('web');
    const { findings } = JSON.parse(
      (await cli(['check', '--config', 'plimsoll.yml', `docker:${engine.url}`, '--format', 'json'], { cwd, env }))
        .stdout,
    ) as RunRecord;
    const reactions = Object.fromEntries(findings.map((one) => [one.workload?.name, one.reaction]));
    expect(reactions).toMatchObject({ web: { react: ['alert'], when: 'now' }, other: { react: ['ignore'] } });
  });

  it.each(['variables', 'arguments'])('with every flag there is, in its %s, tells no secret', async (where) => {
    const flags = Object.entries(documentedFlags);
    const args = flags.map(([flag]) => `--${flag}=${watchtowerValue(flag)}`);
    const env = flags.map(([flag, variable]) => `${variable}=${watchtowerValue(flag)}`);
    const started = { path: '/watchtower', ...(where === 'variables' ? { args: [], env } : { args, env: [] }) };
    engine.canary = watchtowerSecret;
    engine.containers = [{ ...tower('watchtower'), started }];
    const { stdout, stderr, code } = await migrate(`docker:${engine.url}`);
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).not.toContain(watchtowerSecret);
    const value = new Proxy<Record<string, string>>({}, { get: () => 'https://value.test/x', has: () => true });
    expect(parseConfig(stdout, 'plimsoll.yml', 'operator', value).notify).toHaveLength(13);
  });

  it('of Podman, asked in Docker’s words, moves nothing there', async () => {
    engine.intercept = (_request, response) => {
      response.setHeader('libpod-api-version', '4.3.1');
      return false;
    };
    engine.containers = [tower('watchtower')];
    const { stdout } = await migrate(`docker:${engine.url}`);
    engine.intercept = undefined;
    expect(stdout).toContain(`host: "podman+${engine.url}"`);
    expect(stdout).not.toContain('redeploy');
  });

  it('of several is asked for by name; of none, or by another kind of engine, it is said so', async () => {
    engine.containers = [tower('one'), tower('two')];
    expect((await migrate(`docker:${engine.url}`)).stderr).toContain(
      'this was one; ask for another one with --container: two',
    );
    expect((await migrate(`docker:${engine.url}`, '--container', 'two')).stdout).toContain('the container "two"');
    expect(await migrate(`docker:${engine.url}`, '--container', 'three')).toMatchObject({ code: 2 });
    engine.containers = [];
    expect(await migrate(`docker:${engine.url}`)).toMatchObject({ code: 3, stdout: '' });
    expect(await migrate('somewhere')).toMatchObject({ code: 2 });
  });
});
