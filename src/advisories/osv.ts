import type { ByteCache } from '../cache/byte-cache.ts';
import type { Advisory } from '../core/advisory.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { parseLargeJson } from '../core/large-json.ts';
import { limits } from '../core/limits/limits.ts';
import type { DistroRelease } from '../core/package.ts';
import { inTurns, isTurnOver, nextTurn } from '../core/time/turns.ts';
import type { AddressClass } from '../http/host-rules.ts';
import type { HttpClient, HttpResponse } from '../http/http-client.ts';
import { redactUrl } from '../http/redact.ts';
import { type Ecosystem, ecosystemOf } from './ecosystems.ts';
import type { AdvisoryFeed, FeedAnswer, FeedVerdict, SourceMove } from './feed.ts';
import { advisoriesOf, collapse, type OsvRecord } from './osv-record.ts';

/** Which server with OSV's API is asked, and the way to it. `now`: milliseconds since 1970. */
export interface OsvOptions {
  readonly http: Pick<HttpClient, 'request' | 'cost'>;
  readonly cache: ByteCache;
  readonly now: number;
  /** The API's address, without `/v1`. */
  readonly base: URL;
  readonly reach: AddressClass;
}

/** What holds for one version, and when that was asked. */
interface Known {
  readonly at: number;
  readonly ids: readonly string[];
}

interface Query {
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
}

/**
 * OSV's HTTP API: ids for the old version and for the new one in one `querybatch`; what only the old one has is fixed.
 * So the publisher's own ranges decide, and what nobody fixed cancels out. Sent are the release, source names and
 * versions of the distro's packages, nothing else. Source: google.github.io/osv.dev, "POST /v1/querybatch".
 */
export function createOsvFeed(options: OsvOptions): AdvisoryFeed {
  const client = new OsvClient(options);
  return {
    covers: (os) => ecosystemOf(os) !== undefined,
    compare: async (os, moves) => {
      const ecosystem = ecosystemOf(os);
      if (ecosystem === undefined) return { verdicts: moves.map(() => null), problems: [] };
      try {
        const verdicts = await compare(client, ecosystem, moves);
        return { verdicts, problems: client.hasUnrated ? [unrated(os, options.base.host)] : [] };
      } catch (error) {
        if (!(error instanceof PlimsollError) || error.code !== 'HTTP') throw error;
        return { verdicts: moves.map(() => null), problems: [unread(os, options.base.host, error)] };
      }
    },
  };
}

function unrated(os: DistroRelease, host: string): FeedAnswer['problems'][number] {
  return {
    code: 'advisories-unrated',
    message: `advisories of OSV could not be read, or were more than the ${limits.feed.osvRecords.most} that a run reads: they stand under OSV's own ids, without a rating and other names`,
    subject: os.id,
    host,
  };
}

function unread(os: DistroRelease, host: string, error: unknown): FeedAnswer['problems'][number] {
  return {
    code: 'advisories-unread',
    message: `which changes are security fixes was not checked with OSV: ${messageOf(error)}; set "advisories" to off, or to a folder, where it cannot be reached`,
    subject: os.id,
    host,
  };
}

async function compare(
  client: OsvClient,
  ecosystem: Ecosystem,
  moves: readonly SourceMove[],
): Promise<readonly FeedVerdict[]> {
  const idsOf = async (move: SourceMove, version: string): Promise<ReadonlySet<string>> => {
    const names =
      ecosystem.keys === 'both'
        ? new Set([move.source, move.name])
        : [ecosystem.keys === 'name' ? move.name : move.source];
    const queries = ecosystem.names.flatMap((one) => [...names].map((name) => ({ ecosystem: one, name, version })));
    const found = await Promise.all(queries.map((query) => client.idsOf(query)));
    return new Set(found.flat());
  };
  const verdictOf = async (move: SourceMove): Promise<FeedVerdict> => {
    const [old, now] = await Promise.all([idsOf(move, move.before), idsOf(move, move.after)]);
    const [fixed, introduced] = await Promise.all([
      client.advisories([...old].filter((id) => !now.has(id))),
      client.advisories([...now].filter((id) => !old.has(id))),
    ]);
    return { fixed, introduced };
  };
  const verdicts: Promise<FeedVerdict>[] = [];
  for (const move of moves) {
    const verdict = verdictOf(move);
    // Met below, where all are waited for.
    verdict.catch(() => undefined);
    verdicts.push(verdict);
    // What is remembered of each is a file.
    if (isTurnOver()) await nextTurn();
  }
  return Promise.all(verdicts);
}

