import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import { artifactManifest, attach, attachLegacy } from '../support/attach.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { findingsOf, push, temporaryTree } from '../support/fleet.ts';
import { type BuiltImage, image, layer } from '../support/image-builder.ts';
import { cycloneDx, debPurl, spdx } from '../support/sbom.ts';
import { bundleArtifact, envelope, keyBundle, statementAbout } from '../support/signing.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
beforeEach(() => {
  registry.intercept = undefined;
  registry.referrersApi = true;
});
afterAll(() => registry.close());

const policy: Policy = { pin: false, rules: [{ match: {}, packagesFrom: 'sbom' }] };
const spdxType = 'https://spdx.dev/Document';
const indexType = 'application/vnd.oci.image.index.v1+json';

/** An image whose layers say nothing of packages. */
const bare = (version: string): BuiltImage => image({ layers: [layer({ 'app/version': version })] });
const sbomOf = (version: string, tools?: readonly string[]): object => spdx([debPurl('libc6', version)], tools);

let count = 0;
/** A tag that moved between two plain manifests; each may get something attached. */
async function afterMove(
  describeImage: (repository: string, digest: Digest, version: string) => void,
  more: { policy?: Policy } = {},
): Promise<{ finding: Finding | undefined; paths: readonly string[] }> {
  const repository = `sbom/${++count}`;
  const digests = ['1', '2'].map((version) => {
    const digest = push(registry, repository, bare(version), '1');
    describeImage(repository, digest, version);
    return digest;
  });
  const from = registry.log.length;
  const findings = await findingsOf(`FROM ${registry.host}/${repository}:1@${digests[0]}\n`, { policy, ...more });
  return { finding: findings[0], paths: registry.log.slice(from).map(({ path }) => path) };
}

const moved = [{ name: 'libc6', kind: 'upgraded', before: '1', after: '2' }];
const note = (text: string): object => ({ notes: expect.arrayContaining([expect.stringContaining(text)]) });

