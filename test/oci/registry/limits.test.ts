import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDigest } from '../../../src/core/image/digest.ts';
import { PullBudget } from '../../../src/oci/registry/pull-budget.ts';
import { parseRateLimit } from '../../../src/oci/registry/rate-limit.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { image, layer } from '../../support/image-builder.ts';
import { testClient } from '../../support/registry-client.ts';

const headers = (values: Record<string, string>) => ({ get: (name: string) => values[name] ?? null });

it.each([
  [
    { 'ratelimit-limit': '100;w=21600', 'ratelimit-remaining': '97;w=21600' },
    { limit: 100, remaining: 97 },
  ],
  [
    { 'ratelimit-limit': '0', 'ratelimit-remaining': '0' },
    { limit: 0, remaining: 0 },
  ],
  [{ 'ratelimit-remaining': '97' }, undefined],
  [{ 'ratelimit-limit': '100' }, undefined],
  [{ 'ratelimit-limit': 'many', 'ratelimit-remaining': 'some' }, undefined],
  [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '-5' }, undefined],
])('parseRateLimit(%j) is %j', (given, expected) => {
  expect(parseRateLimit(headers(given))).toEqual(expected);
});

describe('PullBudget', () => {
  it('is without limit until one is named', () => {
    const budget = new PullBudget();
    expect([budget.affordable, budget.take(), budget.affordable]).toEqual([undefined, true, undefined]);
  });

  it('leaves a fifth of what was left', () => {
    const budget = new PullBudget();
    budget.note({ limit: 100, remaining: 10 });
    expect(Array.from({ length: 10 }, () => budget.take()).filter(Boolean)).toHaveLength(8);
    expect(budget.affordable).toBe(0);
  });

  it('follows what others take meanwhile, and never grows', () => {
    const budget = new PullBudget();
    budget.note({ limit: 100, remaining: 50 });
    expect(budget.affordable).toBe(40);
    budget.note({ limit: 100, remaining: 5 });
    expect(budget.affordable).toBe(5);
    budget.note({ limit: 100, remaining: 100 });
    expect(budget.affordable).toBe(5);
  });

  it('is nothing when nothing is left', () => {
    const budget = new PullBudget();
    budget.note({ limit: 0, remaining: 0 });
    expect([budget.affordable, budget.take()]).toEqual([0, false]);
  });
});

describe('a registry with a limit', () => {
  let registry: FakeRegistry;
  const images = Array.from({ length: 5 }, (_, n) => image({ layers: [layer({ name: `${n}` })] }));
  beforeEach(async () => {
    registry = await startFakeRegistry();
    for (const [n, one] of images.entries()) registry.putManifest('app', one.manifest, `${n}`);
  });
  afterEach(() => registry.close());
  const repository = () => ({ registry: registry.host, repository: 'app' });
  const answer = (status: number, given: Record<string, string>, body = ''): void => {
    registry.intercept = (request, response) => {
      response.writeHead(status, given).end(request.method === 'HEAD' ? undefined : body);
      return true;
    };
  };

  it('gets no more manifest GETs than fit, and HEADs all the same', async () => {
    registry.intercept = (_, response) => {
      response.setHeader('ratelimit-limit', '100;w=21600').setHeader('ratelimit-remaining', '3;w=21600');
      return false;
    };
    const { client, http } = testClient();
    expect(client.affordable(registry.host)).toBeUndefined();
    for (const n of [0, 1, 2, 3, 4]) expect(await client.look(repository(), `${n}`)).toMatchObject({ kind: 'found' });
    expect(client.affordable(registry.host)).toBe(2);
    const results = await Promise.allSettled(
      images.map((one) => client.document(repository(), parseDigest(one.manifest.digest))),
    );
    expect(results.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      ...Array(3).fill('rejected'),
    ]);
    const refused = results.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({
      code: 'REGISTRY',
      problem: 'budget',
      message: `not asked: ${registry.host} says that 3 pulls are left, and this run leaves some of them to others`,
    });
    expect(client.affordable(registry.host)).toBe(0);
    expect(http.cost.countedPulls).toBe(2);
    expect(http.cost.rateLimit.get(registry.host)).toEqual({ limit: 100, remaining: 3 });
  });

  it('of nothing gets no manifest GET at all', async () => {
    registry.intercept = (_, response) => {
      response.setHeader('ratelimit-limit', '0').setHeader('ratelimit-remaining', '0');
      return false;
    };
    const { client } = testClient();
    await client.look(repository(), '0');
    await expect(client.document(repository(), parseDigest(images[0]!.manifest.digest))).rejects.toMatchObject({
      problem: 'budget',
    });
    expect(registry.log.map(({ method }) => method)).toEqual(['HEAD']);
  });

  const json = { 'content-type': 'application/json', 'retry-after': '3600' };
  const toomany = (message: string): string => JSON.stringify({ errors: [{ code: 'TOOMANYREQUESTS', message }] });
  it.each([
    [
      'the limit of an address',
      toomany('You have reached your unauthenticated pull rate limit. https://…'),
      'the pull limit of this address is used up; log in with "docker login" for a limit of your own, or try again in 3600 s',
    ],
    [
      'the limit of an account',
      toomany('You have reached your pull rate limit as ann. You may increase …'),
      'the pull limit of the account is used up; try again in 3600 s',
    ],
    ['another limit', toomany('Rate exceeded'), 'too many requests; try again in 3600 s, lower "concurrency"'],
  ])('says %s', async (_name, body, sentence) => {
    registry.intercept = (request, response) => {
      if (request.method === 'HEAD') response.writeHead(405).end();
      else response.writeHead(429, json).end(body);
      return true;
    };
    const look = await testClient().client.look(repository(), '0');
    expect(look).toMatchObject({ kind: 'unknown', problem: { code: 'registry-rate-limited' } });
    expect((look as { problem: { message: string } }).problem.message).toContain(sentence);
  });

  it('tells a used up limit from a HEAD by its headers', async () => {
    answer(429, { ...json, 'ratelimit-limit': '10', 'ratelimit-remaining': '0' });
    expect(await testClient().client.look(repository(), '0')).toMatchObject({
      problem: { message: expect.stringContaining('the pull limit is used up; try again in 3600 s') },
    });
  });

  it('is left alone for as long as it asks', async () => {
    answer(429, { 'retry-after': '3600' });
    const { client } = testClient();
    await client.look(repository(), '0');
    const later = await client.look(repository(), '1');
    expect(later).toMatchObject({
      kind: 'unknown',
      problem: {
        code: 'registry-rate-limited',
        message: expect.stringMatching(/wants to be left alone for another 3\d{3} s/),
      },
    });
    expect(registry.log).toHaveLength(1);
  });
});
