import { limits } from '../../core/limits/limits.ts';
import type { Account, ForgeRepository } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeDependencies } from '../forge-type.ts';
import { GitRemote } from '../push/git-remote.ts';
import { OwnCommits } from '../push/own-commits.ts';
import { ForgeRest } from '../rest/forge-rest.ts';
import { type ActivityAnswer, pushedIn } from './gitea-answers.ts';
import type { GiteaLogin } from './gitea-login.ts';

/** Which server and as whom, with the way to it. */
export interface GiteaOptions extends GiteaLogin, Omit<ForgeDependencies, 'now'> {
  /** The time that commits carry. */
  readonly now: number;
  /** Milliseconds per second of a wait: 1000, except in tests. */
  readonly second?: number;
}

const remedies: Readonly<Record<number, string>> = {
  401: 'the token is wrong, expired or revoked: give a new one',
  403: 'the token may not: give it the scopes write:repository and write:issue, and its account the right to write there',
  404: 'it is not there, or the token may not see it: give its account access to this repository',
};

interface SelfAnswer {
  readonly login: string;
  readonly full_name: string;
  readonly email: string;
}

/** Asks one server, and knows what we pushed there. Every method throws ForgeError. */
export class GiteaApi {
  readonly rest: ForgeRest;
  readonly #options: GiteaOptions;
  readonly #remotes = new Map<string, GitRemote>();
  readonly own = new OwnCommits();
  #account: Promise<Account> | undefined;

  constructor(options: GiteaOptions) {
    this.#options = options;
    this.rest = new ForgeRest({
      ...options,
      name: 'the server',
      base: `${options.url}/api/v1`,
      login: { authorization: `token ${options.token.reveal()}` },
      remedies,
    });
  }

  get now(): number {
    return this.#options.now;
  }

  get cache(): GiteaOptions['cache'] {
    return this.#options.cache;
  }

  /** A wait in seconds. */
  pause(seconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, seconds * (this.#options.second ?? 1000)));
  }

  /** No other repository on any server has it, and it survives renames and moves: `HOST[:PORT]:NUMBER`. */
  idOf({ id }: { readonly id: number }): string {
    return `${new URL(this.#options.url).host}:${id}`;
  }

  /** Where the API has a repository, which it knows by name. */
  path({ name }: Pick<ForgeRepository, 'name'>): string {
    return `/repos/${pathText(name)}`;
  }

  /** The same repository over git's own protocol. The login goes to the server that we were given, whatever it calls itself. */
  remote(repository: ForgeRepository): GitRemote {
    const known = this.#remotes.get(repository.id);
    if (known !== undefined) return known;
    const { url, token, userAgent, fetch } = this.#options;
    const remote = new GitRemote({
      url: `${url}/${pathText(repository.name)}.git`,
      name: repository.name,
      authorization: `Basic ${Buffer.from(`oauth2:${token.reveal()}`).toString('base64')}`,
      userAgent,
      fetch,
      onRequest: () => {
        this.rest.requests++;
      },
    });
    this.#remotes.set(repository.id, remote);
    return remote;
  }

  account(): Promise<Account> {
    if (this.#account === undefined) {
      this.#account = this.#askAccount();
      this.#account.catch(() => {
        this.#account = undefined;
      });
    }
    return this.#account;
  }

  async #askAccount(): Promise<Account> {
    const { login, url } = this.#options;
    const host = new URL(url).hostname;
    // What the server puts into commits of those who hide their address (`NO_REPLY_ADDRESS`).
    const hidden = (name: string): string => `${name}@noreply.${host}`;
    if (login !== undefined) return { login, name: login, email: hidden(login) };
    try {
      const self = await this.rest.get<SelfAnswer>('/user', 'asking who we are');
      return { login: self.login, name: self.full_name || self.login, email: self.email || hidden(self.login) };
    } catch (error) {
      if (!(error instanceof ForgeError) || error.failure !== 'denied') throw error;
      const todo = 'if it is right but may not ask that, give it the scope read:user, or the entry the key login';
      throw new ForgeError('denied', `${error.message}; ${todo}`, { cause: error });
    }
  }

  /** Which of these commits did we push? */
  pushedByUs(repository: ForgeRepository, commits: readonly string[]): Promise<ReadonlySet<string>> {
    return this.own.among(commits, () => this.#pushes(repository));
  }

  async *#pushes(repository: ForgeRepository): AsyncGenerator<string> {
    const { login } = await this.account();
    const attempt = `asking who pushed to ${repository.name}`;
    const path = `${this.path(repository)}/activities/feeds`;
    const bounds = { most: limits.tree.itemPages.most };
    for await (const page of this.rest.pages<ActivityAnswer>(path, attempt, { limit: 50 }, bounds)) {
      for (const activity of page) if (activity.act_user?.login === login) yield* pushedIn(activity);
    }
  }
}

/** A path in an address: what is between the slashes is written so that it stays what it is. */
export function pathText(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
