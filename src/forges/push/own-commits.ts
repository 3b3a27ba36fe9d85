import type { ForgePull } from '../forge.ts';

/**
 * Whose a commit is, where a push made it: the forge's own list of pushes says so, as a text in a commit could be anybody's. What
 * is older than that list is not ours.
 */
export class OwnCommits {
  /** The list comes a moment later than the push. */
  readonly #made = new Set<string>();

  add(commit: string): void {
    this.#made.add(commit);
  }

  /** Those of these that we pushed. `pushed`: what the forge says that we did, the newest first; it is read only as far as need be. */
  async among(commits: readonly string[], pushed: () => AsyncIterable<string>): Promise<ReadonlySet<string>> {
    const found = new Set(commits.filter((one) => this.#made.has(one)));
    const open = new Set(commits.filter((one) => !found.has(one)));
    if (open.size === 0) return found;
    for await (const commit of pushed()) {
      if (open.delete(commit)) found.add(commit);
      if (open.size === 0) break;
    }
    return found;
  }
}

/**
 * Commits that need no such proof: those that the first line of a proposal of ours names as where we left its branch. Only who may
 * write could have changed that text.
 */
export function vouchedFor(pulls: readonly ForgePull[]): ReadonlySet<string> {
  return new Set(
    pulls.flatMap(({ isOwn, isForeign, body }) => {
      const head = /^<!-- plimsoll [^\n]*\bhead=([0-9a-f]{40})\b/.exec(body)?.[1];
      return isOwn && !isForeign && head !== undefined ? [head] : [];
    }),
  );
}
