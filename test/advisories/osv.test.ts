import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOsvFeed } from '../../src/advisories/osv.ts';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import { limits } from '../../src/core/limits/limits.ts';
import { HttpClient } from '../../src/http/http-client.ts';
import { type FakeOsv, startFakeOsv } from '../support/fake-osv.ts';
import { longestStretch } from '../support/watchdog.ts';

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

it('orders as many advisories of one package as it takes, and holds nobody up; of more it says that it asked in vain', async () => {
  const { most } = limits.feed.osvIds;
  const ids = Array.from({ length: most }, (_, n) => `DEBIAN-CVE-20${10 + (n % 17)}-${(n * 104_729) % 999_983}`);
  osv.answers.set('Debian:12 linux 1', ids);
  osv.answers.set('Debian:12 linux 0', [...ids, 'DEBIAN-CVE-2009-1']);
  const http = new HttpClient({ userAgent: 'test' });
  const compare = (before: string) =>
    createOsvFeed({ base: new URL(osv.base), http, cache: memoryCache(), now: 0, reach: 'loopback' }).compare(
      { id: 'debian', versionId: '12' },
      [{ source: 'linux', name: 'linux', before, after: '2' }],
    );
  try {
    let found: Awaited<ReturnType<typeof compare>> | undefined;
    const stretch = await longestStretch(async () => {
      found = await compare('1');
    });
    expect(JSON.stringify(found)).toContain('CVE-2010-');
    expect(stretch).toBeLessThan(250);
    expect(JSON.stringify(await compare('0').catch(String))).toContain(`more than ${most} advisories of one package`);
  } finally {
    http.close();
  }
});

it.each([
  ['could not be read', ['DEBIAN-CVE-2026-9']],
  [
    'are more than a run reads',
    Array.from({ length: limits.feed.osvRecords.most + 1 }, (_, n) => `DEBIAN-CVE-2025-${n}`),
  ],
])('says so where advisories %s, and names them all the same', async (_why, ids) => {
  osv.answers.set('Debian:12 zlib 1', ids);
  const isThere = ids.length > 1;
  for (const id of ids) if (isThere) osv.records.set(id, { id });
  const http = new HttpClient({ userAgent: 'test' });
  try {
    const feed = createOsvFeed({ base: new URL(osv.base), http, cache: memoryCache(), now: 0, reach: 'loopback' });
    const { verdicts, problems } = await feed.compare({ id: 'debian', versionId: '12' }, [
      { source: 'zlib', name: 'zlib', before: '1', after: '2' },
    ]);
    expect(verdicts[0]?.fixed).toHaveLength(ids.length);
    expect(problems).toMatchObject([{ code: 'advisories-unrated', subject: 'debian' }]);
  } finally {
    http.close();
  }
});
