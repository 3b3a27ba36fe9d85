import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Forge } from '../../../src/forges/forge.ts';
import { gitea as type } from '../../../src/forges/gitea/gitea.ts';
import { openGitea } from '../../../src/forges/gitea/open-gitea.ts';
import { Agents } from '../../../src/http/agents.ts';
import { type PlainFetch, plainFetch } from '../../../src/http/plain-fetch.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';
import { type GiteaRoute, routes } from './routes.ts';
import { swaggerFaults } from './swagger-check.ts';

/** Gitea on loopback: see the README beside this file. */
export function startGitea(): Promise<StandIn> {
  return startStandIn({
    name: 'gitea',
    prefix: '/api/v1',
    routes,
    tokenOf: ({ authorization }) => /^token (.+)$/.exec(authorization ?? '')?.[1],
    check: (route, sent, given) => swaggerFaults((route as GiteaRoute).described, route.method, sent, given),
  });
}

/** The real forge against the stand-in, which is asked without pauses. */
export function giteaForge(
  { url }: Pick<StandIn, 'url'>,
  {
    cache = memoryCache(),
    token = 'token',
    login,
    now = Date.parse('2026-01-05T12:00:00Z'),
    fetch = plainFetch(new Agents(), new AbortController().signal),
  }: { cache?: ByteCache; token?: string; login?: string; now?: number; fetch?: PlainFetch } = {},
): Forge {
  const adapter = openGitea({
    url,
    token: new Secret(token),
    ...(login !== undefined && { login }),
    fetch,
    userAgent: 'plimsoll/test',
    logger: silentLogger,
    cache,
    now,
    second: 1,
  });
  return { ...adapter, type: type.type, present: type.present };
}
