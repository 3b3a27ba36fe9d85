import type { ForgeRepository } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { RepositoryAnswer } from './gitea-answers.ts';
import type { GiteaApi } from './gitea-api.ts';

/** What is missing for us to propose in a repository, a few words each. Throws ForgeError. */
export async function lackingRights(repository: ForgeRepository, api: GiteaApi): Promise<readonly string[]> {
  const attempt = `asking for our rights in ${repository.name}`;
  const answer = await api.rest.get<RepositoryAnswer>(api.path(repository), attempt);
  if (answer.archived) return [];
  const [{ version }, mayWriteIssues, mayWritePulls] = await Promise.all([
    api.rest.get<{ readonly version: string }>('/version', attempt),
    mayWrite(`${api.path(repository)}/issues/0`, api, attempt),
    mayWrite(`${api.path(repository)}/pulls/0`, api, attempt),
  ]);
  // Whoever may not write there is refused everything: of the token that says nothing.
  const isReader = answer.permissions?.push === false;
  return [
    ...(mayWriteIssues || isReader ? [] : ['the scope write:issue, for labels, comments and the dashboard']),
    ...(mayWritePulls || isReader ? [] : ['the scope write:repository, for branches and pull requests']),
    ...(isReader ? ['the right to write, to push branches'] : []),
    ...(answer.has_pull_requests === false ? ['pull requests, which are switched off there'] : []),
    ...(isOld(version) ? [`a server of Gitea 1.20 or newer; it says ${version}`] : []),
  ];
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
