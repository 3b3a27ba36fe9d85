import { PlimsollError } from '../core/errors.ts';
import type { Digest } from '../core/image/digest.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import type { ArtifactDescriptor } from '../oci/registry/artifact.ts';
import type { Attachments } from '../oci/registry/referrers.ts';
import type { SbomWrapping } from '../packages/sbom/read-sbom.ts';

type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/** One platform's manifest, and what its tag or pin names: the index that lists it, or itself. */
export interface SbomSubject {
  readonly root: Digest;
  readonly manifest: Digest;
}

/** A blob that should hold an SBOM. */
export interface SbomBlob {
  readonly blob: ArtifactDescriptor;
  readonly wrapping: SbomWrapping;
  /** What its statement must be about; absent where the place says that. */
  readonly subject?: Digest;
}

export type SbomAttachments = Pick<Attachments, 'listed' | 'referrers' | 'legacy' | 'artifact' | 'blob'>;

/** A place where publishers keep SBOMs. Rejects when the registry could not be asked. */
export interface SbomPlace {
  /** For a note: `a BuildKit attestation`. */
  readonly name: string;
  readonly find: (
    repository: Repository,
    subject: SbomSubject,
    attachments: SbomAttachments,
  ) => Promise<SbomBlob | undefined>;
}

// In-toto predicate types: spdx.dev, cyclonedx.org/specification; the versioned ones are cosign's.
const sbomPredicate = /^https:\/\/(spdx\.dev\/Document|cyclonedx\.org\/bom)(\/|$)/;
const statementType = 'application/vnd.in-toto+json';
const bundleType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const documentTypes = ['application/spdx+json', 'application/vnd.cyclonedx+json'];

const predicateKey = 'dev.sigstore.bundle.predicateType';

function mayHoldSbom(artifactType: string, annotations: ArtifactDescriptor['annotations']): boolean {
  const predicate = annotations[predicateKey];
  return artifactType !== bundleType || predicate === undefined || sbomPredicate.test(predicate);
}

/**
 * BuildKit: an attestation manifest in the image's own index, docs.docker.com "Image attestation storage". What its
 * statement says it is about need not be true (Docker's official images are described by a stand-in); the index says it.
 */
const buildKit: SbomPlace = {
  name: 'a BuildKit attestation',
  find: async (repository, { root, manifest }, attachments) => {
    if (root === manifest) return undefined;
    const entry = (await attachments.listed(repository, root)).find(
      ({ annotations }) =>
        annotations['vnd.docker.reference.type'] === 'attestation-manifest' &&
        annotations['vnd.docker.reference.digest'] === manifest,
    );
    const layers = entry ? (await attachments.artifact(repository, entry.digest)).layers : [];
    const blob = layers.find(
      ({ mediaType, annotations }) =>
        mediaType === statementType && sbomPredicate.test(annotations['in-toto.io/predicate-type'] ?? ''),
    );
    return blob && { blob, wrapping: 'statement' };
  },
};

/** Referrers: a document as it is (ORAS, Notation), or an attestation in a sigstore bundle (cosign 3). */
const referrer: SbomPlace = {
  name: 'a referrer',
  find: async (repository, { manifest }, attachments) => {
    const { entries, complete } = await attachments.referrers(repository, manifest, [...documentTypes, bundleType]);
    const listed = entries.filter(({ artifactType, annotations }) => mayHoldSbom(artifactType, annotations));
    for (const one of listed.slice(0, limits.signature.sbomReferrers.most)) {
      const { layers, annotations } = await attachments.artifact(repository, one.digest);
      const blob = layers.find(({ mediaType }) => mediaType === one.artifactType);
      if (blob === undefined) continue;
      if (one.artifactType !== bundleType) return { blob, wrapping: 'none' };
      if (sbomPredicate.test(annotations[predicateKey] ?? '')) return { blob, wrapping: 'bundle', subject: manifest };
    }
    if (complete && listed.length <= limits.signature.sbomReferrers.most) return undefined;
    throw new PlimsollError('REGISTRY', `it has more referrers than are read, and none of the first is an SBOM`);
  },
};

/** cosign's tag for attestations; the newest stands last. */
const cosign: SbomPlace = {
  name: 'a cosign attestation',
  find: async (repository, { manifest }, attachments) => {
    const layers = (await attachments.legacy(repository, manifest, 'att'))?.layers ?? [];
    const blob = layers.findLast(({ annotations }) => sbomPredicate.test(annotations['predicateType'] ?? ''));
    return blob && { blob, wrapping: 'envelope', subject: manifest };
  },
};

/** In the order in which they are looked at: what costs least comes first. */
export const sbomPlaces: readonly SbomPlace[] = [buildKit, referrer, cosign];
