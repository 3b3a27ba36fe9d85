import { describe, expect, it } from 'vitest';
import { Breaker } from '../../src/http/breaker.ts';
import { HttpClient } from '../../src/http/http-client.ts';

describe('Breaker', () => {
  const failing = (times: number): { breaker: Breaker; later: (ms: number) => void } => {
    let now = 0;
    const breaker = new Breaker(() => now);
    breaker.answered();
    for (let i = 0; i < times; i++) breaker.failed('connection refused');
    const later = (ms: number): void => {
      now += ms;
    };
    return { breaker, later };
  };

  it('lets everybody through until five failures in a row', () => {
    expect(failing(4).breaker.refusal()).toBeUndefined();
    expect(failing(5).breaker.refusal()).toBe(
      'not asked, because the host did not answer 5 times in a row (connection refused)',
    );
  });

  it('waits for three only when the host has never answered', () => {
    const breaker = new Breaker();
    breaker.failed('connection refused');
    breaker.failed('connection refused');
    expect(breaker.refusal()).toBeUndefined();
    breaker.failed('connection refused');
    expect(breaker.refusal()).toContain('3 times in a row');
  });

  it('starts anew with every answer', () => {
    const { breaker } = failing(4);
    breaker.answered();
    breaker.failed('x');
    expect(breaker.refusal()).toBeUndefined();
  });

  it('lets one through after half a minute, and everybody once that one was answered', () => {
    const { breaker, later } = failing(5);
    later(29_999);
    expect(breaker.refusal()).toBeDefined();
    later(1);
    expect([breaker.refusal(), breaker.refusal()]).toEqual([undefined, expect.any(String)]);
    breaker.failed('no such host');
    expect(breaker.refusal()).toContain('no such host');
    later(30_000);
    expect(breaker.refusal()).toBeUndefined();
    breaker.answered();
    expect([breaker.refusal(), breaker.refusal()]).toEqual([undefined, undefined]);
  });

  it('lets everybody through when another run begins, but not at once after the last failure', () => {
    const { breaker, later } = failing(5);
    later(29_999);
    breaker.begin();
    expect(breaker.refusal()).toBeDefined();
    later(1);
    breaker.begin();
    expect([breaker.refusal(), breaker.refusal()]).toEqual([undefined, undefined]);
  });

  it('lets another one through when the first says nothing about the host', () => {
    const { breaker, later } = failing(5);
    later(30_000);
    breaker.refusal();
    breaker.undecided();
    expect(breaker.refusal()).toBeUndefined();
  });
});

it('a thousand requests to a host that is down cost a handful', async () => {
  const waits: number[] = [];
  const client = new HttpClient({ userAgent: 'test', sleep: async (milliseconds) => void waits.push(milliseconds) });
  const results = await Promise.allSettled(
    Array.from({ length: 1000 }, (_, n) => {
      const url = new URL(`http://127.0.0.1:1/${n}`);
      return client.request({ method: 'HEAD', url, destination: 'registry', reach: 'loopback' });
    }),
  );
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']));
  expect(client.cost.registry.requests).toBeLessThan(20);
  expect(String((results.at(-1) as PromiseRejectedResult).reason.message)).toMatch(
    /^HEAD http:\/\/127\.0\.0\.1:1\/999: not asked, because the host did not answer \d+ times in a row \(connection refused\)$/,
  );
  expect(waits).toEqual([]);
});
