import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { type BuiltImage, image, layer } from '../support/image-builder.ts';
import { type DockerDaemon, startDockerDaemon } from './support/docker-daemon.ts';
import { type Workplace, workplace } from './support/plimsoll.ts';
import { debianImage, publish } from './support/publish.ts';
import { recordedSocket } from './support/recorded-socket.ts';
import { requestsOf } from './support/registry-server.ts';
import { runTool } from './support/run-tool.ts';

/*
 * A real daemon (docker.io of Debian: API 1.41, graph driver), the registry of the lab, and two real Debian images of which
 * the newer one has nine packages moved.
 */

const { folder, older, newer, http } = inject('lab');
const reference = `${http.host}/engines/web:12`;
/** A container's worth of sleep, and a version; what it is to a daemon costs nothing beside a whole Debian. */
const small = (version: string): BuiltImage => {
  const busybox = { path: 'bin/sleep', content: readFileSync('/bin/busybox'), mode: 0o755 };
  return image({ layers: [layer([busybox]), layer({ 'etc/version': version })], config: { Env: ['PATH=/bin'] } });
};
const canary = 'c4nary-of-a-running-container';
let own: string;
let daemon: DockerDaemon;
let before: Digest;
let after: Digest;
let place: Workplace;

const sleeping = ['--network', 'none', '-e', `PASSWORD=${canary}`, '-l', `com.example.token=${canary}`];
const run = (name: string, image: string, ...options: string[]): string =>
  daemon.docker('run', '-d', '--name', name, ...sleeping, ...options, image, 'sleep', '100000');

beforeAll(async () => {
  // Not where the lab keeps what it looks through at its end: it holds whole file systems.
  own = mkdtempSync(path.join(tmpdir(), 'plimsoll-dockerd-'));
  daemon = await startDockerDaemon(own);
  before = publish(debianImage(older), reference, folder);
  daemon.docker('pull', '-q', reference);
  run('web', reference);
  run('pinned', `${reference}@${before}`);
  run('by-id', daemon.docker('inspect', '-f', '{{.Image}}', 'web').trim());
  const context = path.join(folder, 'context');
  mkdirSync(context);
  writeFileSync(path.join(context, 'Dockerfile'), `FROM ${reference}\n`);
  daemon.docker('build', '-q', '-t', 'unchanged-child', context);
  writeFileSync(path.join(context, 'Dockerfile'), `FROM ${reference}\nRUN echo x > /x\n`);
  daemon.docker('build', '-q', '--network', 'none', '-t', 'child', context);
  run('unchanged-child', 'unchanged-child');
  run('child', 'child');
  run('hidden', reference, '-l', 'plimsoll.mode=ignore');
  daemon.docker('create', '--name', 'stopped', ...sleeping, reference);
  after = publish(debianImage(newer), reference, folder);
  place = workplace(folder, `FROM ${reference}@${before}\n`);
});
afterAll(async () => {
  daemon.docker('rm', '-f', ...daemon.docker('ps', '-aq').trim().split('\n'));
  await daemon.stop();
  rmSync(own, { recursive: true, force: true });
});

const rowsOf = (finding: Finding | undefined): unknown => finding?.packages;
const named = ({ workloads }: RunRecord, name: string) => workloads.find((one) => one.name === name);

