import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Digest } from '../../src/core/image/digest.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { answer } from '../support/engine/fake-podman.ts';
import { type BuiltImage, image, index, layer } from '../support/image-builder.ts';
import { type DockerDaemon, startDockerDaemon } from './support/docker-daemon.ts';
import { type Workplace, workplace } from './support/plimsoll.ts';
import { type PodmanService, startPodmanService } from './support/podman-service.ts';
import { debianImage, publish } from './support/publish.ts';
import { recordedSocket } from './support/recorded-socket.ts';
import { requestsOf } from './support/registry-server.ts';

/* Debian's podman (4.3) beside Debian's Docker, for the same images: what both run is the same, and so are the findings. */

const { folder, older, newer, http: registry } = inject('lab');
const reference = `${registry.host}/podman/web:12`;
const many = `${registry.host}/podman/many:1`;
const small = (version: string, architecture: string): BuiltImage => {
  const busybox = { path: 'bin/sleep', content: readFileSync('/bin/busybox'), mode: 0o755 };
  const layers = [layer([busybox]), layer({ 'etc/version': version })];
  return image({ layers, config: { Env: ['PATH=/bin'] }, platform: { os: 'linux', architecture } });
};
const served = (version: string) =>
  index(['amd64', 'arm64'].map((architecture) => ({ image: small(version, architecture) })));
const canary = 'c4nary-of-a-podman';
let own: string;
let podman: PodmanService;
let docker: DockerDaemon;
let before: Digest;
let after: Digest;
let root: Digest;
let place: Workplace;

beforeAll(async () => {
  own = mkdtempSync(path.join(tmpdir(), 'plimsoll-podman-'));
  [podman, docker] = await Promise.all([startPodmanService(`${own}/podman`), startDockerDaemon(`${own}/docker`)]);
  before = publish(debianImage(older), reference, folder);
  root = publish(served('1'), many, folder);
  for (const one of [reference, many]) {
    podman.podman('pull', '-q', '--tls-verify=false', one);
    docker.docker('pull', '-q', one);
  }
  const secret = ['-e', `PASSWORD=${canary}`, '-l', `com.example.token=${canary}`];
  for (const [name, one] of [
    ['web', reference],
    ['many', many],
  ] as const) {
    podman.run(name, one, ...secret);
    docker.docker('run', '-d', '--name', name, '--network', 'none', ...secret, one, 'sleep', '100000');
  }
  const unit = ['-l', 'PODMAN_SYSTEMD_UNIT=owned.service'];
  podman.run('owned', many, ...unit);
  podman.run('moved', many, ...unit, '-l', 'io.containers.autoupdate=registry');
  podman.podman('tag', many, 'localhost/own:1');
  podman.run('own', 'localhost/own:1');
  podman.podman('create', '--name', 'stopped', '--network', 'none', '--ulimit', 'nofile=1024:1024', many, 'sleep', '1');
  after = publish(debianImage(newer), reference, folder);
  publish(served('2'), many, folder);
  place = workplace(folder, '');
});
afterAll(async () => {
  await podman.stop();
  docker.docker('rm', '-f', ...docker.docker('ps', '-aq').trim().split('\n'));
  await docker.stop();
  rmSync(own, { recursive: true, force: true });
});

const named = ({ workloads }: RunRecord, name: string) => workloads.find((one) => one.name === name);

