import { describe, expect, it } from 'vitest';
import type { Behaviour } from '../../../support/engine/docker-model.ts';
import type { Break } from '../../../support/engine/fake-docker.ts';
import { type Scene, standingOf, startScene } from '../../../support/engine/swap-scene.ts';
import { fc, isLong } from '../../../support/fast-check.ts';

/*
 * A swap is ended at every request, before and after the daemon has done it, by the end of the process or of the daemon; then
 * one repair has to leave exactly one healthy workload of that name, on the same volumes, and nothing in between.
 */

interface Case {
  readonly behaviour: Behaviour;
  readonly compose: boolean;
  readonly rebooted: boolean;
  readonly restart?: string;
}

async function ended({ behaviour, compose, restart }: Case, breakAt: Break | undefined): Promise<Scene> {
  const scene = await startScene({ behaviour, compose, ...(restart && { restart }) });
  const plan = await scene.plan();
  scene.fake.breakAt = breakAt;
  const { outcome } = await scene.hands.redeploy(plan, scene.hooks());
  if (scene.fake.isBroken) expect(outcome).toMatch(/unfinished|refused/);
  return scene;
}

async function requests(one: Case): Promise<number> {
  const scene = await startScene(one);
  const plan = await scene.plan();
  const before = scene.fake.log.length;
  await scene.hands.redeploy(plan, scene.hooks());
  const count = scene.fake.log.length - before;
  await scene.close();
  return count;
}

async function checked(scene: Scene, before: ReturnType<typeof standingOf>, one: Case, what: string): Promise<void> {
  const after = standingOf(scene);
  expect(scene.fake.model.violations, what).toEqual([]);
  expect(after.running, what).toEqual(['web']);
  expect(after.volumes, what).toEqual(before.volumes);
  expect(after.policy, what).toBe(before.policy);
  expect(after.tag, what).toBe(after.digest);
  if (one.behaviour !== 'good') expect(after.digest, what).toBe('older');
  const beside = one.compose ? [] : after.digest === 'newer' ? ['web.plimsoll-kept'] : ['web.plimsoll-failed'];
  expect(['web', ...beside], what).toEqual(expect.arrayContaining([...after.names]));
  expect(await scene.another().unfinished(), what).toEqual([]);
}

const behaviours: readonly Behaviour[] = ['good', 'sick', 'crashing', 'unstartable'];
const cases: Case[] = behaviours.flatMap((behaviour) =>
  [false, true].flatMap((compose) => [false, true].map((rebooted) => ({ behaviour, compose, rebooted }))),
);
let tried = 0;

describe('a swap that is ended', () => {
  it.each(cases)('at any request: $behaviour, compose: $compose, rebooted: $rebooted', async (one) => {
    const count = await requests(one);
    expect(count).toBeGreaterThan(15);
    for (let at = 1; at <= count; at++) {
      for (const when of ['before', 'after'] as const) {
        const what = `ended ${when} request ${at} of ${count}`;
        const fresh = await startScene(one);
        const before = standingOf(fresh);
        await fresh.close();
        const scene = await ended(one, { at, when });
        scene.fake.mend(one);
        // What was on its way to the daemon's end is not repeated by anybody but a new process.
        const hands = scene.another();
        const told = await hands.unfinished();
        expect(
          told.filter(({ hands: word }) => word === 'off'),
          what,
        ).toEqual([]);
        await hands.repair(scene.hooks());
        await checked(scene, before, one, what);
        tried++;
        await scene.close();
      }
    }
  });

  it('was tried in more than two hundred ways', () => {
    expect(tried).toBeGreaterThan(200);
  });

  it('and whose repair is ended, too, is repaired by the next', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          behaviour: fc.constantFrom(...behaviours),
          compose: fc.boolean(),
          rebooted: fc.boolean(),
          restart: fc.constantFrom('no', 'always', 'unless-stopped', 'on-failure'),
        }),
        fc.array(fc.record({ at: fc.integer({ min: 1, max: 30 }), when: fc.constantFrom('before', 'after') }), {
          minLength: 1,
          maxLength: 4,
        }),
        async (one, breaks) => {
          const fresh = await startScene(one);
          const before = standingOf(fresh);
          await fresh.close();
          const [first, ...others] = breaks as Break[];
          const scene = await ended(one, first);
          scene.fake.mend(one);
          for (const next of others) {
            scene.fake.breakAt = next;
            await scene
              .another()
              .repair(scene.hooks())
              .catch(() => undefined);
            scene.fake.mend(one);
          }
          await scene.another().repair(scene.hooks());
          // A policy that starts nothing after a reboot leaves nothing to run, swap or not.
          if (!(one.rebooted && ['no', 'on-failure'].includes(one.restart)))
            await checked(scene, before, one, JSON.stringify({ one, breaks }));
          await scene.close();
        },
      ),
      { numRuns: isLong ? 3000 : 100 },
    );
  });
});
