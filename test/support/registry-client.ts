import type { ByteCache } from '../../src/cache/byte-cache.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { ProblemLog } from '../../src/core/problem-log.ts';
import type { AddressClass } from '../../src/http/host-rules.ts';
import { HttpClient, type HttpOptions } from '../../src/http/http-client.ts';
import type { CredentialSource } from '../../src/oci/credentials/credentials.ts';
import { RegistryClient } from '../../src/oci/registry/registry-client.ts';

/** A client that waits for nothing between attempts. */
export function testClient(
  options: {
    http?: Partial<HttpOptions>;
    credentials?: CredentialSource;
    cache?: ByteCache;
    reach?: AddressClass;
    mirror?: string;
  } = {},
): { client: RegistryClient; http: HttpClient; problems: ProblemLog } {
  const http = new HttpClient({
    userAgent: 'test',
    sleep: () => Promise.resolve(),
    ...options.http,
  });
  const problems = new ProblemLog(silentLogger);
  const { mirror } = options;
  const client = new RegistryClient({
    http,
    cache: options.cache ?? memoryCache(),
    credentials: options.credentials ?? (() => undefined),
    reach: () => options.reach ?? 'loopback',
    insecure: () => false,
    mirror: () => (mirror === undefined ? undefined : new URL(mirror)),
    problems,
  });
  return { client, http, problems };
}
