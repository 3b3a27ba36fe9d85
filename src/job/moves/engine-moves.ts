/*
 * src/job/moves/
 *
 * Moving what runs. judge-redeploys.ts asks of everything that is behind whether it may be moved, redeploys.ts is what a run
 * does with that, redeploy-by-hand.ts and rollback-by-hand.ts are what a person asks for. This file has one move: written down before it
 * begins, done by the engine's hands, and ended where a process died in between.
 * Begin here, then redeploys.ts.
 */

import type { Digest } from '../../core/image/digest.ts';
import { referenceKey } from '../../core/image/reference.ts';
import type { Logger } from '../../core/logger.ts';
import type { Workload } from '../../core/place.ts';
import type { RedeployOutcome } from '../../core/redeploy.ts';
import type { Clock } from '../../core/time/clock.ts';
import type {
  EngineHands,
  RedeployOutcome as Handed,
  RedeployHooks,
  RedeployPlan,
  RedeployWish,
} from '../../engines/engine-hands.ts';
import type { CredentialSource } from '../../oci/credentials/credentials.ts';
import { registryAuth } from '../../oci/credentials/registry-auth.ts';
import type { Act, Acts } from '../../state/acts.ts';
import type { EngineWish, OpenHands } from '../engines.ts';
import type { RedeployCandidate } from './judge-redeploys.ts';

