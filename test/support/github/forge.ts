import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { silentLogger } from '../../../src/core/logger.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Forge } from '../../../src/forges/forge.ts';
import type { PaceGroup } from '../../../src/forges/github/client.ts';
import { github as type } from '../../../src/forges/github/github.ts';
import type { GitHubAuth } from '../../../src/forges/github/github-login.ts';
import { openGitHub } from '../../../src/forges/github/open-github.ts';
import { Agents } from '../../../src/http/agents.ts';
import { type PlainFetch, plainFetch } from '../../../src/http/plain-fetch.ts';
import type { GitHubServer } from './server.ts';

const unpaced: PaceGroup = { key: () => ({ schedule: (_options, work) => work() }) };

/** The real forge against the stand-in, which is asked without pauses. */
export function forgeFor(
  github: GitHubServer,
  {
    cache = memoryCache(),
    auth = { kind: 'token', token: new Secret('token') },
    fetch = plainFetch(new Agents(), new AbortController().signal),
  }: { cache?: ByteCache; auth?: GitHubAuth; fetch?: PlainFetch } = {},
): Forge {
  const adapter = openGitHub({
    baseUrl: github.url,
    auth,
    fetch,
    userAgent: 'plimsoll/test',
    logger: silentLogger,
    second: 1,
    pace: unpaced,
    cache,
  });
  return { ...adapter, type: type.type, present: type.present };
}
