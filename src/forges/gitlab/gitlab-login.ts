import { Secret } from '../../core/secret.ts';
import type { ForgeServer } from '../forge-type.ts';

/** Which GitLab, and who we are there. */
export interface GitLabLogin {
  /** `https://gitlab.com`, with a path where it is served below one. */
  readonly url: string;
  readonly token: Secret;
}

/**
 * The entry's own token, else that of the environment (`PLIMSOLL_GITLAB_TOKEN`, `GITLAB_TOKEN`), which is for the server that
 * `GITLAB_URL`, `CI_SERVER_URL` in a pipeline, or else gitlab.com is, and for no other. A sentence when there is none.
 */
export function gitlabLogin(
  env: Readonly<Record<string, string | undefined>>,
  server: ForgeServer,
): GitLabLogin | string {
  const usual = (env['GITLAB_URL'] || env['CI_SERVER_URL'] || 'https://gitlab.com').replace(/\/+$/, '');
  const url = server.url ?? usual;
  if (server.token !== undefined) return { url, token: server.token };
  const token = env['PLIMSOLL_GITLAB_TOKEN'] || env['GITLAB_TOKEN'];
  if (token && url === usual) return { url, token: new Secret(token) };
  if (token) {
    return `the configuration names projects on ${url}, and GITLAB_TOKEN is for ${usual}: give the entry a token of its own, or set GITLAB_URL`;
  }
  const job = env['CI_JOB_TOKEN']
    ? '; the token of a job (CI_JOB_TOKEN) opens no merge requests: give it a project or group access token as a masked variable'
    : '';
  return `the configuration names projects on GitLab, and there is no login for it: set GITLAB_TOKEN to a token with the scope api${job}`;
}
