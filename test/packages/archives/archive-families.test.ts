import { expect, it } from 'vitest';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { HttpClient } from '../../../src/http/http-client.ts';
import { createApkFamily } from '../../../src/packages/apk/apk-family.ts';
import { createAptFamily } from '../../../src/packages/apt/apt-family.ts';
import { archiveFamilies } from '../../../src/packages/archives/archive-families.ts';
import type { ArchiveDependencies } from '../../../src/packages/archives/archive-fetch.ts';
import { createRpmFamily } from '../../../src/packages/rpm/rpm-family.ts';

it('describes each family as it describes itself once its code is loaded', () => {
  const http = new HttpClient({ userAgent: 'test' });
  const deps: ArchiveDependencies = {
    http,
    cache: memoryCache(),
    now: 0,
    reach: 'public',
    maxAge: 1,
    fileTime: 1,
  };
  const described = archiveFamilies(deps).map(({ read: _, ...rest }) => rest);
  const own = [createAptFamily, createApkFamily, createRpmFamily].map((create) => {
    const { read: _, ...rest } = create(deps);
    return rest;
  });
  http.close();
  expect(described).toEqual(own);
});
