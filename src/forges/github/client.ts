import type { Octokit } from '@octokit/rest';
import { limits } from '../../core/limits/limits.ts';
import type { Logger } from '../../core/logger.ts';
import { ForgeError } from '../forge-error.ts';
import { failureOf } from './failure.ts';
import type { GitHubLogin } from './github-login.ts';

/** What plugin-throttling asks of a Bottleneck group; tests hand in one that does not wait. */
export interface PaceGroup {
  key(id: string): { schedule<T>(options: unknown, work: () => Promise<T>): Promise<T> };
}

/** Which GitHub, who we are there, and the way to it. */
export interface GitHubOptions extends GitHubLogin {
  readonly fetch: typeof globalThis.fetch;
  readonly userAgent: string;
  readonly logger: Logger;
  /** Milliseconds per second that GitHub asks us to wait: 1000, except in tests. */
  readonly second?: number;
  /** Instead of the pauses that GitHub asks for: a second between writes, three between those that notify people. */
  readonly pace?: PaceGroup;
}

/** Why an answer is none. A proxy's page, an answer that was cut short, or the address of something else. */
export const noAnswer =
  'and not as GitHub does: something else is at the address of its API, or in between; GITHUB_API_URL names the address';

/** GitHub redirects a repository that has another name; an API's address that redirects is a wrong one. */
function redirected(status: number, url: string): ForgeError {
  return url.includes('/repos/')
    ? new ForgeError('raced', 'the repository was renamed meanwhile; the next run finds it under its new name')
    : new ForgeError(
        'failed',
        `GitHub answered ${status}, a redirect; GITHUB_API_URL names another address than its API has`,
      );
}

/**
 * One Octokit per way of signing in. GitHub's limits are obeyed: writes one by one, `Retry-After` waited for, what passes
 * tried again.
 */
export class GitHubClients {
  readonly #options: GitHubOptions;
  readonly #clients = new Map<string, Promise<Octokit>>();
  /** What a classic token says of itself in every answer. */
  #scopes: string | undefined;
  /** When a token ends. Source: GitHub Docs, "Managing your personal access tokens"; the header has `2026-12-30 12:00:00 UTC`. */
  #expires: number | undefined;
  /** Requests sent, retries too. */
  requests = 0;

  constructor(options: GitHubOptions) {
    this.#options = options;
  }

  /**
   * May a workflow file be changed in an owner's repositories? Undefined: only trying tells. An App's installation and a
   * classic token say what they may (docs.github.com, "Scopes for OAuth apps"), other tokens do not.
   */
  async mayChangeWorkflows(owner: string): Promise<boolean | undefined> {
    const client = await this.of(owner);
    if (this.#options.auth.kind === 'app') {
      const { permissions } = (await client.auth({ type: 'installation' })) as {
        readonly permissions?: Readonly<Record<string, string>>;
      };
      return permissions && permissions['workflows'] === 'write';
    }
    return this.#scopes === undefined ? undefined : this.#scopes.split(/,\s*/).includes('workflow');
  }

  /** When the token that the last request was sent with ends; milliseconds since 1970. Undefined: it does not say. */
  get expires(): number | undefined {
    return this.#expires;
  }

  /** The client that acts in an owner's repositories. */
  of(owner: string): Promise<Octokit> {
    const { auth } = this.#options;
    const key = auth.kind === 'app' && auth.installationId === undefined ? owner.toLowerCase() : '';
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = this.#make(owner);
      this.#clients.set(key, client);
      // Trouble that passes must not stand for the rest of the run.
      client.catch(() => this.#clients.delete(key));
    }
    return client;
  }

  async #make(owner: string): Promise<Octokit> {
    const { auth } = this.#options;
    if (auth.kind === 'token') return this.#octokit({ auth: auth.token.reveal() });
    const { createAppAuth } = await import('@octokit/auth-app');
    const app = { appId: auth.appId, privateKey: auth.privateKey.reveal() };
    if (auth.installationId !== undefined) {
      return this.#octokit({ authStrategy: createAppAuth, auth: { ...app, installationId: auth.installationId } });
    }
    const asApp = await this.#octokit({ authStrategy: createAppAuth, auth: app });
    try {
      const { data } = await asApp.request('GET /users/{username}/installation', { username: owner });
      return await this.#octokit({ authStrategy: createAppAuth, auth: { ...app, installationId: data.id } });
    } catch (error) {
      throw failureOf(error, `finding the App's installation for ${owner}`, 'install the App for this owner');
    }
  }

  async #octokit(credentials: Record<string, unknown>): Promise<Octokit> {
    const [{ Octokit }, { throttling }, { retry }] = await Promise.all([
      import('@octokit/rest'),
      import('@octokit/plugin-throttling'),
      import('@octokit/plugin-retry'),
    ]);
    const { baseUrl, userAgent, logger, second = 1000, pace } = this.#options;
    const again = (after: number, _options: object, _octokit: object, count: number): boolean => {
      const waits = after * 1000 <= limits.host.forgeWait.most && count < limits.host.forgeWaits.most;
      logger.warn(waits ? 'GitHub asks us to wait' : 'GitHub asks us to wait for longer than a run may', { after });
      return waits;
    };
    const octokit = new (Octokit.plugin(throttling, retry))({
      ...credentials,
      baseUrl,
      userAgent,
      request: { fetch: this.#options.fetch },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      throttle: {
        onRateLimit: again as never,
        onSecondaryRateLimit: again as never,
        retryAfterBaseValue: second,
        ...(pace !== undefined && { global: pace, write: pace, notifications: pace }),
      } as never,
      retry: { retryAfterBaseValue: second },
    });
    octokit.hook.before('request', () => {
      this.requests++;
    });
    octokit.hook.after('request', ({ status, data, headers }, { url }) => {
      const scopes = headers['x-oauth-scopes'];
      if (typeof scopes === 'string') this.#scopes = scopes;
      const expires = Date.parse(String(headers['github-authentication-token-expiration'] ?? ''));
      if (!Number.isNaN(expires)) this.#expires = expires;
      // Followed, a write could land elsewhere; taken for an answer, it would be no error.
      if (status >= 300 && status < 400) throw redirected(status, url);
      // Octokit hands on as text what is no JSON.
      if (typeof data === 'string' && data !== '')
        throw new ForgeError('failed', `GitHub answered ${status}, ${noAnswer}`);
    });
    return octokit as unknown as Octokit;
  }
}