describe('a real daemon', () => {
  it('runs what a Dockerfile pins: the same class, the same packages, one news, and nothing but GET was asked', async () => {
    const way = await recordedSocket(daemon.socket);
    const { record, stdout, stderr, code } = place.check('.', `docker:${way.url}`);
    way.close();
    expect(code).toBe(0);
    expect(record.problems).toEqual([]);
    const [file, ...running] = record.findings.filter(({ class: kind }) => kind === 'packages' || kind === 'security');
    expect(file).toMatchObject({ file: 'Dockerfile', current: { digest: before }, latest: { digest: after } });
    expect(running.map(({ workload }) => workload?.name).sort()).toEqual(['pinned', 'web']);
    for (const one of running) {
      expect(one).toMatchObject({
        class: file?.class,
        remedy: 'redeploy',
        current: { digest: before },
        latest: { digest: after },
      });
      expect(rowsOf(one)).toEqual(rowsOf(file));
      expect(one.news).toEqual(file?.news);
    }
    expect((file?.packages ?? []).length).toBeGreaterThan(3);
    expect(way.requests().length).toBeGreaterThan(3);
    expect(way.requests().filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(`${stdout}${stderr}`).not.toContain(canary);
  });

  it('says of each container what can be said of it', () => {
    const { record } = place.check(`docker:unix://${daemon.socket}`);
    expect(record.scopes).toMatchObject([
      { kind: 'engine', whole: true, counts: { containers: 6, services: 0, stopped: 1, tasks: 0, local: 2 } },
    ]);
    expect(named(record, 'web')).toMatchObject({
      state: 'behind',
      platform: 'linux/amd64',
      running: { root: before, by: 'repo-digest' },
    });
    expect(named(record, 'by-id')).toMatchObject({ state: 'skipped', running: null });
    expect(named(record, 'unchanged-child')).toMatchObject({ state: 'local' });
    expect(named(record, 'child')).toMatchObject({ state: 'local' });
    expect(named(record, 'hidden')).toMatchObject({ state: 'skipped', mode: 'ignore' });
    expect(named(record, 'stopped')).toBeUndefined();
    // Now the old image has no name any more.
    daemon.docker('pull', '-q', reference);
    run('fresh', reference);
    const later = place.check(`docker:unix://${daemon.socket}`).record;
    expect(named(later, 'web')).toMatchObject({ state: 'behind', written: reference, running: { root: before } });
    expect(named(later, 'fresh')).toMatchObject({ state: 'current', running: { root: after, manifest: after } });
  });

  it('asks a registry once for what twenty containers run, however often it is looked at', () => {
    const busy = `${http.host}/engines/busy:1`;
    publish(small('busy'), busy, folder);
    daemon.docker('pull', '-q', busy);
    for (let n = 0; n < 20; n++) run(`busy-${n}`, busy);
    place.check(`docker:unix://${daemon.socket}`);
    const asked = requestsOf(http).length;
    const { record } = place.check(`docker:unix://${daemon.socket}`);
    const requests = requestsOf(http).slice(asked);
    const references = new Set(
      record.workloads.flatMap(({ state, written }) =>
        state === 'behind' || state === 'current' ? written.replace(/@.*/, '') : [],
      ),
    );
    expect(requests.filter((line) => !line.startsWith('HEAD '))).toEqual([]);
    expect(requests.length).toBeLessThanOrEqual(references.size + 1);
  });

  it('that manages a swarm tells of its services', () => {
    daemon.docker('swarm', 'init', '--listen-addr', '127.0.0.1:2377', '--advertise-addr', '127.0.0.1');
    const service = `${http.host}/engines/service:12`;
    const pinned = publish(small('1'), service, folder);
    daemon.docker(
      'service',
      'create',
      '-d',
      '--name',
      'shop_web',
      '--replicas',
      '2',
      '--network',
      'host',
      service,
      'sleep',
      '100000',
    );
    const moved = publish(small('2'), service, folder);
    const { record } = place.check(`docker:unix://${daemon.socket}`);
    expect(record.scopes).toMatchObject([{ counts: { services: 1 }, whole: true }]);
    expect(named(record, 'shop_web')).toMatchObject({
      kind: 'service',
      state: 'behind',
      platform: 'linux/amd64',
      running: { root: pinned, by: 'written' },
    });
    expect(record.findings.find(({ workload }) => workload?.kind === 'service')).toMatchObject({
      latest: { digest: moved },
    });
    daemon.docker('service', 'rm', 'shop_web');
    daemon.docker('swarm', 'leave', '--force');
  });

  it('whose containers belong to a compose project tells of the service, replicas as one', () => {
    const project = path.join(folder, 'shop');
    mkdirSync(project);
    const web = { image: reference, network_mode: 'none', command: ['sleep', '100000'] };
    writeFileSync(path.join(project, 'docker-compose.yml'), JSON.stringify({ version: '2.4', services: { web } }));
    // What it runs is the old image again, under a name of its own.
    const old = `${http.host}/engines/compose:12`;
    const root = publish(small('1'), old, folder);
    writeFileSync(
      path.join(project, 'docker-compose.yml'),
      JSON.stringify({ version: '2.4', services: { web: { ...web, image: old } } }),
    );
    runTool('docker-compose', ['up', '-d', '--scale', 'web=2'], {
      env: { DOCKER_HOST: `unix://${daemon.socket}`, COMPOSE_FILE: path.join(project, 'docker-compose.yml') },
    });
    publish(small('2'), old, folder);
    const { record } = place.check(`docker:unix://${daemon.socket}`);
    const finding = record.findings.find(
      ({ workload, class: kind }) => workload?.compose !== undefined && kind !== 'lagging',
    );
    expect(finding).toMatchObject({
      count: 2,
      current: { digest: root },
      workload: { compose: { project: 'shop', service: 'web' } },
    });
    expect(record.workloads.filter(({ compose }) => compose?.project === 'shop')).toHaveLength(2);
  });

  it('that stops is said to be missing', async () => {
    const nowhere = `unix://${path.join(folder, 'nowhere.sock')}`;
    const { code, record } = place.check(`docker:${nowhere}`);
    expect(code).toBe(3);
    expect(record.scopes).toMatchObject([{ whole: false }]);
  });
});

describe('the scheduled job', () => {
  it('moves what a rule asks for to the digest that it judged, and keeps what the container wrote', () => {
    const kept = `${http.host}/engines/kept:12`;
    publish(debianImage(older), kept, folder);
    daemon.docker('pull', '-q', kept);
    run('kept', kept, '-v', 'kept-data:/data', '--restart', 'unless-stopped');
    daemon.docker('exec', 'kept', 'sh', '-c', 'echo mine > /data/note');
    const moved = publish(debianImage(newer), kept, folder);
    const { record } = place.check(`docker:unix://${daemon.socket}`);
    const behind = record.findings.find(({ workload }) => workload?.name === 'kept');
    const [row] = behind?.packages ?? [];
    const advisories = mkdtempSync(path.join(folder, 'advisories-'));
    const affected = {
      package: { ecosystem: 'Debian:12', name: row?.source ?? row?.name },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: row?.after }] }],
    };
    writeFileSync(
      path.join(advisories, 'TEST-1.json'),
      JSON.stringify({ id: 'TEST-1', modified: '2026-01-01T00:00:00Z', affected: [affected] }),
    );
    const job = workplace(folder, `FROM ${kept}@${before}\n`, { PLIMSOLL_ADVISORIES: advisories });
    const config = path.join(path.dirname(job.dockerfile), 'plimsoll.yml');
    writeFileSync(
      config,
      `version: 1
registries: { "${http.host}": { insecure: true } }
engines: [{ name: nas, host: "unix://${daemon.socket}", mode: redeploy }]
rules:
  - { match: { engine: nas, workload: kept, class: [security] }, react: [alert, redeploy], minimumAge: 0, gate: running=1s }
`,
    );
    const first = job.run('run', '--config', config, '--state', path.join(own, 'state.db'));
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.stdout).toContain('nas/kept was moved');
    expect(daemon.docker('inspect', '-f', '{{.State.Running}} {{.HostConfig.RestartPolicy.Name}}', 'kept').trim()).toBe(
      'true unless-stopped',
    );
    expect(
      daemon.docker(
        'inspect',
        '-f',
        '{{json .RepoDigests}}',
        daemon.docker('inspect', '-f', '{{.Image}}', 'kept').trim(),
      ),
    ).toContain(moved);
    expect(daemon.docker('exec', 'kept', 'cat', '/data/note').trim()).toBe('mine');
    expect(`${first.stdout}${first.stderr}`).not.toContain(canary);
    // Nobody asked for the others.
    expect(daemon.docker('inspect', '-f', '{{.State.Running}}', 'web').trim()).toBe('true');
    const second = job.run('run', '--config', config, '--state', path.join(own, 'state.db'));
    expect(second.code).toBe(0);
    expect(second.stdout).not.toContain('nas/kept was moved');
    const back = job.run(
      'rollback',
      'nas:kept',
      '--config',
      config,
      '--state',
      path.join(own, 'state.db'),
      '--format',
      'json',
    );
    expect(JSON.parse(back.stdout)).toMatchObject({ outcomes: [{ outcome: 'moved', from: moved }] });
    expect(daemon.docker('exec', 'kept', 'cat', '/data/note').trim()).toBe('mine');
  });
});
