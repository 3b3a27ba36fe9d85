import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import { limits } from '../../src/core/limits/limits.ts';
import type { RunRecord } from '../../src/core/run-record.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { type BuiltImage, descriptor, image, layer } from '../support/image-builder.ts';

let cwd = '';
let registry: FakeRegistry;
let osv: FakeOsv;
beforeEach(async () => {
  cwd = mkdtempSync(path.join(tmpdir(), 'plimsoll-stale-'));
  [registry, osv] = await Promise.all([startFakeRegistry(), startFakeOsv()]);
  osv.answers.set('Debian:12 openssl 3.0.15-1', ['DEBIAN-CVE-2026-1']);
  osv.answers.set('Debian:12 openssl 3.0.16-1', []);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
});
afterEach(async () => {
  rmSync(cwd, { recursive: true, force: true });
  await Promise.all([registry.close(), osv.close()]);
});

const base = (openssl: string): BuiltImage => debianImage({ libc6: '2.36-9', openssl });
/** As a build on it makes one. */
const on = (below: BuiltImage, more: Parameters<typeof image>[0] = {}): BuiltImage =>
  image({ ...more, layers: [...below.layers, layer({ 'srv/app': 'app' })] });

/** A folder that publishes acme/app, built on base:12, pinned to what it names now unless said otherwise. */
function publishing({ from, published = true }: { from?: string; published?: boolean } = {}): void {
  mkdirSync(path.join(cwd, 'app'), { recursive: true });
  writeFileSync(path.join(cwd, 'app/Dockerfile'), `FROM ${from ?? `${registry.host}/base:12`}\nCOPY app /srv/app\n`);
  const named = published ? `published: [{ image: "${registry.host}/acme/app:1", file: app/Dockerfile }]\n` : '';
  writeFileSync(
    path.join(cwd, 'plimsoll.yml'),
    `version: 1\nrepositories: [{ path: "." }]\nregistries: { "${registry.host}": {} }\n${named}`,
  );
}

function plimsoll(...args: readonly string[]): Promise<CliResult> {
  return cli(args, { cwd, env: { PLIMSOLL_ADVISORIES: osv.base } });
}

async function check(): Promise<RunRecord> {
  const { stdout } = await plimsoll('check', '.', '--config', 'plimsoll.yml', '--format', 'json');
  return JSON.parse(stdout) as RunRecord;
}

const staleIn = ({ findings }: RunRecord): readonly Finding[] => findings.filter((one) => one.class === 'stale');

/** Both generations of the base, the second under its tag. */
function generations(): { older: BuiltImage; then: Digest; now: Digest } {
  const older = base('3.0.15-1');
  const then = push(registry, 'base', older, '12');
  const now = push(registry, 'base', base('3.0.16-1'), '12');
  return { older, then, now };
}

/** An index with what BuildKit says of a build. */
function withProvenance(built: BuiltImage, predicateType: string, predicate: object): void {
  const manifest = push(registry, 'acme/app', built);
  const put = (value: unknown): { bytes: Buffer; mediaType: string; digest: Digest; size: number } => {
    const bytes = Buffer.from(JSON.stringify(value));
    return {
      bytes,
      mediaType: 'application/vnd.in-toto+json',
      digest: registry.putBlob(bytes) as Digest,
      size: bytes.length,
    };
  };
  const statement = put({ _type: 'https://in-toto.io/Statement/v0.1', predicateType, predicate });
  const config = put({});
  const attestation = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { ...descriptor(config), mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: [{ ...descriptor(statement), annotations: { 'in-toto.io/predicate-type': predicateType } }],
    }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const digest = registry.putManifest('acme/app', { bytes: attestation, mediaType });
  const manifests = [
    { ...descriptor(built.manifest), platform: { os: 'linux', architecture: 'amd64' } },
    {
      mediaType,
      digest,
      size: attestation.length,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': manifest },
    },
  ];
  const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests };
  registry.putManifest('acme/app', { bytes: Buffer.from(JSON.stringify(index)), mediaType: index.mediaType }, '1');
}

const squashed = (more: Parameters<typeof image>[0] = {}): BuiltImage =>
  image({ ...more, layers: [layer({ 'srv/app': 'all in one' })] });
const material = (digest: Digest) => ({
  uri: `pkg:docker/${registry.host}/base@12?platform=linux%2Famd64`,
  digest: { sha256: digest.slice('sha256:'.length) },
});

