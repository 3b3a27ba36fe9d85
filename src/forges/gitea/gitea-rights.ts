import { limits } from '../../core/limits/limits.ts';
import type { ForgeRepository, Lacking } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { BranchAnswer, RepositoryAnswer } from './gitea-answers.ts';
import { type GiteaApi, pathText } from './gitea-api.ts';

/** What is missing for us to propose in a repository, and to have it merged, a few words each. Throws ForgeError. */
export async function lackingRights(repository: ForgeRepository, automerge: boolean, api: GiteaApi): Promise<Lacking> {
  const attempt = `asking for our rights in ${repository.name}`;
  const answer = await api.rest.get<RepositoryAnswer>(api.path(repository), attempt);
  if (answer.archived) return { lacks: [] };
  const [{ version }, mayWriteIssues, mayWritePulls] = await Promise.all([
    api.rest.get<{ readonly version: string }>('/version', attempt),
    mayWrite(`${api.path(repository)}/issues/0`, api, attempt),
    mayWrite(`${api.path(repository)}/pulls/0`, api, attempt),
  ]);
  // Whoever may not write there is refused everything: of the token that says nothing.
  const isReader = answer.permissions?.push === false;
  const lacks = [
    ...(mayWriteIssues || isReader ? [] : ['the scope write:issue, for labels, comments and the dashboard']),
    ...(mayWritePulls || isReader ? [] : ['the scope write:repository, for branches and pull requests']),
    ...(isReader ? ['the right to write, to push branches'] : []),
    ...(answer.has_pull_requests === false ? ['pull requests, which are switched off there'] : []),
    ...(isOld(version) ? [`a server of Gitea 1.20 or newer; it says ${version}`] : []),
    ...(isReader ? [] : await lackingOfBranches(repository, automerge, api, attempt)),
  ];
  return { lacks, ...(!isReader && { untold }) };
}

const untold =
  'whether protected branches that are named by a pattern take in branches plimsoll/* that are not there yet: a server says so to administrators of a repository alone, and when it refuses a push';

/** What protected branches keep from us. Of those that are there a server says so to whoever reads them, in the words of what holds. */
async function lackingOfBranches(
  repository: ForgeRepository,
  automerge: boolean,
  api: GiteaApi,
  attempt: string,
): Promise<readonly string[]> {
  const asked = async (names: readonly { readonly name: string }[]): Promise<readonly BranchAnswer[]> => {
    const found: BranchAnswer[] = [];
    for (const { name } of names.slice(0, limits.tree.doctor.most)) {
      const path = `${api.path(repository)}/branches/${pathText(name)}`;
      const branch = await api.rest.find<BranchAnswer>(path, attempt);
      if (branch !== undefined) found.push(branch.data);
    }
    return found;
  };
  const own = await asked(repository.ownBranches);
  const bases = automerge ? await asked(repository.branches) : [];
  return [
    ...own
      .filter((one) => one.protected && !one.user_can_push)
      .map(({ name }) => `the right to push to ${name}, which is protected`),
    ...bases
      .filter((one) => !one.user_can_merge)
      .map(({ name }) => `the right to merge into ${name}, which is protected, for automerge`),
    ...bases
      .filter((one) => !hasChecks(one))
      .map(({ name }) => `checks that ${name} waits for, without which automerge is not passed on`),
  ];
}

/** Does a branch wait for checks before something is merged into it? */
export function hasChecks({ enable_status_check: isOn, status_check_contexts: checks }: BranchAnswer): boolean {
  return isOn && (checks ?? []).length > 0;
}

/** A token does not say what it may. So something is changed that is not there: no issue and no pull request has the number 0. */
async function mayWrite(path: string, api: GiteaApi, attempt: string): Promise<boolean> {
  try {
    await api.rest.send('PATCH', path, attempt, {});
    return true;
  } catch (error) {
    const failure = error instanceof ForgeError ? error.failure : undefined;
    if (failure === 'denied' || failure === 'missing') return failure === 'missing';
    throw error;
  }
}

/** Forgejo says which Gitea it answers like: `15.0.0+gitea-1.22.0`. */
function isOld(version: string): boolean {
  const [, major = '', minor = ''] = /^(?:.*\+gitea-)?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) === 1 && Number(minor) < 20;
}
