import { type Digest, isDigest } from '../core/digest.ts';
import { PlimsollError } from '../core/errors.ts';
import { formatPlatform, type Platform } from '../core/platform.ts';
import { familiarReference, type ImageReference, parseReference } from '../core/reference.ts';
import { childFor } from '../pipeline/resolve.ts';
import type { Session } from './session.ts';

/** An image that a person typed, resolved to one platform's manifest. */
export interface ResolvedImage {
  readonly reference: ImageReference;
  /** What the tag or digest is: an index or a manifest. */
  readonly root: Digest;
  readonly manifest: Digest;
}

/** Parses what was typed; a bare digest or `:tag` means one in the repository of `base`. Throws 'REFERENCE'. */
export function parseImageArgument(text: string, base?: ImageReference): ImageReference {
  if (base && isDigest(text)) return { registry: base.registry, repository: base.repository, digest: text as Digest };
  if (base && /^:\w/.test(text)) return { registry: base.registry, repository: base.repository, tag: text.slice(1) };
  return parseReference(text);
}

/** Asks the registry. Throws PlimsollError 'REGISTRY' with the sentence for the person who typed it. */
export async function resolveImage(
  reference: ImageReference,
  platform: Platform,
  { app }: Session,
): Promise<ResolvedImage> {
  const look = await app.registry.look(reference, reference.digest ?? reference.tag ?? 'latest');
  if (look.kind === 'gone') throw new PlimsollError('REGISTRY', look.message);
  if (look.kind === 'unknown') throw new PlimsollError('REGISTRY', look.problem.message);
  const document = await app.registry.document(reference, look.digest);
  if (document.kind === 'manifest') return { reference, root: look.digest, manifest: look.digest };
  const child = childFor(document, platform);
  if (child) return { reference, root: look.digest, manifest: child.digest };
  const offered = document.children.map((c) => formatPlatform(c.platform)).join(', ') || 'no platform';
  throw new PlimsollError(
    'REGISTRY',
    `${familiarReference(reference)} has no manifest for ${formatPlatform(platform)}; it serves ${offered} (choose with --platform)`,
  );
}