/** What moving workloads needs beside the engines. */
export interface MoveDependencies {
  readonly open: (wish: EngineWish) => Promise<OpenHands>;
  readonly acts: Acts;
  readonly clock: Clock;
  readonly credentials: CredentialSource;
  readonly logger: Logger;
  /** Is the process asked to end? */
  readonly stopping: () => boolean;
  /** Work that a signal waits for. */
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What a person said yes to, beside the judgement. */
export type EvenIf = RedeployWish['even'];

/** A move as its engine is asked for it. */
export function wishOf(
  {
    workload,
    reference,
    to,
    newImage,
    how,
  }: Pick<RedeployCandidate, 'workload' | 'reference' | 'to' | 'newImage' | 'how'>,
  keepOld: number,
  even: EvenIf = new Set(),
): RedeployWish {
  return {
    workload: workload.name,
    kind: workload.kind === 'service' ? 'service' : 'container',
    reference,
    to,
    ...(newImage && { newImage }),
    ...(how.gate && { gate: how.gate }),
    gateTimeout: how.gateTimeout,
    keepOld: keepOld / 1000,
    dependsOn: how.dependsOn,
    even: how.volumes ? new Set([...even, 'volumes' as const]) : even,
  };
}

/** What an engine hears of the world while it is at it. */
export function hooksOf(
  { credentials, stopping, clock }: Pick<MoveDependencies, 'credentials' | 'stopping' | 'clock'>,
  wantsLog = false,
): RedeployHooks {
  return {
    now: clock.now(),
    stopping,
    wantsLog,
    credentials: async ({ registry, repository }) => {
      const login = await credentials(registry, repository);
      return login && registryAuth(login, registry);
    },
  };
}

/** Moves one workload; what is to be done is written down before, and what came of it after. */
export async function moveOne(
  candidate: RedeployCandidate,
  wish: RedeployWish,
  hands: EngineHands,
  deps: MoveDependencies & { readonly wantsLog?: boolean },
): Promise<{ readonly outcome: RedeployOutcome; readonly log: readonly string[] }> {
  const { acts, clock } = deps;
  const planned = await hands.plan(wish);
  if (planned.is === 'refused')
    return { outcome: outcomeOf(candidate, { outcome: 'refused', reason: planned.reason }), log: [] };
  if (planned.is === 'current') return { outcome: outcomeOf(candidate, { outcome: 'current' }), log: [] };
  return deps.uninterrupted(async () => {
    const { id, workload, reference, from, to, class: kind } = candidate;
    const at = clock.now();
    const number = await acts.begin({
      id,
      workload,
      reference: referenceKey(reference),
      from,
      to,
      at,
      class: kind,
    });
    const handed = await hands.redeploy(planned.plan, hooksOf(deps, deps.wantsLog));
    const outcome = outcomeOf(candidate, handed);
    if (handed.outcome !== 'unfinished') {
      await acts.end(number, { outcome: handed.outcome, reason: outcome.reason, at: clock.now() });
    }
    return { outcome, log: handed.log ?? [] };
  });
}

/** As reports have it. */
export function outcomeOf(
  {
    workload,
    from,
    to,
  }: { readonly workload: Workload; readonly from: Digest | null; readonly to: { readonly root: Digest | null } },
  handed: Pick<Handed, 'outcome' | 'reason' | 'gate' | 'downtimeMs'>,
): RedeployOutcome {
  return {
    workload,
    from,
    to: to.root,
    outcome: handed.outcome,
    reason: handed.reason ?? usual[handed.outcome],
    gate: handed.gate ?? null,
    downtimeMs: handed.downtimeMs ?? null,
  };
}

/** What would be done, as reports have it. */
export function plannedOutcome(
  who: Parameters<typeof outcomeOf>[0],
  { gate }: Pick<RedeployPlan, 'gate'>,
): RedeployOutcome {
  const reason = 'nothing was changed';
  if (gate !== undefined)
    return {
      ...outcomeOf(who, { outcome: 'current', reason, gate: { ...gate, verdict: 'not reached' } }),
      outcome: 'planned',
    };
  const unknown = 'its gate hangs on the healthcheck of the new image, which is known once that is pulled';
  return { ...outcomeOf(who, { outcome: 'current', reason: `${reason}; ${unknown}` }), outcome: 'planned' };
}

const usual: Readonly<Record<Handed['outcome'], string>> = {
  moved: 'it passed its gate',
  current: 'it runs that digest already',
  undone: 'the new one did not come up',
  refused: 'its engine refused',
  unfinished: 'the engine was lost on the way; the next run, or "plimsoll repair", ends it',
};

/** Ends what a process that died left in between, on the engine and in the state. */
export async function repairEngine(
  engine: Pick<EngineWish, 'name' | 'asked'>,
  hands: EngineHands,
  deps: MoveDependencies,
): Promise<readonly RedeployOutcome[]> {
  const left = await hands.unfinished();
  if (left.length === 0) return [];
  return deps.uninterrupted(async () => {
    const repaired = await hands.repair(hooksOf(deps));
    const open = (await deps.acts.list(actsLookedAt)).filter(
      // One without a name is called as its host is, which only a look tells.
      ({ ended, workload }) => ended === undefined && (engine.name ?? workload.engine) === workload.engine,
    );
    const outcomes: RedeployOutcome[] = [];
    for (const one of repaired) {
      const act = open.find(({ workload }) => workload.name === one.workload);
      const workload = act?.workload ?? { engine: engine.name ?? engine.asked, kind: 'container', name: one.workload };
      const to = act?.to.root ?? one.to;
      if (to === null) {
        deps.logger.warn(`${engine.name ?? engine.asked}/${one.workload}: ${one.reason ?? usual[one.outcome]}`);
        continue;
      }
      const outcome = outcomeOf({ workload, from: one.from ?? act?.from ?? null, to: { root: to } }, one);
      if (act !== undefined && one.outcome !== 'unfinished') {
        await deps.acts.end(act.number, { outcome: one.outcome, reason: outcome.reason, at: deps.clock.now() });
      }
      outcomes.push(outcome);
    }
    return outcomes;
  });
}

/** More than one process can have left open. */
export const actsLookedAt = 1000;

/**
 * Acts that nobody ended, of processes that died before or after all they did on the engine: what runs says which. Nothing of
 * that is news: either nothing was changed, or what was changed is told as moved.
 */
export async function endLostActs(
  running: ReadonlyMap<string, Digest>,
  engine: string,
  { acts, clock }: Pick<MoveDependencies, 'acts' | 'clock'>,
): Promise<void> {
  const open = (await acts.list(actsLookedAt)).filter(
    ({ ended, workload }) => ended === undefined && workload.engine === engine,
  );
  for (const act of open) {
    const isMoved = isOf(act, running.get(act.workload.name));
    const at = clock.now();
    if (isMoved)
      await acts.end(act.number, {
        outcome: 'moved',
        reason: 'it was found running after the process that moved it had died',
        at,
      });
    else {
      await acts.end(act.number, {
        outcome: 'unfinished',
        reason: 'the process that moved it died, and what it was to be moved to does not run',
        at,
      });
      await acts.told([act.number], at);
    }
  }
}

function isOf({ to }: Act, digest: Digest | undefined): boolean {
  return digest !== undefined && (digest === to.root || digest === to.manifest);
}
