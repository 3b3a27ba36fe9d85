import type { ForgeRepository, ForgeWrites, NewCommit } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { commitObjects } from './commit-objects.ts';
import type { CommitAuthor } from './git-objects.ts';
import { type GitRemote, isGitSwitchedOff } from './git-remote.ts';

/** What moving branches by a push takes. */
export interface PushOptions {
  remote(repository: ForgeRepository): GitRemote | Promise<GitRemote>;
  author(): Promise<CommitAuthor>;
  /** Told of every commit that was made. */
  onCommit(id: string): void;
  /** What a forge's own API does where git over HTTP is switched off. A branch that is there already is a refusal in words. */
  readonly api: {
    createBranch(repository: ForgeRepository, branch: string, commit: string): Promise<unknown>;
    /** On top of whatever the branch names. */
    commit(repository: ForgeRepository, commit: NewCommit): Promise<{ id: string; parent: string | undefined }>;
  };
}

/**
 * The writes of a forge that move branches, by a push. Without one, its API creates and commits on top, so that nothing is
 * lost, and moves nothing, as it cannot tell where a branch was.
 */
export function pushedBranches({
  remote,
  author,
  onCommit,
  api,
}: PushOptions): Pick<ForgeWrites, 'createBranch' | 'moveBranches' | 'commit'> {
  return {
    async createBranch(repository, branch, commit) {
      try {
        await (await remote(repository)).push([{ branch, before: undefined, after: commit }], []);
      } catch (error) {
        if (!isGitSwitchedOff(error)) throw error;
        await api.createBranch(repository, branch, commit).catch((refusal: unknown) => {
          const isThere = refusal instanceof ForgeError && /exists/i.test(refusal.message);
          throw isThere ? new ForgeError('raced', refusal.message, { cause: refusal }) : refusal;
        });
      }
    },

    async moveBranches(repository, moves) {
      await (await remote(repository)).push(moves, []);
    },

    async commit(repository, commit) {
      const { branch, onto } = commit;
      const id = await byPush(repository, commit).catch(async (error: unknown) => {
        if (!isGitSwitchedOff(error)) throw error;
        const made = await api.commit(repository, commit);
        if (made.parent === onto) return made.id;
        const attempt = `committing to ${branch} of ${repository.name}`;
        throw new ForgeError('raced', `${attempt}: somebody has committed to it meanwhile`);
      });
      onCommit(id);
      return id;
    },
  };

  async function byPush(repository: ForgeRepository, commit: NewCommit): Promise<string> {
    const to = await remote(repository);
    const known = await to.trees(commit.onto);
    const { id, objects } = commitObjects(known, commit, await author());
    await to.push([{ branch: commit.branch, before: commit.onto, after: id }], objects);
    return id;
  }
}
