import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import type { FakeRegistry } from './fake-registry.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

export interface AttachedLayer {
  readonly bytes: Uint8Array | string;
  readonly mediaType: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface AttachedArtifact {
  readonly artifactType?: string;
  readonly layers: readonly AttachedLayer[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Pushes an artifact that names its subject; where there is no API also the index that stands in for it, as clients do. */
export function attach(
  registry: FakeRegistry,
  repository: string,
  subject: Digest,
  ...artifacts: readonly AttachedArtifact[]
): Digest[] {
  const entries = artifacts.map((artifact) => {
    const document = artifactManifest(registry, artifact, subject);
    const digest = registry.putManifest(repository, document) as Digest;
    const { artifactType, annotations } = artifact;
    return { mediaType: manifestType, digest, size: document.bytes.length, artifactType, annotations };
  });
  if (!registry.referrersApi) {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: entries }));
    registry.putManifest(repository, { bytes, mediaType: indexType }, subject.replace(':', '-'));
  }
  return entries.map(({ digest }) => digest);
}

/** Pushes an artifact under cosign's own tag. */
export function attachLegacy(
  registry: FakeRegistry,
  repository: string,
  subject: Digest,
  suffix: 'sig' | 'att',
  layers: readonly AttachedLayer[],
): void {
  registry.putManifest(repository, artifactManifest(registry, { layers }), `${subject.replace(':', '-')}.${suffix}`);
}

/** Its layers are put as blobs; the manifest itself is not. */
export function artifactManifest(
  registry: FakeRegistry,
  { artifactType, layers, annotations }: AttachedArtifact,
  subject?: Digest,
): { bytes: Uint8Array; mediaType: string } {
  const empty = Buffer.from('{}');
  registry.putBlob(empty);
  const document = {
    schemaVersion: 2,
    mediaType: manifestType,
    artifactType,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf(empty), size: empty.length },
    layers: layers.map((layer) => {
      const bytes = Buffer.from(layer.bytes);
      registry.putBlob(bytes);
      return {
        mediaType: layer.mediaType,
        digest: digestOf(bytes),
        size: bytes.length,
        annotations: layer.annotations,
      };
    }),
    ...(subject && { subject: { mediaType: manifestType, digest: subject, size: 1 } }),
    annotations,
  };
  return { bytes: Buffer.from(JSON.stringify(document)), mediaType: manifestType };
}
