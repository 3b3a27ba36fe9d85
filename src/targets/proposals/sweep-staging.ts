import type { Forge, ForgeRepository, RepositoryState } from '../../forges/forge.ts';
import { isStagingBranch } from './branch-name.ts';
import { forgeFailure } from './proposal-plan.ts';

/** Takes away what a run that was killed left of making a commit. Returns how many branches. */
export async function sweepStaging(repository: ForgeRepository, state: RepositoryState, forge: Forge): Promise<number> {
  let gone = 0;
  for (const { name, commit } of repository.ownBranches) {
    if (!isStagingBranch(name) || state.branches.get(name)?.oid !== commit) continue;
    try {
      await forge.moveBranches(repository, [{ branch: name, before: commit, after: undefined }]);
      gone++;
    } catch (error) {
      // Another run is at work on it, or has taken it away.
      if (forgeFailure(error) === undefined) throw error;
    }
  }
  return gone;
}
