/*
 * src/core/image/
 *
 * What names an image and what stands behind a name, as types and pure functions: references and their normal form
 * (this file), digests (digest.ts), platforms (platform.ts), indexes, manifests and descriptors (image.ts,
 * media-types.ts), globs over images (image-glob.ts). Sources: distribution's reference grammar, OCI image-spec,
 * containerd's platforms.
 * Begin with reference.ts, then image.ts.
 */

import { PlimsollError } from '../errors.ts';
import { limits } from '../limits/limits.ts';
import { type Digest, isDigest } from './digest.ts';

/** `registry/repository[:tag][@digest]`, normalised as Docker does. Tag and digest may both be present: a pinned tag. */
export interface ImageReference {
  /**
   * `docker.io`, never one of its API hosts; with the port if one was written; IPv6 in brackets. For an image on this
   * machine the kind of place with a colon at its end, as no host has: `dir:`.
   */
  readonly registry: string;
  /** `library/debian`; for an image on this machine the place as typed. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

// The grammar of github.com/distribution/reference (reference.go, regexp.go), which Docker, containerd and BuildKit share.
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = String.raw`(?:${label}(?:\.${label})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`;
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const grammar = new RegExp(
  `^(?<registry>${host})/(?<repository>${component}(?:/${component})*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

const dockerHubAliases = new Set(['index.docker.io', 'registry-1.docker.io']);

/**
 * Parses a reference and normalises it as Docker does: `debian` is `docker.io/library/debian`; no tag is invented.
 * Throws PlimsollError 'REFERENCE' with the reason.
 */
export function parseReference(text: string): ImageReference {
  const fail = (why: string): never => {
    throw new PlimsollError('REFERENCE', `not an image reference: ${JSON.stringify(text.slice(0, 300))}: ${why}`);
  };
  if (text === '') return fail('it is empty');
  if (text.length > limits.file.reference.most)
    return fail(`it is longer than ${limits.file.reference.most} characters`);
  if (/^[a-f0-9]{64}$/.test(text)) return fail('64 hexadecimal digits are an image ID, not a name');
  const { registry, remainder } = splitRegistry(text);
  const repository = remainder.split(/[:@]/, 1)[0] ?? '';
  if (repository !== repository.toLowerCase()) return fail('the repository must be lower case');
  const groups = grammar.exec(`${registry}/${remainder}`)?.groups;
  if (!groups?.registry || !groups.repository)
    return fail('it does not have the form [registry/]repository[:tag][@digest]');
  if (groups.repository.length > limits.file.repository.most)
    return fail(`the repository is longer than ${limits.file.repository.most} characters`);
  const { digest, tag } = groups;
  if (digest !== undefined && !isDigest(digest))
    return fail('the digest is not sha256: and 64 lower-case hexadecimal digits');
  return {
    registry: groups.registry,
    repository: groups.repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** Docker's rule for the first component: a host if it has a dot, a colon or upper case, or is `localhost`. */
export function splitRegistry(text: string): { registry: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isHost = slash > 0 && (first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase());
  const registry = !isHost || dockerHubAliases.has(first) ? 'docker.io' : first;
  const remainder = isHost ? text.slice(slash + 1) : text;
  if (registry === 'docker.io' && !remainder.includes('/')) return { registry, remainder: `library/${remainder}` };
  return { registry, remainder };
}

/** Is it an image on this machine, in no registry? */
export function isLocal({ registry }: Pick<ImageReference, 'registry'>): boolean {
  return registry.endsWith(':');
}

/** The canonical text; `parseReference(formatReference(r))` equals `r`, unless it is local: that is as it was typed. */
export function formatReference(reference: ImageReference): string {
  if (isLocal(reference)) return `${reference.registry}${reference.repository}`;
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`;
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}

/** The text as people write it: `debian:12`, `ghcr.io/a/b:1`. */
export function familiarReference(reference: ImageReference): string {
  return formatReference(reference).replace(/^docker\.io\/(?:library\/(?=[^/]+$))?/, '');
}

/** The identity of a tag across files and spellings: `registry/repository:tag`, `latest` filled in when there is no digest. */
export function referenceKey(reference: ImageReference): string {
  if (isLocal(reference)) return formatReference(reference);
  const tag = reference.tag ?? (reference.digest === undefined ? 'latest' : undefined);
  return formatReference({
    registry: reference.registry,
    repository: reference.repository,
    ...(tag === undefined ? { ...(reference.digest && { digest: reference.digest }) } : { tag }),
  });
}
