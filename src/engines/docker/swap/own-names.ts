import { type Digest, isDigest } from '../../../core/image/digest.ts';

/*
 * The engine is the journal of a swap: names, labels and tags of ours say how far it came, so that whoever finds them can finish or undo it.
 * Names of the two containers say where it stands; labels of the new one say whose place it takes, and how that was; tags keep images.
 */

/** What is behind a workload's name: the one to come, the one to go, the one that is kept, the one that failed. */
export const suffixes = {
  new: '.plimsoll-new',
  old: '.plimsoll-old',
  kept: '.plimsoll-kept',
  failed: '.plimsoll-failed',
} as const;

/** Labels of a new container. */
export const ownLabels = {
  /** The workload. */
  name: 'plimsoll.name',
  /** The id of the container whose place it takes. */
  replaces: 'plimsoll.replaces',
  /** The restart policy of that one: it has none while it is parked. */
  restart: 'plimsoll.restart',
  /** Digests; empty where it is not known. */
  from: 'plimsoll.from',
  to: 'plimsoll.to',
  /** Seconds that the old one is kept. */
  keep: 'plimsoll.keep',
  /** The gate that was chosen, as it is written in a rule. */
  gated: 'plimsoll.gated',
  /** Of one that is made anew since another was: the id of whose place that one takes. */
  with: 'plimsoll.with',
  /** Which process made it, and when it moved what (mover.ts). */
  by: 'plimsoll.by',
} as const;

const all: readonly string[] = Object.values(ownLabels);

/** Has it one of the labels that only containers of ours have? An image that does could make its container look like one. */
export function hasOwnLabel(labels: Readonly<Record<string, unknown>>): boolean {
  return all.some((key) => Object.hasOwn(labels, key));
}

/** Labels without ours. */
export function withoutOwnLabels<T>(labels: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !all.includes(key)));
}

/** The digest that a label of ours names; null where it was not known. */
export function digestIn(label: string | undefined): Digest | null {
  return label !== undefined && isDigest(label) ? label : null;
}

/** The repository of images that are kept, and that of what a tag named before it was moved. No registry is called so. */
const repositories = { kept: 'plimsoll.local/kept', was: 'plimsoll.local/was' } as const;

/** A tag that keeps an image for a container: the first digits of its id, and until when. */
export interface OwnTag {
  readonly kind: keyof typeof repositories;
  /** The first twelve digits of the id of the container. */
  readonly of: string;
  /** Seconds since 1970. */
  readonly until: number;
}

/** Which images have a tag of ours, as a filter of `GET /images/json`. */
export const ownTagsFilter = JSON.stringify({ reference: ['plimsoll.local/*'] });

/** Repository and tag. */
export function ownTag({ kind, of, until }: OwnTag): { readonly repo: string; readonly tag: string } {
  return { repo: repositories[kind], tag: `${of}.${until}` };
}

/** The same as one name. */
export function ownTagName(tag: OwnTag): string {
  const { repo, tag: name } = ownTag(tag);
  return `${repo}:${name}`;
}

/** Undefined for a name that is none of ours. */
export function parseOwnTag(name: string): OwnTag | undefined {
  const [, kind, of = '', until] = /^plimsoll\.local\/(kept|was):([0-9a-f]{12})\.(\d{1,12})$/.exec(name) ?? [];
  return kind === 'kept' || kind === 'was' ? { kind, of, until: Number(until) } : undefined;
}

/** The workload and what is behind its name. */
export function splitName(name: string): { readonly workload: string; readonly as: keyof typeof suffixes | 'itself' } {
  const [, workload, as] = /^(.+)\.plimsoll-(new|old|kept|failed)$/.exec(name) ?? [];
  return workload === undefined ? { workload: name, as: 'itself' } : { workload, as: as as keyof typeof suffixes };
}