describe('a real Podman', () => {
  it('runs what Docker runs: the same digests, classes, packages and news; and nothing but GET was asked', async () => {
    const way = await recordedSocket(podman.socket);
    const { record, stdout, stderr } = place.check(`podman:${way.url}`);
    way.close();
    const beside = place.check(`docker:unix://${docker.socket}`).record;
    expect(record.problems).toEqual(beside.problems);
    for (const name of ['web', 'many']) {
      const pick = (all: RunRecord) =>
        all.findings
          .filter(({ workload }) => workload?.name === name)
          .map((one) => ({ ...one, id: '', workload: '', since: '' }));
      expect(named(record, name)?.running?.root).toBe(named(beside, name)?.running?.root);
      expect(pick(record).length).toBeGreaterThan(0);
      expect(pick(record)).toEqual(pick(beside));
    }
    expect(named(record, 'web')).toMatchObject({ state: 'behind', running: { root: before, by: 'podman' } });
    expect(record.findings.find(({ workload }) => workload?.name === 'web')).toMatchObject({
      latest: { digest: after },
      remedy: 'redeploy',
    });
    expect(way.requests().length).toBeGreaterThan(3);
    expect(way.requests().filter((line) => !line.startsWith('GET '))).toEqual([]);
    expect(`${stdout}${stderr}`).not.toContain(canary);
  });

  it('says which index it was, who moves what, and with which line', () => {
    const { record } = place.check(`podman:unix://${podman.socket}`);
    expect(record.scopes).toMatchObject([{ whole: true, counts: { containers: 5, stopped: 1, local: 1 } }]);
    expect(named(record, 'many')).toMatchObject({ state: 'behind', running: { root, by: 'podman' } });
    expect(named(record, 'owned')).toMatchObject({
      redeploy: `podman pull ${many} && systemctl restart owned.service`,
    });
    expect(named(record, 'moved')).toMatchObject({ redeploy: 'podman auto-update', mode: 'watch' });
    expect(named(record, 'own')).toMatchObject({ state: 'local' });
    const text = place.run('check', `podman:unix://${podman.socket}`).stdout;
    expect(text).toContain('podman auto-update');
  });

  it('asks a registry with one HEAD for each reference when it is looked at again', () => {
    const asked = requestsOf(registry).length;
    place.check(`podman:unix://${podman.socket}`);
    const requests = requestsOf(registry).slice(asked);
    expect(requests.filter((line) => !line.startsWith('HEAD '))).toEqual([]);
    expect(requests.length).toBeLessThanOrEqual(3);
  });

  it('knows what runs when the tag has moved on, and the image has no name any more', () => {
    podman.podman('pull', '-q', '--tls-verify=false', many);
    const { record } = place.check(`podman:unix://${podman.socket}`);
    expect(named(record, 'many')).toMatchObject({ state: 'behind', written: many, running: { root } });
  });

  it('speaks for clients of Docker, too: the same is found that way', () => {
    const { record } = place.check(`docker:unix://${podman.socket}`);
    expect(named(record, 'web')).toMatchObject({ state: 'behind', running: { root: before } });
  });

  it('has every field that its stand-in has', async () => {
    const fields = (value: unknown): string[] => {
      const one = Array.isArray(value) ? value[0] : value;
      return Object.keys(one as object);
    };
    const runs = { id: 'a', digest: 'sha256:b', repoDigests: [] };
    const fake = { containers: [{ name: 'x', image: 'y', runs }], canary: '' };
    const id = podman.podman('inspect', '-f', '{{.Image}}', 'web').trim();
    for (const [standIn, real] of [
      ['/libpod/info', '/libpod/info'],
      ['/libpod/containers/json', '/libpod/containers/json'],
      ['/libpod/images/a/json', `/libpod/images/${id}/json`],
    ] as const) {
      const theirs = fields(await get(real));
      expect(
        fields(answer(standIn, new URLSearchParams(), fake, false)).filter((key) => !theirs.includes(key)),
      ).toEqual(
        // Left out by Podman where it is empty.
        standIn.includes('images') ? ['Variant'] : [],
      );
    }
  });
});

async function get(asked: string): Promise<unknown> {
  const text = await new Promise<string>((resolve, reject) => {
    http
      .get({ socketPath: podman.socket, path: `/v4.0.0${asked}` }, async (response) => {
        const pieces: Buffer[] = [];
        for await (const piece of response) pieces.push(piece as Buffer);
        resolve(Buffer.concat(pieces).toString('utf8'));
      })
      .on('error', reject);
  });
  return JSON.parse(text);
}
