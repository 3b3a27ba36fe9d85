import { createHash } from 'node:crypto';
import type { FindingClass } from './finding.ts';

const schema = 1;

/**
 * Identity of a finding: the place, not the line, so that an edit above does not make it another one.
 * `tree` is a repository id or the name of a local tree; `ordinal` counts equals in the file from 0.
 */
export function findingId(place: {
  readonly tree: string;
  readonly file: string;
  readonly subject: 'image' | 'package';
  readonly key: string;
  readonly ordinal: number;
}): string {
  return hash([schema, place.tree, place.file, place.subject, place.key, place.ordinal]);
}

/**
 * Identity of what a person is told. Never in it: file, line, index digest, run, product version; so a restart, a
 * renamed file or a new index digest over the same manifests tells nobody anything twice.
 */
export function newsKey(kind: FindingClass, referenceKey: string, content: readonly unknown[]): string {
  return hash([schema, kind, referenceKey, ...content]);
}

function hash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
