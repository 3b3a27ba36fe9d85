import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOsvFeed } from '../../src/advisories/osv.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';

let osv: FakeOsv;
beforeAll(async () => {
  osv = await startFakeOsv();
  osv.answers.set('Debian:12 openssl 1', ['DEBIAN-CVE-2026-1']);
  osv.records.set('DEBIAN-CVE-2026-1', { id: 'DEBIAN-CVE-2026-1' });
});
afterAll(() => osv.close());

it('believes no answer from a time to come, and none that is a day old', async () => {
  const cache = memoryCache();
  const http = new HttpClient({ userAgent: 'test' });
  const os = { id: 'debian', versionId: '12' };
  const moves = [{ source: 'openssl', name: 'openssl', before: '1', after: '2' }];
  const asked = async (now: string): Promise<readonly string[]> => {
    const from = osv.log.length;
    await createOsvFeed({ base: new URL(osv.base), http, cache, now: Date.parse(now), reach: 'loopback' }).compare(
      os,
      moves,
    );
    return osv.log.slice(from).map(({ path }) => path);
  };
  const all = ['/v1/querybatch', '/v1/vulns/DEBIAN-CVE-2026-1'];
  try {
    expect(await asked('2036-01-01T00:00:00Z')).toEqual(all);
    expect(await asked('2026-01-01T00:00:00Z')).toEqual(all);
    expect(await asked('2026-01-01T23:59:59Z')).toEqual([]);
    expect(await asked('2026-01-02T00:00:00Z')).toEqual(all);
  } finally {
    http.close();
  }
});
