import type { Descriptor } from '../../core/image/image.ts';
import { descriptor, type Json, list, object, parseJson, strings } from './documents.ts';

/** A descriptor with what it says of the thing behind it (OCI image-spec, descriptor.md). */
export interface ArtifactDescriptor extends Descriptor {
  /** Empty where nothing is said. */
  readonly artifactType: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A manifest that is no image: a signature, an attestation, an SBOM. */
export interface Artifact {
  /** By image-spec manifest.md the media type of its config stands for a missing `artifactType`. */
  readonly artifactType: string;
  readonly layers: readonly ArtifactDescriptor[];
  /** What a list of referrers should repeat; the one that cosign writes where there is no API does not. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** Reads the manifest of an artifact (OCI image-spec, manifest.md). Throws PlimsollError 'REGISTRY'. */
export function parseArtifact(bytes: Uint8Array): Artifact {
  const json = parseJson(bytes);
  const config = strings(json['config']);
  return {
    artifactType: text(json['artifactType']) || (config['mediaType'] ?? ''),
    layers: list(json['layers']).map((one) => artifactDescriptor(object(one))),
    annotations: strings(json['annotations']),
  };
}

/**
 * Reads the entries of an image index (image-index.md), also those that are no images: the answer of the referrers API,
 * and the attestations that BuildKit lays beside images. Throws PlimsollError 'REGISTRY'.
 */
export function parseArtifactIndex(bytes: Uint8Array): readonly ArtifactDescriptor[] {
  return list(parseJson(bytes)['manifests']).map((one) => artifactDescriptor(object(one)));
}

function artifactDescriptor(json: Json): ArtifactDescriptor {
  return {
    ...descriptor(json),
    artifactType: text(json['artifactType']),
    annotations: strings(json['annotations']),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
