import { type Digest, isDigest } from '../../core/image/digest.ts';
import { type ImageReference, parseReference } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Attachments } from '../../oci/registry/referrers.ts';
import type { SbomSubject } from '../find-sbom.ts';

/** An image that a build took. */
export interface Material {
  readonly registry: string;
  readonly repository: string;
  /** Absent: it was named by its digest. */
  readonly tag?: string;
  readonly digest: Digest;
}

const statementType = 'application/vnd.in-toto+json';
const provenance = /^https:\/\/slsa\.dev\/provenance\//;

/**
 * The images that BuildKit says a build took: `materials` of SLSA 0.2, `resolvedDependencies` of SLSA 1, in the attestation
 * manifest of the image's own index. None where it says nothing. Sources: docs.docker.com, "Image attestation storage" and
 * "Provenance attestations". Rejects when the registry could not be asked, or the statement could not be read.
 */
export async function provenanceMaterials(
  repository: Pick<ImageReference, 'registry' | 'repository'>,
  { root, manifest }: SbomSubject,
  attachments: Pick<Attachments, 'listed' | 'artifact' | 'blob'>,
): Promise<readonly Material[]> {
  if (root === manifest) return [];
  const entry = (await attachments.listed(repository, root)).find(
    ({ annotations }) =>
      annotations['vnd.docker.reference.type'] === 'attestation-manifest' &&
      annotations['vnd.docker.reference.digest'] === manifest,
  );
  if (entry === undefined) return [];
  const layer = (await attachments.artifact(repository, entry.digest)).layers.find(
    ({ mediaType, annotations }) =>
      mediaType === statementType && provenance.test(annotations['in-toto.io/predicate-type'] ?? ''),
  );
  if (layer === undefined) return [];
  const bytes = await attachments.blob(repository, layer, limits.signature.provenance.most);
  return materialsIn(JSON.parse(Buffer.from(bytes).toString('utf8')));
}

/**
 * Reads a statement; what is no image of a registry is left out. Throws where it lists more than is read: of what is left out
 * some may be of the same name, and then nothing follows from the rest. Pure.
 */
export function materialsIn(statement: unknown): readonly Material[] {
  const predicate = field(statement, 'predicate');
  const all = field(predicate, 'materials') ?? field(field(predicate, 'buildDefinition'), 'resolvedDependencies');
  if (!Array.isArray(all)) return [];
  const most = limits.signature.materials.most;
  if (all.length > most) throw new Error(`it lists more than the ${most} things that are read of it`);
  return all.flatMap((one): readonly Material[] => {
    const uri = field(one, 'uri');
    const digest = `sha256:${String(field(field(one, 'digest'), 'sha256') ?? '')}`;
    // pkg:docker/debian@12?platform=linux%2Famd64 (package-url, PURL-TYPES.rst "docker").
    const [, name, tag] = /^pkg:docker\/([^@?]+)(?:@([^?]+))?/.exec(typeof uri === 'string' ? uri : '') ?? [];
    if (name === undefined || !isDigest(digest)) return [];
    try {
      const { registry, repository } = parseReference(decodeURIComponent(name));
      return [{ registry, repository, digest, ...(tag !== undefined && { tag: decodeURIComponent(tag) }) }];
    } catch {
      return [];
    }
  });
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
