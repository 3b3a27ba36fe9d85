import { expect, it } from 'vitest';
import { Gate } from '../../src/http/gate.ts';
import { Host, HostOfRun } from '../../src/http/host.ts';
import { Pace } from '../../src/http/pace.ts';

it('a pace spreads requests over time, and gives unused time back to nobody', () => {
  let now = 0;
  const pace = new Pace(10, () => now);
  expect([pace.take(), pace.take(), pace.take()]).toEqual([0, 100, 200]);
  now = 1000;
  expect([pace.take(), pace.take()]).toEqual([0, 100]);
});

it('a pace without a rate holds nobody up, except while the host wants quiet', () => {
  let now = 0;
  const pace = new Pace(undefined, () => now);
  expect([pace.take(), pace.take()]).toEqual([0, 0]);
  pace.quiet(500);
  expect([pace.take(), pace.take()]).toEqual([500, 500]);
  now = 500;
  expect(pace.take()).toBe(0);
});

it('second attempts are a share of the first', () => {
  const host = new HostOfRun(new Host(new Gate(8), new Pace(undefined)));
  const granted = (): number => Array.from({ length: 1000 }, () => host.retry()).filter(Boolean).length;
  expect(granted()).toBe(30);
  for (let i = 0; i < 600; i++) host.asked();
  expect(granted()).toBe(240);
});

it('another run has its own patience with a host, in the same row', () => {
  const shared = new Host(new Gate(8), new Pace(undefined));
  const [first, second] = [new HostOfRun(shared), new HostOfRun(shared)];
  for (let i = 0; i < 3; i++) first.slow();
  expect(first.refusal()).toBe('not asked any more, because 3 of its answers came too slowly to be waited for');
  expect(second.refusal()).toBeUndefined();
  expect([first.quiet(120_000), first.quiet(240_000), second.quiet(60_000)]).toEqual([true, false, true]);
});
