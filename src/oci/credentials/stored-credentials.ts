import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { ProblemLog } from '../../core/problem-log.ts';
import { readAtMost } from '../../disk/read-at-most.ts';
import { askHelper, type HelperAnswer } from './credential-helper.ts';
import type { CredentialSource, Credentials } from './credentials.ts';
import { type DockerConfig, parseDockerConfig } from './docker-config.ts';

/** A place where tools keep logins; the earlier one in a list is believed first. */
export type CredentialStore =
  /** JSON in a variable, named for messages: GitLab's DOCKER_AUTH_CONFIG. */
  | { readonly kind: 'text'; readonly name: string; readonly text: string }
  | { readonly kind: 'file'; readonly file: string };

type Ask = (helper: string, server: string) => Promise<HelperAnswer>;

/**
 * The logins that other tools have stored. Nothing is read before a registry asks for a login; helpers are asked once
 * per registry and run. A store that is not there knows nobody; a broken one, or a helper in trouble, is said once, and
 * the search goes on as if it knew nobody.
 */
export function storedCredentials(
  stores: readonly CredentialStore[],
  problems: Pick<ProblemLog, 'add'>,
  ask: Ask = askHelper,
): CredentialSource {
  let opened: { readonly name: string; readonly config: DockerConfig }[] | undefined;
  const answers = new Map<string, Promise<Credentials | undefined>>();
  const broken = (name: string, registry: string): void =>
    problems.add({
      code: 'credentials-unreadable',
      message: `the login for ${registry} in ${name} cannot be read (its "auth" is not base64 of user:password); going on without it; log in again`,
      subject: registry,
    });
  const fromHelper = async (name: string, helper: string, server: string): Promise<Credentials | undefined> => {
    const answer = await ask(helper, server);
    if ('credentials' in answer) {
      const origin = `docker-credential-${helper}, named by ${name}`;
      return answer.credentials && { ...answer.credentials, origin };
    }
    problems.add({
      code: 'credential-helper-failed',
      message: `the credential helper docker-credential-${helper}, which ${name} names for ${server}, ${answer.trouble}; going on without that login`,
      subject: server,
    });
    return undefined;
  };
  return async (registry, repository = '') => {
    opened ??= stores.flatMap((store) => open(store, problems));
    for (const { name, config } of opened) {
      const named = config.helperFor(registry);
      if (named) {
        const key = `${named.helper} ${named.server}`;
        const answer = answers.get(key) ?? fromHelper(name, named.helper, named.server);
        answers.set(key, answer);
        const credentials = await answer;
        if (credentials) return credentials;
      }
      const found = config.find(registry, repository);
      if (found) return found;
      if (config.isBroken(registry)) broken(name, registry);
    }
    return undefined;
  };
}

function open(store: CredentialStore, problems: Pick<ProblemLog, 'add'>): { name: string; config: DockerConfig }[] {
  const name = store.kind === 'text' ? store.name : store.file;
  try {
    const text = store.kind === 'text' ? store.text : readAtMost(store.file, limits.tree.named.most).toString('utf8');
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('it is no JSON object');
    return [{ name, config: parseDockerConfig(json, name) }];
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    // JSON.parse quotes what it stumbled over, which here may be a password.
    const reason = error instanceof SyntaxError ? 'it is not valid JSON' : messageOf(error);
    problems.add({
      code: 'credentials-unreadable',
      message: `the logins in ${name} cannot be read (${reason}); going on without them`,
      subject: name,
    });
    return [];
  }
}
