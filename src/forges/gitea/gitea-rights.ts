import type { ForgeRepository } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { RepositoryAnswer } from './gitea-answers.ts';
import type { GiteaApi } from './gitea-api.ts';

/** What is missing for us to propose in a repository, a few words each. Throws ForgeError. */
export async function lackingRights(repository: ForgeRepository, api: GiteaApi): Promise<readonly string[]> {
  const attempt = `asking for our rights in ${repository.name}`;
  const [answer, { version }, mayReadIssues] = await Promise.all([
    api.rest.get<RepositoryAnswer>(api.path(repository), attempt),
    api.rest.get<{ readonly version: string }>('/version', attempt),
    // A token does not say what it may; that it may write cannot be found out without writing.
    api.rest.ask(`${api.path(repository)}/issues`, attempt, { query: { limit: 1 } }).then(
      () => true,
      (error: unknown) => !(error instanceof ForgeError && error.failure === 'denied'),
    ),
  ]);
  if (answer.archived) return [];
  return [
    ...(mayReadIssues ? [] : ['the scope write:issue, for labels, comments and the dashboard']),
    ...(answer.permissions?.push === false ? ['the right to write, to push branches'] : []),
    ...(answer.has_pull_requests === false ? ['pull requests, which are switched off there'] : []),
    ...(isOld(version) ? [`a server of Gitea 1.20 or newer; it says ${version}`] : []),
  ];
}

/** Forgejo says which Gitea it answers like: `15.0.0+gitea-1.22.0`. */
function isOld(version: string): boolean {
  const [, major = '', minor = ''] = /^(?:.*\+gitea-)?(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) === 1 && Number(minor) < 20;
}
