import { PlimsollError } from '../core/errors.ts';
import { type Digest, isDigest } from '../core/image/digest.ts';
import type { ImageDocument } from '../core/image/image.ts';
import { formatPlatform, type Platform } from '../core/image/platform.ts';
import { familiarReference, type ImageReference, isLocal, parseReference } from '../core/image/reference.ts';
import { localKinds } from '../local/index.ts';
import { parseLocal } from '../local/local-images.ts';
import { type ImageDocuments, manifestFor, offeredBy, opener } from '../look/platform-child.ts';

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
  if (base && isLocal(base)) return parseReference(text);
  if (base && isDigest(text)) return { registry: base.registry, repository: base.repository, digest: text as Digest };
  if (base && /^:\w/.test(text)) return { registry: base.registry, repository: base.repository, tag: text.slice(1) };
  return parseReference(text);
}

/** Asks the registry, or the disk. Throws PlimsollError 'REGISTRY' or 'LAYER' with the sentence for who named it. */
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
