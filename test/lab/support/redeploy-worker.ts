import { parseReference } from '../../../src/core/image/reference.ts';
import { docker } from '../../../src/engines/docker/docker.ts';
import type { RedeployHooks, RedeployWish } from '../../../src/engines/engine-hands.ts';

/*
 * A process that moves one container, or repairs, and prints what came of it; it is there to be killed:
 * node redeploy-worker.ts ADDRESS redeploy NAME REFERENCE DIGEST, or ADDRESS repair.
 */

const [, , url = '', what = '', workload = '', reference = '', digest = ''] = process.argv;
const engine = docker.connect(
  { url, from: 'the lab' },
  { userAgent: 'lab', signal: new AbortController().signal },
  'redeploy',
);
const { hands } = engine;
if (hands === undefined) throw new Error('no hands');
const hooks: RedeployHooks = {
  now: Date.now(),
  stopping: () => false,
  credentials: async () => undefined,
  wantsLog: false,
};
if (what === 'repair') process.stdout.write(JSON.stringify(await hands.repair(hooks)));
else {
  const wish: RedeployWish = {
    workload,
    kind: 'container',
    reference: parseReference(reference),
    to: { root: digest, manifest: digest } as RedeployWish['to'],
    gate: { kind: 'running', seconds: 1 },
    gateTimeout: 600,
    keepOld: 3600,
    dependsOn: [],
    even: new Set(),
  };
  const planned = await hands.plan(wish);
  process.stdout.write(JSON.stringify(planned.is === 'plan' ? await hands.redeploy(planned.plan, hooks) : planned));
}
engine.close();
