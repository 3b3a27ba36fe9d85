import { limits } from '../../core/limits/limits.ts';
import type { Account, ForgeRepository } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { ForgeDependencies } from '../forge-type.ts';
import { GitRemote } from '../push/git-remote.ts';
import { OwnCommits } from '../push/own-commits.ts';
import { ForgeRest } from '../rest/forge-rest.ts';
import type { ProjectAnswer, PushEventAnswer } from './gitlab-answers.ts';
import type { GitLabLogin } from './gitlab-login.ts';

/** Which GitLab and as whom, with the way to it. */
export interface GitLabOptions extends GitLabLogin, Omit<ForgeDependencies, 'now'> {
  /** The time that commits carry. */
  readonly now: number;
  /** Milliseconds per second of a wait: 1000, except in tests. */
  readonly second?: number;
}

/** Who we are, as GitLab names us. */
export interface GitLabAccount extends Account {
  readonly id: number;
}

interface TokenAnswer {
  readonly scopes?: readonly string[];
  /** A day. */
  readonly expires_at?: string | null;
}

interface SelfAnswer {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email?: string | null;
  readonly commit_email?: string | null;
}

const remedies: Readonly<Record<number, string>> = {
  401: 'the token is wrong, expired or revoked: give a new one',
  403: 'the token may not: give it the scope api, and the role Developer in this project',
  404: 'it is not there, or the token may not see it: make its account a member of this project',
};

/** Asks one GitLab, and knows what we pushed there. Every method throws ForgeError. */
export class GitLabApi {
  readonly rest: ForgeRest;
  readonly #options: GitLabOptions;
  readonly #remotes = new Map<string, GitRemote>();
  readonly #projects = new Map<string, ProjectAnswer>();
  readonly own = new OwnCommits();
  #account: Promise<GitLabAccount> | undefined;

  constructor(options: GitLabOptions) {
    this.#options = options;
    this.rest = new ForgeRest({
      ...options,
      name: 'GitLab',
      base: `${options.url}/api/v4`,
      login: { 'private-token': options.token.reveal() },
      remedies,
    });
  }

  get now(): number {
    return this.#options.now;
  }

  get cache(): GitLabOptions['cache'] {
    return this.#options.cache;
  }

  /** A wait in seconds. */
  pause(seconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, seconds * (this.#options.second ?? 1000)));
  }

  /** No other project on any GitLab has it, and it survives renames and moves: `HOST[:PORT]:NUMBER`. */
  idOf({ id }: ProjectAnswer): string {
    return `${new URL(this.#options.url).host}:${id}`;
  }

  /** Where the API has a project. */
  path({ id }: ForgeRepository): string {
    return `/projects/${id.slice(id.lastIndexOf(':') + 1)}`;
  }

  /** Keeps what a list said of a project. */
  know(project: ProjectAnswer): void {
    this.#projects.set(this.idOf(project), project);
  }

  async project(repository: ForgeRepository): Promise<ProjectAnswer> {
    const known = this.#projects.get(repository.id);
    if (known !== undefined) return known;
    const project = await this.rest.get<ProjectAnswer>(this.path(repository), `looking at ${repository.name}`);
    this.know(project);
    return project;
  }

  /** The same project over git's own protocol. The login goes to the server that we were given, whatever it calls itself. */
  async remote(repository: ForgeRepository): Promise<GitRemote> {
    const known = this.#remotes.get(repository.id);
    if (known !== undefined) return known;
    const { url, token, userAgent, fetch } = this.#options;
    const { path_with_namespace: name } = await this.project(repository);
    const remote = new GitRemote({
      url: `${url}/${name.split('/').map(encodeURIComponent).join('/')}.git`,
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

  account(): Promise<GitLabAccount> {
    if (this.#account === undefined) {
      this.#account = this.#askAccount();
      this.#account.catch(() => {
        this.#account = undefined;
      });
    }
    return this.#account;
  }

  async #askAccount(): Promise<GitLabAccount> {
    const attempt = 'asking who we are';
    const [self, token] = await Promise.all([
      this.rest.get<SelfAnswer>('/user', attempt),
      // Not there before 15.5, and refused to some kinds of tokens.
      this.rest.find<TokenAnswer>('/personal_access_tokens/self', attempt).catch((error: unknown) => {
        if (error instanceof ForgeError && error.failure !== 'failed') return undefined;
        throw error;
      }),
    ]);
    const { scopes, expires_at: day } = token?.data ?? {};
    const lacks = scopes !== undefined && !scopes.includes('api');
    const expires = Date.parse(day ?? '');
    const host = new URL(this.#options.url).host;
    return {
      id: self.id,
      login: self.username,
      name: self.name,
      email: self.commit_email || self.email || `${self.username}@noreply.${host}`,
      ...(lacks && { remark: `its token has the scopes ${scopes.join(', ')}; merge requests need the scope api` }),
      ...(!Number.isNaN(expires) && { expires }),
    };
  }

  /** Which of these commits did we push? */
  pushedByUs(repository: ForgeRepository, commits: readonly string[]): Promise<ReadonlySet<string>> {
    return this.own.among(commits, () => this.#pushes(repository));
  }

  async *#pushes(repository: ForgeRepository): AsyncGenerator<string> {
    const { id: us } = await this.account();
    const attempt = `asking who pushed to ${repository.name}`;
    const query = { action: 'pushed', per_page: 100 };
    const bounds = { most: limits.tree.itemPages.most };
    const path = `${this.path(repository)}/events`;
    for await (const page of this.rest.pages<PushEventAnswer>(path, attempt, query, bounds)) {
      for (const { author_id: by, push_data: pushed } of page) if (by === us) yield pushed?.commit_to ?? '';
    }
  }
}
