import { expect, it } from 'vitest';
import { Gate } from '../../src/http/gate.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('lets in as many as it is wide, the others in their order', async () => {
  const gate = new Gate(2);
  const inside: number[] = [];
  for (let i = 0; i < 6; i++) void gate.enter().then(() => inside.push(i));
  await turn();
  expect(inside).toEqual([0, 1]);
  gate.leave();
  await turn();
  expect(inside).toEqual([0, 1, 2]);
  // Who comes late does not overtake.
  void gate.enter().then(() => inside.push(9));
  for (let i = 0; i < 4; i++) gate.leave();
  await turn();
  expect(inside).toEqual([0, 1, 2, 3, 4, 5, 9]);
});

it('lets in again when everybody has left', async () => {
  const gate = new Gate(1);
  for (let i = 0; i < 3; i++) {
    await gate.enter();
    gate.leave();
  }
});

it('turns everybody away who waits for a run when its signal comes, and nobody else', async () => {
  const stop = new AbortController();
  const gate = new Gate(1);
  await gate.enter(stop.signal);
  const waiting = [gate.enter(stop.signal), gate.enter(stop.signal)];
  const other = gate.enter();
  stop.abort(new Error('over'));
  expect(await Promise.allSettled(waiting)).toMatchObject([
    { reason: { message: 'over' } },
    { reason: { message: 'over' } },
  ]);
  await expect(gate.enter(stop.signal)).rejects.toThrow('over');
  gate.leave();
  await other;
  await expect(gate.enter(stop.signal)).rejects.toThrow('over');
});
