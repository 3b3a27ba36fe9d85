import { Secret } from '../../core/secret.ts';
import type { ForgeServer } from '../forge-type.ts';

/** Which server, and who we are there. */
export interface GiteaLogin {
  /** `https://codeberg.org`, with a path where it is served below one. */
  readonly url: string;
  readonly token: Secret;
  /** Whose the token is, where that may not be asked. */
  readonly login?: string;
}

/**
 * The entry's own token, else that of the environment (`PLIMSOLL_GITEA_TOKEN`, `GITEA_TOKEN`, `FORGEJO_TOKEN`), which is for the
 * server that `GITEA_URL`, `FORGEJO_URL`, or in a job of its own Actions `GITHUB_SERVER_URL` names, and for no other. A sentence
 * when there is none.
 */
export function giteaLogin(
  env: Readonly<Record<string, string | undefined>>,
  { url: named, token: own, login }: ForgeServer,
): GiteaLogin | string {
  const isJob = env['GITEA_ACTIONS'] === 'true' || env['FORGEJO_ACTIONS'] === 'true';
  const given = env['GITEA_URL'] || env['FORGEJO_URL'] || (isJob ? env['GITHUB_SERVER_URL'] : undefined);
  const usual = given?.replace(/\/+$/, '');
  const url = named ?? usual;
  if (url === undefined)
    return 'the configuration names repositories on Gitea or Forgejo, and not which one: give the entry its url, or set GITEA_URL';
  const who = login === undefined ? {} : { login };
  if (own !== undefined) return { url, token: own, ...who };
  const token = env['PLIMSOLL_GITEA_TOKEN'] || env['GITEA_TOKEN'] || env['FORGEJO_TOKEN'];
  if (token && url === usual) return { url, token: new Secret(token), ...who };
  const why = token
    ? `GITEA_TOKEN is for ${usual ?? 'the server in GITEA_URL, which is not set'}`
    : 'there is no login for it';
  return `the configuration names repositories on ${url}, and ${why}: give the entry a token of its own, or set GITEA_URL and GITEA_TOKEN`;
}
