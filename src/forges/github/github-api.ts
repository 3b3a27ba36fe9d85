import type { Octokit } from '@octokit/rest';
import type { ByteCache } from '../../cache/byte-cache.ts';
import type { Account, ForgeRepository } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { GitHubClients, type GitHubOptions, noAnswer } from './client.ts';
import { failureOf } from './failure.ts';
import { viewerQuery } from './queries.ts';

/** Sends what the forge asks for, as the account that acts in an owner's repositories. Throws ForgeError. */
export class GitHubApi {
  readonly clients: GitHubClients;
  readonly cache: ByteCache;
  readonly #accounts = new Map<string, Promise<Account>>();

  constructor(options: GitHubOptions & { readonly cache: ByteCache }) {
    this.clients = new GitHubClients(options);
    this.cache = options.cache;
  }

  octokit(repository: ForgeRepository): Promise<Octokit> {
    return this.clients.of(ownerOf(repository));
  }

  account(owner: string): Promise<Account> {
    let account = this.#accounts.get(owner);
    if (account === undefined) {
      account = this.graphql(owner, viewerQuery, {}, 'asking who we are').then((answer) => {
        const { expires } = this.clients;
        return { ...toAccount(answer), ...(expires !== undefined && { expires }) };
      });
      account.catch(() => this.#accounts.delete(owner));
      this.#accounts.set(owner, account);
    }
    return account;
  }

  async rest(
    repository: ForgeRepository,
    attempt: string,
    route: string,
    parameters: Record<string, unknown>,
  ): Promise<unknown> {
    const octokit = await this.octokit(repository);
    try {
      return (await octokit.request(route, { ...coordinates(repository), ...parameters })).data;
    } catch (error) {
      throw failureOf(error, attempt);
    }
  }

  async graphql(owner: string, query: string, variables: object, attempt: string): Promise<unknown> {
    const octokit = await this.clients.of(owner);
    let answer: unknown;
    try {
      answer = await octokit.graphql(query, { ...variables });
    } catch (error) {
      throw failureOf(error, attempt);
    }
    if (typeof answer === 'object' && answer !== null) return answer;
    throw new ForgeError('failed', `${attempt}: GitHub answered 200, ${noAnswer}`);
  }

  recall<T>(kind: string, key: string): T | undefined {
    const bytes = this.cache.get(kind, key);
    return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as T);
  }

  remember(kind: string, key: string, value: unknown): void {
    this.cache.put(kind, key, new TextEncoder().encode(JSON.stringify(value)));
  }
}

/** Who a workflow's own token acts as; events that it causes start no workflow (GitHub Docs, "Triggering a workflow"). */
const actions = 'github-actions[bot]';
const silentPulls = 'its pull requests start no workflow; those of an App or a fine-grained token do';

function toAccount(answer: unknown): Account {
  const { login, databaseId, name } = (
    answer as { viewer: { login: string; databaseId: number | null; name: string | null } }
  ).viewer;
  const email = `${databaseId ?? 0}+${login}@users.noreply.github.com`;
  return { login, name: name ?? login, email, ...(login === actions && { remark: silentPulls }) };
}

/** The two halves of `owner/name`. */
export function coordinates({ name }: Pick<ForgeRepository, 'name'>): { owner: string; repo: string } {
  const [owner = '', repo = ''] = name.split('/');
  return { owner, repo };
}

/** The owner of a repository or a pattern, whose installation signs us in. */
export function ownerOf(repository: Pick<ForgeRepository, 'name'>): string {
  return coordinates(repository).owner;
}
