import type { Digest } from '../../core/image/digest.ts';
import { referenceKey } from '../../core/image/reference.ts';
import type { RedeployOutcome } from '../../core/redeploy.ts';
import { forAnyClass, redeployRule } from '../../verdict/policy.ts';
import { howOf } from '../../verdict/redeploy-law.ts';
import {
  actsLookedAt,
  type EvenIf,
  hooksOf,
  type MoveDependencies,
  outcomeOf,
  plannedOutcome,
} from './engine-moves.ts';
import { described } from './judge-redeploys.ts';
import { asFinding, type NamedWorkload } from './redeploy-by-hand.ts';

/**
 * Moves workloads back to what they ran before, by the same swap; what they run now is marked as failed, and is not tried
 * again anywhere before somebody says so.
 */
export async function rollbackByHand(
  named: readonly NamedWorkload[],
  { even, dryRun }: { readonly even: EvenIf; readonly dryRun: boolean },
  deps: MoveDependencies,
): Promise<readonly RedeployOutcome[]> {
  const outcomes: RedeployOutcome[] = [];
  for (const { scope, wish, workload } of named) {
    const from = workload.image.is === 'known' ? workload.image.running.root : null;
    const who = { workload: described(scope.name, workload), from };
    const opened = await deps.open(wish);
    try {
      const { hands } = opened;
      const kept = (await hands.kept()).find((one) => one.workload === workload.name);
      const to = { root: kept?.digest ?? null };
      const images = { before: undefined, after: undefined };
      const how = howOf(
        { workload, images },
        redeployRule(asFinding(workload, scope.name, from), forAnyClass(scope.policy)),
      );
      const planned = await hands.planRollback({
        workload: workload.name,
        ...(how.gate && { gate: how.gate }),
        gateTimeout: how.gateTimeout,
        keepOld: (wish.redeploy?.keepOld ?? 0) / 1000,
        dependsOn: how.dependsOn,
        even: new Set([...even, 'volumes']),
      });
      if (planned.is !== 'plan') {
        const reason = planned.is === 'refused' ? planned.reason : 'it runs what it ran before already';
        outcomes.push(outcomeOf({ ...who, to }, { outcome: planned.is, reason }));
        continue;
      }
      if (dryRun) {
        outcomes.push(plannedOutcome({ ...who, to: { root: planned.plan.to.root } }, planned.plan));
        continue;
      }
      outcomes.push(
        await deps.uninterrupted(async () => {
          const handed = await hands.redeploy(planned.plan, hooksOf(deps));
          if (handed.outcome === 'moved')
            await markFailed(workload.key ?? '', { ...who, reference: workload.reference }, deps);
          const { root } = planned.plan.to;
          return outcomeOf(
            { ...who, to: { root } },
            { ...handed, ...(handed.outcome === 'moved' && { reason: 'it runs again what it ran before' }) },
          );
        }),
      );
    } finally {
      opened.close();
    }
  }
  return outcomes;
}

/** What was left is remembered as what did not do, where it was moved to by us or by anybody. */
async function markFailed(
  id: string,
  {
    workload,
    from,
    reference,
  }: { workload: RedeployOutcome['workload']; from: Digest | null; reference: NamedWorkload['workload']['reference'] },
  { acts, clock }: MoveDependencies,
): Promise<void> {
  if (from === null) return;
  const at = clock.now();
  const [act] = (await acts.list(actsLookedAt)).filter(
    (one) => one.id === id && one.to.root === from && one.outcome === 'moved',
  );
  const number =
    act?.number ??
    (await acts.begin({
      id,
      workload,
      reference: reference === undefined ? '' : referenceKey(reference),
      from: null,
      to: { root: from, manifest: from },
      at,
      class: '',
    }));
  await acts.end(number, { outcome: 'rolled-back', reason: 'a person took it back', at });
  await acts.told([number], at);
}
