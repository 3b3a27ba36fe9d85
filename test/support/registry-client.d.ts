import type { ByteCache } from '../../src/cache/byte-cache.ts';
import type { AddressClass } from '../../src/http/host-rules.ts';
import { HttpClient, type HttpOptions } from '../../src/http/http-client.ts';
import type { CredentialSource } from '../../src/oci/credentials.ts';
import { RegistryClient } from '../../src/oci/registry-client.ts';
/** A client that waits for nothing between attempts and gives up soon. */
export declare function testClient(options?: {
  http?: Partial<HttpOptions>;
  credentials?: CredentialSource;
  cache?: ByteCache;
  reach?: AddressClass;
}): {
  client: RegistryClient;
  http: HttpClient;
};
