import { expect, it } from 'vitest';
import { memoryCache } from '../../src/cache/memory-cache.ts';
import type { Digest } from '../../src/core/image/digest.ts';
import { startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push } from '../support/fleet.ts';
import { asSecurity, centralRun } from '../support/github/run.ts';
import { startGitHub } from '../support/github/server.ts';
import { liveMemory } from '../support/live-memory.ts';

const repositories = 200;
const filesEach = 3;

it('reads 200 repositories with 600 references in one run, within the budget of requests and of memory', async () => {
  const [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
  const pinned: Digest[] = [];
  for (let i = 0; i < repositories * filesEach; i++)
    pinned.push(push(registry, `i${i}`, debianImage({ openssl: `1.${i}` }), '1'));
  for (let r = 0; r < repositories; r++) {
    const files = Array.from({ length: filesEach }, (_, f): [string, string] => {
      const n = r * filesEach + f;
      return [`f${f}/Dockerfile`, `FROM ${registry.host}/i${n}:1@${pinned[n]}\n`];
    });
    github.world.create(`o/r${r}`, { ...Object.fromEntries(files), 'README.md': `${r}\n` });
  }
  const cache = memoryCache();
  const counted = async (): Promise<{ perRepository: number; listing: number; statuses: Set<number> }> => {
    const from = github.log.length;
    const { result } = await centralRun(github, { cache, adjust: asSecurity });
    const log = github.log.slice(from);
    expect(result.record.summary.uses).toBe(repositories * filesEach);
    const own = log.filter(({ path }) => path.startsWith('/repos/'));
    return {
      perRepository: own.length / repositories,
      listing: log.length - own.length,
      statuses: new Set(own.map(({ status }) => status)),
    };
  };
  const before = liveMemory();
  const cold = await counted();
  // A tree, a list of our own issues and pull requests, a blob per matched file; five pages of the owner, and who we are.
  expect(cold.perRepository).toBe(2 + filesEach);
  expect(cold.listing).toBeLessThanOrEqual(5);
  const warm = await counted();
  expect(warm).toMatchObject({ perRepository: 1, statuses: new Set([304]) });
  expect(github.writes()).toEqual([]);
  // The stand-in, its descriptions and the registry live in this process too.
  expect((liveMemory() - before) / 1e6).toBeLessThan(150);
  expect(github.faults).toEqual([]);

  // One image moves: one repository is written to, the others cost what they did.
  push(registry, 'i7', debianImage({ openssl: '2' }), '1');
  const from = github.log.length;
  const { outcomes } = await centralRun(github, { cache, adjust: asSecurity });
  expect(outcomes).toMatchObject([{ kind: 'created', repository: 'o/r2' }]);
  expect(
    github.log.slice(from).filter(({ path }) => path.startsWith('/repos/') && !path.includes('o/r2/')).length,
  ).toBe(repositories - 1);
  await Promise.all([github.close(), registry.close()]);
}, 300_000);
