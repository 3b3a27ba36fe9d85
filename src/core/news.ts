import { hash } from 'node:crypto';
import { type FindingClass, findingClasses } from './finding.ts';

/** What a person is told that is no finding about an image: what was done, and what could not be looked at or written. */
export const noticeKinds = ['redeployed', 'dispatch', 'unwatched', 'unreadable', 'unwritable', 'unchecked'] as const;

export type NoticeKind = (typeof noticeKinds)[number];

export type NewsClass = FindingClass | NoticeKind;

/** Most urgent first: what nobody looks at stands before what can wait. */
export const newsClasses: readonly [NewsClass, ...NewsClass[]] = [
  'pin-broken',
  'security',
  ...noticeKinds,
  ...findingClasses.filter((kind) => kind !== 'pin-broken' && kind !== 'security'),
];

/** One of them, and everything it stands for. */
export interface Notice {
  readonly kind: NoticeKind;
  /** Keys. */
  readonly news: readonly string[];
  /** The host, repository or folder, or file that it is about. */
  readonly subject: string;
  /** The repository or local tree; absent for a host, which is nobody's own. */
  readonly repository?: string;
  readonly file?: string;
  /** One sentence. */
  readonly reason: string;
  /** Told at any hour: something did not come up. */
  readonly isUrgent?: true;
}

/** What happens once: nobody is told that it is over. */
export function isEventNotice(kind: NewsClass): boolean {
  return kind === 'redeployed' || kind === 'dispatch';
}

/** Is news about a host, a file or a repository, and not about a finding? */
export function isNotice(kind: NewsClass): kind is NoticeKind {
  return (noticeKinds as readonly string[]).includes(kind);
}

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
  return keyOf([schema, place.tree, place.file, place.subject, place.key, place.ordinal]);
}

/** The same for what runs: `engine` and `place` outlive the container, `key` is what it runs. */
export function workloadId(use: {
  readonly engine: string;
  readonly place: string;
  readonly key: string;
  /** Of replicas that run something else: which of them it is, from 1. */
  readonly ordinal?: number;
}): string {
  const { engine, place, key, ordinal = 0 } = use;
  return keyOf([2, engine, place, 'image', key, ...(ordinal > 0 ? [ordinal] : [])]);
}

/**
 * Identity of what a person is told. Never in it: file, line, index digest, run, product version; so a restart, a
 * renamed file or a new index digest over the same manifests tells nobody anything twice.
 */
export function newsKey(kind: NewsClass, referenceKey: string, content: readonly unknown[]): string {
  return keyOf([schema, kind, referenceKey, ...content]);
}

function keyOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts));
}
