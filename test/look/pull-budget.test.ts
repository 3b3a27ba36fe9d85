import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, push, runOn } from '../support/fleet.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());
afterEach(() => {
  registry.intercept = undefined;
});

/** Docker Hub's headers, on every answer; it counts manifest GETs. */
function limit(all: number, remaining: number): void {
  let left = remaining;
  registry.intercept = (request, response) => {
    if (request.method === 'GET' && request.url?.includes('/manifests/')) left--;
    response.setHeader('ratelimit-limit', `${all};w=21600`);
    response.setHeader('ratelimit-remaining', `${left};w=21600`);
    return false;
  };
}

/** Images whose tags moved, each pinned to what it was. */
function dockerfile(number: number): string {
  return Array.from({ length: number }, (_, n) => {
    const pin = push(registry, `app-${n}`, debianImage({ libc6: '1', own: `${n}` }));
    push(registry, `app-${n}`, debianImage({ libc6: '2', own: `${n}` }), '1');
    return `FROM ${registry.host}/app-${n}:1@${pin}\n`;
  }).join('');
}

describe('when pulls run out', () => {
  it('what does not fit waits, is said once per registry with the run it waits for, and nothing is called resolved', async () => {
    limit(100, 6);
    const { record } = await runOn({ files: { Dockerfile: dockerfile(6) } });
    const held = record.findings.filter((one) => one.held?.reason === 'budget');
    expect(held.length).toBeGreaterThan(0);
    expect(held.length).toBeLessThan(6);
    expect(record.summary.deferred).toBe(held.length);
    expect(record.summary.needsRebuild).not.toBe(false);
    const lines = record.problems.filter(({ code }) => code === 'budget');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ subject: registry.host });
    expect(lines[0]?.message).toMatch(
      /^\d images wait for pulls: \S+ says that \d of 100 are left; looked into in the next run /,
    );
    expect(record.cost.countedPulls).toBeLessThanOrEqual(6);
  });

  it('a limit of nothing is no reason to stop asking what the tags name', async () => {
    limit(1, 0);
    const { record } = await runOn({ files: { Dockerfile: dockerfile(4) } });
    expect(record.findings.map(({ held }) => held?.reason)).toEqual(['budget', 'budget', 'budget', 'budget']);
    expect(record.problems.filter(({ code }) => code === 'budget')[0]?.message).toContain('4 images wait for pulls');
    expect(record.problems.filter(({ code }) => code === 'budget')[0]?.message).toContain('in the next 4 runs');
  });

  it('enough of them is nothing to speak of', async () => {
    limit(100, 100);
    const { record } = await runOn({ files: { Dockerfile: dockerfile(4) } });
    expect(record.findings.map((one) => one.class)).toEqual(['packages', 'packages', 'packages', 'packages']);
    expect(record.problems).toEqual([]);
  });
});