class OsvClient {
  readonly #options: OsvOptions;
  readonly #asked = new Map<string, Promise<readonly string[]>>();
  readonly #records = new Map<string, Promise<readonly Advisory[]>>();
  #gathered: { readonly query: Query; readonly settle: (answer: Promise<readonly string[]>) => void }[] = [];
  #hasUnrated = false;
  /** Once it could not be reached, the rest of the run does not wait for it again. */
  #failure: unknown;

  constructor(options: OsvOptions) {
    this.#options = options;
  }

  idsOf(query: Query): Promise<readonly string[]> {
    const key = keyOf(query);
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    const ids = this.#remembered(key) ?? this.#gather(query);
    this.#asked.set(key, ids);
    return ids;
  }

  #remembered(key: string): Promise<readonly string[]> | undefined {
    const bytes = this.#options.cache.get('osv', this.#cacheKey(key));
    const known = bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Known);
    const age = known ? this.#options.now - known.at : Number.NaN;
    if (!known || !(age >= 0 && age < limits.feed.age.most)) return undefined;
    this.#options.http.cost.cacheHits++;
    return Promise.resolve(known.ids);
  }

  #cacheKey(key: string): string {
    return `${this.#options.base.href} ${key}`;
  }

  #gather(query: Query): Promise<readonly string[]> {
    if (this.#gathered.length === 0) setTimeout(() => this.#flush(), limits.feed.osvWait.most);
    return new Promise((resolve) => {
      this.#gathered.push({ query, settle: resolve });
      if (this.#gathered.length >= limits.feed.osvBatch.most) this.#flush();
    });
  }

  #flush(): void {
    const batch = this.#gathered.splice(0);
    if (batch.length === 0) return;
    const answers = this.#ask(batch.map(({ query }) => query));
    for (const [index, { settle }] of batch.entries()) settle(answers.then((all) => all[index] ?? []));
    answers.catch(() => undefined);
  }

  /** Every page of every query: ids missing from a page not read would look like fixes. */
  async #ask(queries: readonly Query[]): Promise<readonly (readonly string[])[]> {
    const ids = queries.map(() => new Set<string>());
    let open = queries.map((query, index) => ({ query, index, token: undefined as string | undefined }));
    for (let page = 0; open.length > 0; page++) {
      if (page >= limits.feed.osvPages.most)
        throw new PlimsollError(
          'HTTP',
          `POST ${this.#url('querybatch')}: more than ${limits.feed.osvPages.most} pages`,
        );
      const body = JSON.stringify({
        queries: open.map(({ query: { ecosystem, name, version }, token }) => ({
          package: { ecosystem, name },
          version,
          ...(token !== undefined && { page_token: token }),
        })),
      });
      const { results } = (await this.#json('POST', 'querybatch', body)) as BatchAnswer;
      if (!Array.isArray(results) || results.length !== open.length) throw this.#nonsense('querybatch');
      const next: typeof open = [];
      for (const [at, result] of results.entries()) {
        if (isTurnOver()) await nextTurn();
        const one = open[at] as (typeof open)[number];
        for (const id of idsOf(result)) {
          if (id === undefined) throw this.#nonsense('querybatch');
          ids[one.index]?.add(id);
        }
        if ((ids[one.index]?.size ?? 0) > limits.feed.osvIds.most)
          throw new PlimsollError(
            'HTTP',
            `POST ${this.#url('querybatch')}: more than ${limits.feed.osvIds.most} advisories of one package`,
          );
        const token = result?.next_page_token;
        if (typeof token === 'string' && token !== '') next.push({ ...one, token });
      }
      open = next;
    }
    const found: string[][] = [];
    for (const [index, query] of queries.entries()) {
      const own = [...(ids[index] ?? [])].sort();
      const known: Known = { at: this.#options.now, ids: own };
      this.#options.cache.put('osv', this.#cacheKey(keyOf(query)), Buffer.from(JSON.stringify(known)));
      found.push(own);
      if (isTurnOver()) await nextTurn();
    }
    return found;
  }

  async advisories(ids: readonly string[]): Promise<readonly Advisory[]> {
    return collapse((await Promise.all(ids.map((id) => this.#record(id)))).flat());
  }

  #record(id: string): Promise<readonly Advisory[]> {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const isRead = this.#records.size < limits.feed.osvRecords.most;
    const work = isRead ? this.#fetchRecord(id) : Promise.resolve(this.#unread(id));
    this.#records.set(id, work);
    return work;
  }

  /** Are there advisories of which only their own ids are known? */
  get hasUnrated(): boolean {
    return this.#hasUnrated;
  }

  /** That it was fixed is known; only its rating and its other names are not. */
  #unread(id: string): readonly Advisory[] {
    this.#hasUnrated = true;
    return advisoriesOf({ id });
  }

  async #fetchRecord(id: string): Promise<readonly Advisory[]> {
    const key = `${this.#options.base.href} ${id}`;
    const bytes = this.#options.cache.get('osv-record', key);
    const known = bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as { at: number; advisories: Advisory[] });
    const age = known ? this.#options.now - known.at : Number.NaN;
    if (known && age >= 0 && age < limits.feed.age.most) return known.advisories;
    try {
      const record = (await this.#json('GET', `vulns/${encodeURIComponent(id)}`)) as OsvRecord;
      if (record.id !== id) throw this.#nonsense('vulns');
      const advisories = advisoriesOf(record);
      this.#options.cache.put('osv-record', key, Buffer.from(JSON.stringify({ at: this.#options.now, advisories })));
      return advisories;
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      return this.#unread(id);
    }
  }

  async #json(method: 'GET' | 'POST', path: string, body?: string): Promise<unknown> {
    if (this.#failure !== undefined) throw this.#failure;
    const { http, reach } = this.#options;
    const url = this.#url(path);
    let response: HttpResponse;
    try {
      response = await http.request({
        method,
        url,
        destination: 'advisory',
        reach,
        attempts: limits.host.feedAttempts.most,
        ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
      });
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    if (response.status !== 200) {
      response.discard();
      throw new PlimsollError('HTTP', `${method} ${redactUrl(url)}: the server answered ${response.status}`);
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limits.feed.osvAnswer.most) {
        response.discard();
        throw new PlimsollError(
          'HTTP',
          `${method} ${redactUrl(url)}: the answer is larger than ${limits.feed.osvAnswer.most} bytes`,
        );
      }
      chunks.push(chunk);
    }
    try {
      return (await inTurns(parseLargeJson(Buffer.concat(chunks).toString('utf8')))) ?? {};
    } catch {
      throw this.#nonsense(path);
    }
  }

  #url(path: string): URL {
    return new URL(`v1/${path}`, `${this.#options.base.href.replace(/\/*$/, '')}/`);
  }

  #nonsense(path: string): PlimsollError {
    return new PlimsollError(
      'HTTP',
      `${redactUrl(this.#url(path))}: the answer is not what OSV's API sends; is "advisories" its address?`,
    );
  }
}

// OSV's schema, "id": a prefix of the database and what that likes: DSA-5734-1, RHSA-2026:1234, openSUSE-SU-2026:0001-1.
const idGrammar = /^[A-Za-z0-9][\w.:+~-]{0,99}$/;

/** The ids of one answer; undefined in place of what is none, for then nothing of the answer can be believed. */
function idsOf(result: unknown): readonly (string | undefined)[] {
  const vulns = (result as { vulns?: unknown } | null)?.vulns ?? [];
  if (!Array.isArray(vulns)) return [undefined];
  return vulns.map((one: { id?: unknown } | null) => {
    const id = one?.id;
    return typeof id === 'string' && idGrammar.test(id) ? id : undefined;
  });
}

interface BatchAnswer {
  readonly results?: readonly ({
    readonly vulns?: unknown;
    readonly next_page_token?: unknown;
  } | null)[];
}

function keyOf({ ecosystem, name, version }: Query): string {
  return `${ecosystem} ${name} ${version}`;
}
