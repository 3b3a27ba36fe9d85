import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { Secret } from '../../core/secret.ts';
import { readAtMost } from '../../disk/read-at-most.ts';

/** How we prove who we are: a token (of an Action, or a person's), or an App with its installations. */
export type GitHubAuth =
  | { readonly kind: 'token'; readonly token: Secret }
  | { readonly kind: 'app'; readonly appId: string; readonly privateKey: Secret; readonly installationId?: number };

/** Which GitHub, and who we are there. */
export interface GitHubLogin {
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly baseUrl: string;
  readonly auth: GitHubAuth;
}

/**
 * An App (`PLIMSOLL_GITHUB_APP_ID` and `PLIMSOLL_GITHUB_APP_KEY`, a PEM text or `file:PATH`), or a token
 * (`PLIMSOLL_GITHUB_TOKEN`, `GITHUB_TOKEN`, `GH_TOKEN`), at `GITHUB_API_URL`. A sentence when nothing is set. Throws
 * PlimsollError 'CONFIG'.
 */
export function githubLogin(env: Readonly<Record<string, string | undefined>>): GitHubLogin | string {
  const baseUrl = env['GITHUB_API_URL'] || 'https://api.github.com';
  const appId = env['PLIMSOLL_GITHUB_APP_ID'];
  const key = env['PLIMSOLL_GITHUB_APP_KEY'];
  if (appId && key) return { baseUrl, auth: { kind: 'app', appId, privateKey: new Secret(privateKey(key)) } };
  if (appId || key) {
    throw new PlimsollError('CONFIG', 'PLIMSOLL_GITHUB_APP_ID and PLIMSOLL_GITHUB_APP_KEY go together');
  }
  const token = env['PLIMSOLL_GITHUB_TOKEN'] || env['GITHUB_TOKEN'] || env['GH_TOKEN'];
  if (token) return { baseUrl, auth: { kind: 'token', token: new Secret(token) } };
  return 'the configuration names repositories on GitHub, and there is no login for it: set GITHUB_TOKEN, or PLIMSOLL_GITHUB_APP_ID and PLIMSOLL_GITHUB_APP_KEY';
}

function privateKey(text: string): string {
  try {
    const key = text.startsWith('file:')
      ? readAtMost(text.slice('file:'.length), limits.tree.named.most).toString('utf8')
      : text;
    if (key.includes('PRIVATE KEY')) return key;
  } catch (error) {
    throw new PlimsollError('CONFIG', `cannot read the key of the GitHub App: ${messageOf(error)}`, { cause: error });
  }
  throw new PlimsollError('CONFIG', 'PLIMSOLL_GITHUB_APP_KEY is no private key in PEM form, nor file:PATH of one');
}
