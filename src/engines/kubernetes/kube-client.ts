import { limits } from '../../core/limits/limits.ts';
import { inTurns } from '../../core/time/turns.ts';
import { fields, optional, readList, text } from '../connection/answer-fields.ts';
import { ask, EngineFailure, jsonIn, messageIn } from '../connection/ask.ts';
import { type Transport, transportTo } from '../connection/engine-transport.ts';
import type { EngineAddress, EngineDependencies } from '../engine.ts';

/** What is listed, and nothing else: the client has no way to ask for a Secret, or with another method than GET. */
export const kubeResources = {
  nodes: { path: '/api/v1', isOfCluster: true },
  pods: { path: '/api/v1' },
  deployments: { path: '/apis/apps/v1' },
  statefulsets: { path: '/apis/apps/v1' },
  daemonsets: { path: '/apis/apps/v1' },
  // Whose they are is all that is wanted of these.
  replicasets: { path: '/apis/apps/v1', isMetadata: true },
  jobs: { path: '/apis/batch/v1', isMetadata: true },
  cronjobs: { path: '/apis/batch/v1', before: '/apis/batch/v1beta1' },
} as const satisfies Readonly<Record<string, KubeResource>>;

interface KubeResource {
  readonly path: string;
  /** Where it was before Kubernetes 1.21. */
  readonly before?: string;
  readonly isOfCluster?: boolean;
  readonly isMetadata?: boolean;
}

/** One of them. */
export type KubeKind = keyof typeof kubeResources;

/** So many are asked for at once; the server says where the rest begins. */
const entriesPerPage = 500;

const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json';

/** Asks one API server, each question bounded in size and time. */
export class KubeClient {
  readonly #transport: Transport;
  readonly #deps: EngineDependencies;
  readonly #prefix: string;
  readonly #login: Readonly<Record<string, string>>;

  constructor(address: EngineAddress, deps: EngineDependencies) {
    // A server on another port than the usual one has no socket that could be missing.
    this.#transport = transportTo(address, { missing: '', silent: '' });
    this.#deps = deps;
    this.#prefix = new URL(address.url).pathname.replace(/\/$/, '');
    const { token } = address;
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) throw new EngineFailure('the token of its user is none');
    this.#login = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Everything of a kind, in a namespace or in all, page by page. Throws EngineFailure. */
  async list<T>(kind: KubeKind, namespace: string | undefined, read: (one: unknown) => T): Promise<readonly T[]> {
    const { path, before, isOfCluster, isMetadata }: KubeResource = kubeResources[kind];
    const within = isOfCluster || namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
    try {
      return await this.#whole(`${path}${within}/${kind}`, isMetadata === true, read);
    } catch (error) {
      if (before === undefined || !(error instanceof EngineFailure) || error.status !== 404) throw error;
      return this.#whole(`${before}${within}/${kind}`, false, read);
    }
  }

  /** A server forgets after some minutes how it stood when a list began, and then the list is begun once more. */
  async #whole<T>(path: string, isMetadata: boolean, read: (one: unknown) => T): Promise<readonly T[]> {
    try {
      return await this.#pages(path, isMetadata, read);
    } catch (error) {
      if (!(error instanceof EngineFailure) || error.status !== 410) throw error;
      return this.#pages(path, isMetadata, read);
    }
  }

  async #pages<T>(path: string, isMetadata: boolean, read: (one: unknown) => T): Promise<readonly T[]> {
    const all: T[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const query = new URLSearchParams({ limit: String(entriesPerPage), ...(next !== '' && { continue: next }) });
      const answer = await ask(
        this.#transport,
        {
          path: `${this.#prefix}${path}?${query}`,
          headers: { ...this.#login, ...(isMetadata && { accept: metadataOnly }) },
          most: limits.engine.list.most,
        },
        this.#deps,
      );
      const { status } = answer;
      if (status !== 200) throw refused(path, status, messageIn(answer));
      const list = fields(await jsonIn(answer, path, this.#deps.signal), path);
      // A list of nothing is left out by some servers.
      all.push(...(await inTurns(readList(list['items'] ?? [], path, read), this.#deps.signal)));
      if (all.length > limits.engine.objects.most)
        throw new EngineFailure(`GET ${path}: more than ${limits.engine.objects.most} of them`);
      const rest = text(optional(list['metadata'])?.['continue']);
      next = rest === '' || rest === next ? undefined : rest;
    }
    return all;
  }

  close(): void {
    this.#transport.close();
  }
}

function refused(path: string, status: number, said: string): EngineFailure {
  const why = said === '' ? '' : `: ${said}`;
  if (status === 401)
    return new EngineFailure(
      `GET ${path} was answered with 401: its token or certificate is not, or no longer, accepted`,
      401,
    );
  if (status === 403)
    return new EngineFailure(
      `GET ${path} was refused (403): the account needs the verb list for it (docs/engines.md has the rules)${why}`,
      403,
    );
  return new EngineFailure(`GET ${path} was answered with ${status}${why}`, status);
}