describe('packages from SBOMs', () => {
  it('lie beside images that BuildKit made, whatever their statement is about', async () => {
    const repository = `sbom/${++count}`;
    const [before] = ['1', '2'].map((version) => {
      const built = bare(version);
      const manifest = push(registry, repository, built);
      const about = `sha256:${'0'.repeat(64)}` as Digest;
      const attestation = artifactManifest(registry, {
        layers: [
          {
            bytes: '{}',
            mediaType: 'application/vnd.in-toto+json',
            annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' },
          },
          {
            bytes: statementAbout(about, spdxType, sbomOf(version)),
            mediaType: 'application/vnd.in-toto+json',
            annotations: { 'in-toto.io/predicate-type': spdxType },
          },
        ],
      });
      const entries = [
        { ...descriptorOf(built.manifest), platform: { os: 'linux', architecture: 'amd64' } },
        {
          mediaType: attestation.mediaType,
          digest: registry.putManifest(repository, attestation),
          size: attestation.bytes.length,
          platform: { os: 'unknown', architecture: 'unknown' },
          annotations: {
            'vnd.docker.reference.type': 'attestation-manifest',
            'vnd.docker.reference.digest': manifest,
          },
        },
      ];
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: entries }));
      return registry.putManifest(repository, { bytes, mediaType: indexType }, '1');
    });
    const dockerfile = `FROM ${registry.host}/${repository}:1@${before}\n`;
    const [finding] = await findingsOf(dockerfile, { policy });
    expect(finding).toMatchObject({
      class: 'packages',
      packages: moved,
      ...note('a BuildKit attestation, SPDX by buildkit, syft'),
    });
    expect(await findingsOf(dockerfile)).toMatchObject([{ class: 'content' }]);
  });

  it.each([true, false])('are referrers as they are (with an API: %s)', async (referrersApi) => {
    registry.referrersApi = referrersApi;
    const mediaType = 'application/vnd.cyclonedx+json';
    const { finding } = await afterMove((repository, digest, version) => {
      const bytes = JSON.stringify(cycloneDx([debPurl('libc6', version)]));
      attach(registry, repository, digest, { artifactType: mediaType, layers: [{ bytes, mediaType }] });
    });
    expect(finding).toMatchObject({ class: 'packages', packages: moved, ...note('a referrer, CycloneDX by trivy') });
  });

  it('are referrers in a bundle', async () => {
    const { finding } = await afterMove((repository, digest, version) => {
      const dsseEnvelope = envelope(statementAbout(digest, spdxType, sbomOf(version)), Buffer.from('any'));
      attach(registry, repository, digest, bundleArtifact(keyBundle({ dsseEnvelope }), spdxType));
    });
    expect(finding).toMatchObject({ packages: moved, ...note('a referrer, SPDX by buildkit, syft') });
  });

  const cosign = (repository: string, digest: Digest, sbom: object, about = digest): void =>
    attachLegacy(registry, repository, digest, 'att', [
      {
        bytes: JSON.stringify(envelope(statementAbout(about, spdxType, sbom), Buffer.from('any'))),
        mediaType: 'application/vnd.dsse.envelope.v1+json',
        annotations: { predicateType: spdxType },
      },
    ]);

  it('are attestations of cosign', async () => {
    const { finding } = await afterMove((repository, digest, version) => cosign(repository, digest, sbomOf(version)));
    expect(finding).toMatchObject({ packages: moved, ...note('a cosign attestation') });
  });

  it('prove nothing about other files: equal packages are no rebuild', async () => {
    const { finding } = await afterMove((repository, digest) => cosign(repository, digest, sbomOf('1')));
    expect(finding).toMatchObject({ class: 'content', reason: expect.stringContaining('an SBOM lists only packages') });
  });

  it.each<[string, (repository: string, digest: Digest, version: string) => void, string]>([
    ['nobody wrote any', () => undefined, 'has none'],
    [
      'only one side has one',
      (repository, digest, version) => version === '1' && cosign(repository, digest, sbomOf(version)),
      'has none',
    ],
    [
      'another program wrote the other',
      (repository, digest, version) =>
        cosign(repository, digest, sbomOf(version, [version === '1' ? 'syft-1' : 'docker-scout-1'])),
      'one is SPDX by syft, the other SPDX by docker-scout',
    ],
    [
      'one is about another image',
      (repository, digest, version) =>
        cosign(repository, digest, sbomOf(version), `sha256:${'0'.repeat(64)}` as Digest),
      'it is about another image',
    ],
    [
      'one lists nothing',
      (repository, digest) => cosign(repository, digest, spdx([])),
      'it lists no package of a distribution',
    ],
  ])('are not compared when %s: the layers are, and a note says so', async (_name, describeImage, why) => {
    const { finding } = await afterMove(describeImage);
    expect(finding).toMatchObject({ class: 'content', ...note('read from the layers') });
    expect(finding).toMatchObject(note(why));
  });

  it('that could not be asked for are asked for in the next run', async () => {
    const repository = `sbom/${++count}`;
    const digests = ['1', '2'].map((version) => push(registry, repository, bare(version), '1'));
    for (const [at, digest] of digests.entries()) cosign(repository, digest, sbomOf(String(at + 1)));
    registry.intercept = (request, response) => {
      if (!request.url?.endsWith('.att')) return false;
      response.writeHead(403).end();
      return true;
    };
    const cache = temporaryTree({});
    const dockerfile = `FROM ${registry.host}/${repository}:1@${digests[0]}\n`;
    const check = (): Promise<readonly Finding[]> => findingsOf(dockerfile, { policy, cacheFolder: cache.folder });
    expect((await check())[0]).toMatchObject({ class: 'content', ...note('could not be had') });
    registry.intercept = undefined;
    expect((await check())[0]).toMatchObject({ class: 'packages', packages: moved });
    const from = registry.log.length;
    expect((await check())[0]).toMatchObject({ class: 'packages', packages: moved });
    expect(registry.log.slice(from).filter(({ path }) => !path.includes('/manifests/'))).toEqual([]);
    cache.remove();
  });

  it('beyond 64 MiB are not fetched', async () => {
    const { finding, paths } = await afterMove((repository, digest, version) => {
      const tag = `${digest.replace(':', '-')}.att`;
      registry.putManifest(repository, enlarged(registry, digest, sbomOf(version)), tag);
    });
    expect(finding).toMatchObject({ class: 'content', ...note('more than 67108864 are not read') });
    expect(paths.filter((path) => path.endsWith('.att'))).toHaveLength(2);
  });

  it('are not asked for unless a rule says so', async () => {
    const { paths } = await afterMove((repository, digest, version) => cosign(repository, digest, sbomOf(version)), {
      policy: { pin: false, rules: [] },
    });
    expect(paths.filter((path) => /referrers|\.att$|\.sig$/.test(path))).toEqual([]);
  });
});

/** The manifest of an attestation that claims to be larger than anybody reads. */
function enlarged(at: FakeRegistry, about: Digest, sbom: object): { bytes: Uint8Array; mediaType: string } {
  const bytes = JSON.stringify(envelope(statementAbout(about, spdxType, sbom), Buffer.from('any')));
  const mediaType = 'application/vnd.dsse.envelope.v1+json';
  const built = artifactManifest(at, { layers: [{ bytes, mediaType, annotations: { predicateType: spdxType } }] });
  const json = JSON.parse(Buffer.from(built.bytes).toString()) as { layers: { size: number }[] };
  for (const one of json.layers) one.size = 100 * 1024 * 1024;
  return { ...built, bytes: Buffer.from(JSON.stringify(json)) };
}

function descriptorOf({ mediaType, digest, size }: BuiltImage['manifest']): object {
  return { mediaType, digest, size };
}
