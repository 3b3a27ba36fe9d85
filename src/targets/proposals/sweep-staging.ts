import type { Forge, ForgeRepository, RepositoryState } from '../../forges/forge.ts';
import { isStagingBranch } from './branch-name.ts';
import { forgeFailure } from './proposal-plan.ts';

/** Takes away what a run that was killed left of making a commit. Returns how many branches it tried to: what failed may be done. */
export async function sweepStaging(repository: ForgeRepository, state: RepositoryState, forge: Forge): Promise<number> {
  let tried = 0;
  for (const { name, commit } of repository.ownBranches) {
    if (!isStagingBranch(name) || state.branches.get(name)?.oid !== commit) continue;
    tried++;
    try {
      await forge.moveBranches(repository, [{ branch: name, before: commit, after: undefined }]);
    } catch (error) {
      // Another run is at work on it, or has taken it away.
      if (forgeFailure(error) === undefined) throw error;
      // Where it cannot be deleted safely, it is not tried again before something else happens.
      if (forgeFailure(error) === 'unsupported') tried--;
    }
  }
  return tried;
}
