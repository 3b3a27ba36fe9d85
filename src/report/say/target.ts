import type { Finding } from '../../core/finding.ts';
import { shortDigest } from '../../core/image/digest.ts';
import { familiarReference, type ImageReference } from '../../core/image/reference.ts';

/** What a finding is about, in a few words: `node:22`, or `nginx=1.22.1-9`. Not yet safe to show. */
export function subjectOf(finding: Finding): string {
  if (finding.subject === 'package') return finding.written;
  return finding.reference ? shortReference(finding.reference) : finding.written;
}

/** What it should become: a short digest, a version or a tag. Undefined where nothing is to be moved to. */
export function targetOf({ class: kind, subject, latest }: Finding): string | undefined {
  if (subject === 'package') return latest?.version;
  if (kind === 'unpinned' || kind === 'lagging' || kind === 'end-of-life') return undefined;
  if (kind === 'newer-tag' && latest?.tag !== undefined) return latest.tag;
  return latest?.digest && shortDigest(latest.digest);
}

/** `debian:12@sha256:1234567890ab`: as people write it, the digest cut to what is recognised. */
export function shortReference(reference: ImageReference): string {
  const { digest, ...named } = reference;
  return `${familiarReference(named)}${digest === undefined ? '' : `@${shortDigest(digest)}`}`;
}
