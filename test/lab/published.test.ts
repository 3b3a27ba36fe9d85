import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { installDebianPackages } from './support/debian-packages.ts';
import { type DockerDaemon, startDockerDaemon } from './support/docker-daemon.ts';
import { workplace } from './support/plimsoll.ts';
import { debianImage, publish } from './support/publish.ts';
import { runTool } from './support/run-tool.ts';

/*
 * What is said of images that Debian's own builders have made on an older Debian, after its tag has moved on: as they were pushed,
 * recompressed, squashed with and without a word of what they were built on.
 */

const { folder, older, newer, http } = inject('lab');
const base = `${http.host}/published/base:12`;
const named = (name: string): string => `${http.host}/published/${name}:1`;
const dockerfile = `FROM ${base}\nCOPY app /srv/app\n`;

let own: string;
let daemon: DockerDaemon;
beforeAll(async () => {
  installDebianPackages(['buildah']);
  own = mkdtempSync(path.join(tmpdir(), 'plimsoll-lab-published-'));
  chmodSync(own, 0o755);
  daemon = await startDockerDaemon(path.join(own, 'docker'));
}, 300_000);
afterAll(async () => {
  await daemon.stop();
  rmSync(own, { recursive: true, force: true });
});

const storage = (): readonly string[] => [
  '--storage-driver',
  'vfs',
  '--root',
  path.join(own, 'buildah'),
  '--runroot',
  path.join(own, 'buildah-run'),
];

function buildah(name: string, context: string, ...options: readonly string[]): void {
  const more = ['--isolation', 'chroot', '--tls-verify=false', ...options];
  runTool('buildah', [...storage(), 'bud', ...more, '-t', named(name), context]);
  runTool('buildah', [...storage(), 'push', '--tls-verify=false', named(name)]);
}

function copied(from: string, to: string, ...options: readonly string[]): void {
  const plain = ['--src-tls-verify=false', '--dest-tls-verify=false'];
  const ends = [`docker://${named(from)}`, `docker://${named(to)}`];
  runTool('skopeo', ['--insecure-policy', 'copy', '--quiet', ...plain, ...options, ...ends]);
}

describe('images that were built on an older Debian', () => {
  it('are stale by what can be told of them, and a note where nothing can', async () => {
    const context = path.join(own, 'context');
    mkdirSync(context);
    writeFileSync(path.join(context, 'app'), 'app\n');
    writeFileSync(path.join(context, 'Dockerfile'), dockerfile);
    const before = publish(debianImage(older), base, folder);
    daemon.docker('build', '--pull', '-t', named('docker'), context);
    daemon.docker('push', named('docker'));
    buildah('buildah', context);
    buildah('squashed', context, '--squash');
    // Docker's own media types have no annotations.
    copied('squashed', 'silent', '--format', 'v2s2');
    copied('docker', 'recompressed', '--dest-compress-format', 'zstd', '--format', 'oci');

    const names = ['docker', 'buildah', 'squashed', 'silent', 'recompressed'];
    const place = workplace(folder);
    const tree = path.dirname(place.dockerfile);
    rmSync(place.dockerfile);
    for (const name of names) {
      mkdirSync(path.join(tree, name));
      writeFileSync(path.join(tree, name, 'Dockerfile'), dockerfile);
    }
    const published = names.map((name) => `{ image: "${named(name)}", file: ${name}/Dockerfile }`);
    writeFileSync(
      path.join(tree, 'plimsoll.yml'),
      `version: 1\nrepositories: [{ path: . }]\nregistries: { "${http.host}": {} }\npublished: [${published.join(', ')}]\n`,
    );
    const first = place.run('run', '--state', 'state.db');
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(place.check('.', '--config', 'plimsoll.yml', '--state', 'state.db').record.findings).toEqual([]);

    const now = publish(debianImage(newer), base, folder);
    expect(place.run('run', '--state', 'state.db').code).toBe(0);
    const { record } = place.check('.', '--config', 'plimsoll.yml', '--state', 'state.db');
    const stale = record.findings.filter((one) => one.class === 'stale');
    const said = stale.map(({ published: of, file }) => `${file?.split('/')[0]}: ${of?.by}`);
    expect(said.sort()).toEqual(['buildah: layers', 'docker: layers', 'recompressed: layers', 'squashed: annotation']);
    for (const one of stale) {
      expect(one).toMatchObject({ current: { digest: before }, latest: { digest: now }, remedy: 'rebuild' });
      expect(one.packages?.length).toBeGreaterThan(0);
      expect(one.dispatch).toMatchObject({ state: 'none' });
    }
    expect(record.problems).toMatchObject([{ code: 'published-untold', subject: named('silent') }]);
    // Built again on what there is now, each is over.
    daemon.docker('build', '--pull', '--no-cache', '-t', named('docker'), context);
    daemon.docker('push', named('docker'));
    buildah('squashed', context, '--squash', '--pull-always');
    const after = place.check('.', '--config', 'plimsoll.yml', '--state', 'state.db').record.findings;
    const left = after.filter((one) => one.class === 'stale').map(({ file }) => file?.split('/')[0]);
    expect(left.sort()).toEqual(['buildah', 'recompressed']);
  }, 300_000);
});
