import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Forge } from '../../../src/forges/forge.ts';
import { gitlab as type } from '../../../src/forges/gitlab/gitlab.ts';
import { openGitLab } from '../../../src/forges/gitlab/open-gitlab.ts';
import { Agents } from '../../../src/http/agents.ts';
import { type PlainFetch, plainFetch } from '../../../src/http/plain-fetch.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';
import { routes, unknownParameters } from './routes.ts';

/** GitLab on loopback: see the README beside this file. */
export function startGitLab(): Promise<StandIn> {
  return startStandIn({
    name: 'gitlab',
    prefix: '/api/v4',
    routes,
    tokenOf: (headers) => headers['private-token']?.toString(),
    check: (route, { query, body }) => unknownParameters(route, query, body),
  });
}

/** The real forge against the stand-in, which is asked without pauses. */
export function gitlabForge(
  { url }: Pick<StandIn, 'url'>,
  {
    cache = memoryCache(),
    token = 'token',
    now = Date.parse('2026-01-05T12:00:00Z'),
    fetch = plainFetch(new Agents(), new AbortController().signal),
  }: { cache?: ByteCache; token?: string; now?: number; fetch?: PlainFetch } = {},
): Forge {
  const adapter = openGitLab({
    url,
    token: new Secret(token),
    fetch,
    userAgent: 'plimsoll/test',
    logger: silentLogger,
    cache,
    now,
    second: 1,
  });
  return { ...adapter, type: type.type, present: type.present };
}
