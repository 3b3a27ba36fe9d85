import type { ImageComparison } from '../core/comparison.ts';
import { PlimsollError } from '../core/errors.ts';
import type { Finding } from '../core/finding.ts';
import { type Digest, isDigest } from '../core/image/digest.ts';
import type { ImageDocument } from '../core/image/image.ts';
import { formatPlatform, type Platform, parseKnownPlatform } from '../core/image/platform.ts';
import { familiarReference, type ImageReference, isLocal, parseReference } from '../core/image/reference.ts';
import { localKinds } from '../local/index.ts';
import { parseLocal } from '../local/local-images.ts';
import { type BaseLines, digestBaseLine, imageBaseLine, type PublishedImage } from '../look/base-line.ts';
import { compareHeads, compareImages, sameLayers } from '../look/compare-images.ts';
import { findPending, type Pending } from '../look/pending-packages.ts';
import { type ImageDocuments, manifestFor, offeredBy, opener } from '../look/platform-child.ts';
import { withSecurity } from '../look/security.ts';
import { examinationOfPair, findingOfPair } from '../verdict/decide.ts';
import type { RunParts } from './connections.ts';

/** An image that a person or a program named, resolved to one platform's manifest. */
export interface ResolvedImage {
  readonly reference: ImageReference;
  /** What the tag or digest is: an index or a manifest. */
  readonly root: Digest;
  readonly manifest: Digest;
}

/**
 * Parses what was typed; a bare digest or `:tag` means one in the repository of `base`, and `dir:PATH` and its like an
 * image on this machine. Throws 'REFERENCE'.
 */
export function parseImageArgument(text: string, base?: ImageReference): ImageReference {
  const local = parseLocal(text, localKinds);
  if (local) return local;
  if (base && isLocal(base) && (isDigest(text) || /^:\w/.test(text))) {
    throw new PlimsollError(
      'REFERENCE',
      `${text} means one in the repository of the image before it, and ${familiarReference(base)} is in none; name it whole`,
    );
  }
  if (base && isLocal(base)) return parseReference(text);
  if (base && isDigest(text)) return { registry: base.registry, repository: base.repository, digest: text as Digest };
  if (base && /^:\w/.test(text)) return { registry: base.registry, repository: base.repository, tag: text.slice(1) };
  return parseReference(text);
}

/** Asks the registry, or the disk. Throws PlimsollError 'REGISTRY', 'USAGE' or 'LAYER' with the sentence for who named it. */
export async function resolveImage(
  reference: ImageReference,
  platform: Platform,
  parts: Pick<RunParts, 'local' | 'registry'>,
): Promise<ResolvedImage> {
  const { root, document, documents } = await (isLocal(reference)
    ? onThisMachine(reference, parts)
    : inRegistry(reference, parts));
  const manifest = await manifestFor(document, platform, opener(documents, reference));
  if (manifest !== undefined) return { reference, root, manifest };
  throw new PlimsollError(
    'REGISTRY',
    `${familiarReference(reference)} has no manifest for ${formatPlatform(platform)}; it serves ${offeredBy(document)} (choose with --platform)`,
  );
}

interface Root {
  readonly root: Digest;
  readonly document: ImageDocument;
  readonly documents: ImageDocuments;
}

async function onThisMachine(reference: ImageReference, { local }: Pick<RunParts, 'local'>): Promise<Root> {
  const image = await local.open(reference);
  const documents: ImageDocuments = {
    document: (_, digest) => image.document(digest),
    config: (_, manifest) => image.config(manifest),
  };
  return { root: image.root, document: await image.document(image.root), documents };
}

async function inRegistry(reference: ImageReference, { registry }: Pick<RunParts, 'registry'>): Promise<Root> {
  const look = await registry.look(reference, reference.digest ?? reference.tag ?? 'latest');
  if (look.kind === 'gone') throw new PlimsollError('REGISTRY', look.message);
  if (look.kind === 'unknown') throw new PlimsollError('REGISTRY', look.problem.message);
  return { root: look.digest, document: await registry.document(reference, look.digest), documents: registry };
}

/** What `--since` stands for: a digest, or an image that is asked for now. Throws PlimsollError 'REFERENCE' or 'REGISTRY'. */
export async function baseLinesSince(
  text: string | undefined,
  platform: Platform,
  parts: Pick<RunParts, 'local' | 'registry' | 'inspector'>,
): Promise<BaseLines> {
  if (text === undefined) return [];
  if (isDigest(text)) return [digestBaseLine(text)];
  const headOf = async (reference: ImageReference): Promise<PublishedImage> => {
    const { root, manifest } = await resolveImage(reference, platform, parts);
    return { reference, root, head: await parts.inspector.head(reference, manifest) };
  };
  // A base that cannot be asked for gives no base line, and says why itself in the report.
  return [imageBaseLine(await headOf(parseReference(text)), (reference) => headOf(reference).catch(() => undefined))];
}

/** The platform of an image that is named: linux/amd64 unless another is. Throws 'PLATFORM', and 'USAGE' for several. */
export function onlyPlatform(named: readonly string[] = []): Platform {
  const [first = 'linux/amd64', ...others] = named;
  if (others.length > 0) throw new PlimsollError('USAGE', `one --platform at a time; given are ${named.join(', ')}`);
  return parseKnownPlatform(first);
}

/** Two images held against each other, as a finding. Rejects where one of them cannot be had. */
export async function compareNamed(
  before: ImageReference,
  after: ImageReference,
  platform: Platform,
  parts: RunParts,
): Promise<{ readonly finding: Finding; readonly comparison: ImageComparison }> {
  const { inspector, run } = parts;
  const [a, b] = await Promise.all([resolveImage(before, platform, parts), resolveImage(after, platform, parts)]);
  const heads = await Promise.all([inspector.head(before, a.manifest), inspector.head(after, b.manifest)]);
  const comparison =
    a.manifest === b.manifest || sameLayers(...heads)
      ? compareHeads(...heads)
      : await compareImages(
          ...(await Promise.all([inspector.inspect(before, a.manifest), inspector.inspect(after, b.manifest)])),
          run,
        );
  const pair = { before: a, after: b, platform: formatPlatform(platform), comparison };
  const { examination } = await withSecurity(after, examinationOfPair(pair), run);
  return { finding: findingOfPair(pair, examination), comparison };
}

/** The upgrades that wait in an image, and its manifest for that platform. */
export async function pendingIn(
  reference: ImageReference,
  platform: Platform,
  parts: RunParts,
): Promise<Pending & { readonly manifest: Digest }> {
  const { manifest } = await resolveImage(reference, platform, parts);
  return { ...(await findPending(reference, manifest, parts.run)), manifest };
}