describe('a published image', () => {
  it('is stale by its layers when the state has seen the base that it was built on', async () => {
    const older = base('3.0.15-1');
    const then = push(registry, 'base', older, '12');
    push(registry, 'acme/app', on(older), '1');
    publishing();
    const first = await plimsoll('run', '--state', 'state.db');
    expect(first.code).toBe(0);
    const now = push(registry, 'base', base('3.0.16-1'), '12');
    const second = await plimsoll('run', '--state', 'state.db');
    expect(second.stdout).toContain('acme/app:1 was built on');
    const status = JSON.parse((await plimsoll('status', '--state', 'state.db', '--format', 'json')).stdout) as {
      findings: { class: string; security: boolean }[];
    };
    expect(status.findings.filter((one) => one.class === 'stale')).toMatchObject([{ security: true }]);
    // What carries the older package is the image itself.
    const where = async (): Promise<{ images: Record<string, unknown>[]; text: string }> => {
      const args = ['where', 'openssl', '<3.0.16', '--state', 'state.db'];
      const { images } = JSON.parse((await plimsoll(...args, '--format', 'json')).stdout) as {
        images: Record<string, unknown>[];
      };
      return { images: images.filter((one) => one['builtOn']), text: (await plimsoll(...args)).stdout };
    };
    const { images, text } = await where();
    expect(images).toMatchObject([
      {
        version: '3.0.15-1',
        reference: `${registry.host}/acme/app:1`,
        builtOn: `${registry.host}/base:12`,
        file: 'app/Dockerfile',
        line: 1,
        fixes: [{ version: '3.0.16-1', remedy: 'rebuild' }],
      },
    ]);
    expect(text).toContain(`published, built on ${registry.host}/base:12\n  rebuild`);
    // A registry that does not answer takes nothing away.
    registry.intercept = (request, response) => {
      if (!request.url?.startsWith('/v2/acme/app/')) return false;
      response.writeHead(403).end();
      return true;
    };
    await plimsoll('run', '--state', 'state.db');
    expect((await where()).images).toHaveLength(1);
    registry.intercept = undefined;
    // Rebuilt, it is over.
    push(registry, 'acme/app', on(base('3.0.16-1')), '1');
    await plimsoll('run', '--state', 'state.db');
    expect((await where()).images).toEqual([]);
    const after = JSON.parse(
      (await plimsoll('status', '--state', 'state.db', '--format', 'json')).stdout,
    ) as typeof status;
    expect(after.findings.filter((one) => one.class === 'stale')).toEqual([]);
    expect(then).not.toBe(now);
  });

  it('is nothing when it was built on what the file names, and only rebuilt bases leave it alone', async () => {
    const { now } = generations();
    push(registry, 'acme/app', on(base('3.0.16-1')), '1');
    publishing({ from: `${registry.host}/base:12@${now}` });
    expect(staleIn(await check())).toEqual([]);
    // Another time is no other content.
    const again = image({ layers: base('3.0.16-1').layers, created: '2026-01-01T00:00:00Z' });
    const rebuilt = push(registry, 'base', again, '12');
    publishing({ from: `${registry.host}/base:12@${rebuilt}` });
    expect(staleIn(await check())).toEqual([]);
  });

  it.each([
    ['0.2', 'https://slsa.dev/provenance/v0.2', (digest: Digest) => ({ materials: [material(digest)] })],
    [
      '1',
      'https://slsa.dev/provenance/v1',
      (digest: Digest) => ({
        buildDefinition: {
          resolvedDependencies: [{ uri: 'pkg:docker/golang@1', digest: { sha256: 'a'.repeat(64) } }, material(digest)],
        },
      }),
    ],
  ])('is stale by its provenance of version %s where its layers say nothing', async (_, type, predicate) => {
    const { then, now } = generations();
    withProvenance(squashed(), type, predicate(then));
    publishing({ from: `${registry.host}/base:12@${now}` });
    const [finding] = staleIn(await check());
    expect(finding).toMatchObject({
      class: 'stale',
      security: true,
      remedy: 'rebuild',
      file: 'app/Dockerfile',
      line: 1,
      current: { digest: then },
      latest: { digest: now },
      packages: [{ name: 'openssl', before: '3.0.15-1', after: '3.0.16-1', security: true }],
      published: { image: `${registry.host}/acme/app:1`, by: 'provenance', tags: ['1'] },
    });
    expect(finding?.notes).toEqual([
      'what it was built on is known by its provenance alone: its layers do not show it, so that it was squashed, or is not what it says',
    ]);
    expect((await check()).summary).toMatchObject({ needsRebuild: true, fixAvailable: true });
  });

  it('is what its layers are, whatever its provenance says', async () => {
    const older = base('3.0.15-1');
    push(registry, 'base', older, '12');
    push(registry, 'acme/app', on(older), '1');
    publishing();
    await plimsoll('run', '--state', 'state.db');
    const now = push(registry, 'base', base('3.0.16-1'), '12');
    withProvenance(on(older), 'https://slsa.dev/provenance/v0.2', { materials: [material(now)] });
    await plimsoll('run', '--state', 'state.db');
    const { stdout } = await plimsoll('status', '--state', 'state.db', '--format', 'json');
    expect(staleIn(JSON.parse(stdout) as RunRecord)).toMatchObject([
      { published: { image: `${registry.host}/acme/app:1`, by: 'layers', tags: ['1'] } },
    ]);
  });

  it('took the tag that its file names, where stages before took others of the same repository', async () => {
    const { then, now } = generations();
    publishing({ from: `${registry.host}/base:12@${now}` });
    const tagged = (digest: Digest, tag: string) => ({
      ...material(digest),
      uri: `pkg:docker/${registry.host}/base@${tag}`,
    });
    const all = [tagged(push(registry, 'base', base('3.0.1-1'), '11'), '11'), tagged(then, '12')];
    withProvenance(squashed(), 'https://slsa.dev/provenance/v0.2', { materials: all });
    expect(staleIn(await check())).toMatchObject([{ current: { digest: then } }]);
    // Two of the same name: nobody can tell which was the last stage's.
    withProvenance(squashed(), 'https://slsa.dev/provenance/v0.2', {
      materials: [tagged(then, '12'), tagged(now, '12')],
    });
    expect((await check()).problems).toMatchObject([{ code: 'published-untold' }]);
  });

  it('is stale by annotations of either kind of digest, and layers win over what lies', async () => {
    const { then, now } = generations();
    push(registry, 'acme/app', squashed({ annotations: { 'org.opencontainers.image.base.digest': then } }), '1');
    publishing({ from: `${registry.host}/base:12@${now}` });
    expect(staleIn(await check())).toMatchObject([{ published: { by: 'annotation' }, current: { digest: then } }]);
    withProvenance(on(base('3.0.16-1')), 'https://slsa.dev/provenance/v0.2', { materials: [material(then)] });
    expect(staleIn(await check())).toEqual([]);
  });

  it('with materials beyond number, or an attestation beyond size, is told by what is read of it, or a note', async () => {
    const { then, now } = generations();
    publishing({ from: `${registry.host}/base:12@${now}` });
    const others = Array.from({ length: 200 }, (_, i) => ({
      uri: `pkg:docker/other${i}@1`,
      digest: { sha256: 'a'.repeat(64) },
    }));
    const type = 'https://slsa.dev/provenance/v1';
    withProvenance(squashed(), type, {
      buildDefinition: { resolvedDependencies: [...others.slice(0, 199), material(then)] },
    });
    expect(staleIn(await check())).toMatchObject([{ published: { by: 'provenance' }, current: { digest: then } }]);
    const padding = 'x'.repeat(limits.signature.provenance.most);
    withProvenance(squashed(), type, { padding, buildDefinition: { resolvedDependencies: [material(then)] } });
    const bomb = await check();
    expect(staleIn(bomb)).toEqual([]);
    expect(bomb.problems).toMatchObject([
      { code: 'published-untold', message: expect.stringContaining('how it was built could not be read: ') },
    ]);
    const many = Array.from({ length: limits.signature.materials.most }, () => material(then));
    withProvenance(squashed(), type, { buildDefinition: { resolvedDependencies: [...many, material(now)] } });
    const cut = await check();
    expect(staleIn(cut)).toEqual([]);
    expect(cut.problems).toMatchObject([
      { code: 'published-untold', message: expect.stringContaining('it lists more than the 1000 things') },
    ]);
    let deep: unknown = material(then);
    for (let level = 0; level < 500; level++) deep = [deep];
    for (const resolvedDependencies of ['many', deep, [null, 7, { uri: 3 }]]) {
      withProvenance(squashed(), type, { buildDefinition: { resolvedDependencies } });
      expect((await check()).problems).toMatchObject([{ code: 'published-untold' }]);
    }
  });

  it('is a note where nobody can tell, and never unknown', async () => {
    const { now } = generations();
    publishing({ from: `${registry.host}/base:12@${now}` });
    const gone = await check();
    expect(gone.problems).toMatchObject([
      { code: 'published-untold', message: expect.stringContaining('not there (yet)') },
    ]);
    expect(gone.summary).toMatchObject({ unknown: 0 });
    push(registry, 'acme/app', squashed(), '1');
    const { problems, findings } = await check();
    expect(problems).toMatchObject([{ code: 'published-untold', subject: `${registry.host}/acme/app:1` }]);
    expect(findings.filter((one) => one.class === 'unknown' || one.class === 'stale')).toEqual([]);
  });

  it('is known from the files as well', async () => {
    const { older, then, now } = generations();
    push(registry, 'acme/app', on(older, { annotations: { 'org.opencontainers.image.base.digest': then } }), '1');
    publishing({ from: `${registry.host}/base:12@${now}`, published: false });
    writeFileSync(
      path.join(cwd, 'compose.yaml'),
      `services:\n  app: { build: app, image: "${registry.host}/acme/app:1" }\n`,
    );
    expect(staleIn(await check())).toMatchObject([{ published: { by: 'annotation' } }]);
    expect((await plimsoll('check', '.', '--config', 'plimsoll.yml', '--fail-on', 'stale')).code).toBe(1);
    // A name without a registry is somebody's own, and nobody is asked for what Docker Hub has under it.
    writeFileSync(path.join(cwd, 'compose.yaml'), 'services:\n  app: { build: app, image: app }\n');
    const { cost } = await check();
    expect(cost.registry.requests).toBeLessThanOrEqual(1);
  });
});
