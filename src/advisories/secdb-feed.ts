import type { ByteCache } from '../cache/byte-cache.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { parseLargeJson } from '../core/large-json.ts';
import { limits } from '../core/limits/limits.ts';
import { isAlpineEdge } from '../core/package.ts';
import type { Problem } from '../core/problem.ts';
import { inTurns } from '../core/time/turns.ts';
import type { AddressClass } from '../http/host-rules.ts';
import type { HttpClient } from '../http/http-client.ts';
import { redactUrl } from '../http/redact.ts';
import type { AdvisoryFeed } from './feed.ts';
import { isSecdb, type Secdb, secdbVerdict, secfixesOf } from './secdb.ts';

/** Where Alpine's security database is, and the way to it. `now`: milliseconds since 1970. */
export interface SecdbOptions {
  readonly http: Pick<HttpClient, 'request' | 'cost'>;
  readonly cache: ByteCache;
  readonly now: number;
  /** The folder that has `edge/main.json`. */
  readonly base: URL;
  readonly reach: AddressClass;
}

/** Alpine edge, which OSV leaves out. */
export function createSecdbFeed(options: SecdbOptions): AdvisoryFeed {
  let reading: Promise<readonly Secdb[]> | undefined;
  return {
    covers: isAlpineEdge,
    compare: async (os, moves) => {
      reading ??= Promise.all(
        ['main', 'community'].map((name) => read(options, new URL(`edge/${name}.json`, options.base))),
      );
      try {
        const secfixes = secfixesOf(await reading);
        return { verdicts: moves.map((move) => secdbVerdict(secfixes, move)), problems: [] };
      } catch (error) {
        if (!(error instanceof PlimsollError) || error.code !== 'HTTP') throw error;
        const message = `which changes are security fixes was not checked with Alpine's secdb: ${messageOf(error)}`;
        const problem: Problem = { code: 'advisories-unread', message, subject: os.id, host: options.base.host };
        return { verdicts: moves.map(() => null), problems: [problem] };
      }
    },
  };
}

async function read({ http, cache, now, reach }: SecdbOptions, url: URL): Promise<Secdb> {
  const bytes = cache.get('secdb', url.href);
  const known = bytes && ((await parsed(Buffer.from(bytes))) as { at: number; database: Secdb } | undefined);
  const age = known ? now - known.at : Number.NaN;
  if (known && age >= 0 && age < limits.feed.age.most) return known.database;
  const response = await http.request({
    method: 'GET',
    url,
    destination: 'advisory',
    reach,
    attempts: limits.host.feedAttempts.most,
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.status === 200) {
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > limits.feed.secdb.most) break;
      chunks.push(chunk);
    }
  } else response.discard();
  const text = Buffer.concat(chunks);
  const database = response.status === 200 && size <= limits.feed.secdb.most ? await parsed(text) : undefined;
  if (!isSecdb(database)) {
    throw new PlimsollError(
      'HTTP',
      `GET ${redactUrl(url)}: the server answered ${response.status}, and no security database`,
    );
  }
  // As it came: writing it again takes as long as reading it.
  const kept = [Buffer.from(`{"at":${now},"database":`), text, Buffer.from('}')];
  cache.put('secdb', url.href, Buffer.concat(kept));
  return database;
}

async function parsed(bytes: Buffer): Promise<unknown> {
  try {
    return await inTurns(parseLargeJson(bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}
