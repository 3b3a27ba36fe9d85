import type { FindingClass } from '../core/finding.ts';

/** How much of what it was to look at a run has seen, and could tell of. */
export interface RunCoverage {
  /** References about which the run could not tell everything: what is known of them stays open. */
  readonly unsure: ReadonlyMap<string, Untold>;
  /** What was read as a whole, with its files. */
  readonly whole: readonly WatchedScope[];
  /** What was not seen: nothing that is known of it is over. */
  readonly unread: Unread;
}

/** Places that a run was to look at and did not see; repositories and trees by the names that findings have. */
export interface Unread {
  readonly scopes: ReadonlySet<string>;
  /** Nobody could say which repositories there are: every one that was not read as a whole may be among them. */
  readonly isOpen: boolean;
  /** Files and folders that could not be read. */
  readonly places: readonly { readonly scope: string; readonly file: string }[];
  /** Only these files of a repository were asked for. */
  readonly partly: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Everything that was to be looked at was seen. */
export const nothingUnread: Unread = { scopes: new Set(), isOpen: false, places: [], partly: new Map() };

/** Did a run see what is at a place, or that nothing is there any more? Pure. */
export function sees({
  whole,
  unread,
}: Pick<RunCoverage, 'whole' | 'unread'>): (scope: string, file: string) => boolean {
  const read = new Set(whole.map(({ name }) => name));
  return (scope, file) => {
    if (unread.scopes.has(scope) || (unread.isOpen && !read.has(scope) && !unread.partly.has(scope))) return false;
    if (unread.partly.get(scope)?.has(file) === false) return false;
    return !unread.places.some((one) => one.scope === scope && (one.file === file || file.startsWith(`${one.file}/`)));
  };
}

/** The classes that could not be told. */
export type Untold = 'all' | ReadonlySet<FindingClass>;

/** A repository or tree that is read as a whole or not at all. */
export interface WatchedScope {
  /** Outlives a rename. */
  readonly id: string;
  /** As findings name it. */
  readonly name: string;
  readonly files: readonly string[];
}
