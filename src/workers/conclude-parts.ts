import type { Problem } from '../core/problem.ts';
import type { RedeployOutcome } from '../core/redeploy.ts';
import type { CostReport } from '../core/run-record.ts';
import { timestamp } from '../core/time/clock.ts';
import type { ForgeType } from '../forges/forge-type.ts';
import { forges } from '../forges/index.ts';
import { type Proposed, withProposed } from '../job/act.ts';
import { requestOver } from '../job/assemble.ts';
import type { Looked } from '../job/look-at-scopes.ts';
import { withRedeploys } from '../job/moves/redeploys.ts';
import { type Conclusion, concluded } from '../job/run.ts';
import type { EndedPart } from '../state/postgres/shared-run.ts';
import { joinedCost, joinedLooked, lookedFrom } from './looked-text.ts';
import { fromPartText } from './part-text.ts';
import type { AskedBuilders, BuildersWork, Judged, JudgeWork, Reading, Scanned } from './part-work.ts';
import { scopeNames } from './scopes.ts';
import { openForge, type PartSetup } from './worker-setup.ts';

/** All parts of a run together, as if one process had made it. */
export async function concludedParts(
  setup: PartSetup,
  { isPlanning }: { readonly isPlanning: boolean },
): Promise<Conclusion> {
  const { config, run, runs, store, parts } = setup;
  // Only whoever is asked for rebuilds is reached through one: who finishes a run needs no login for any.
  const opened = isPlanning ? await Promise.all(config.forges.map((_, index) => openForge(setup, index))) : [];
  const [scanned, resolved, inspected, judged, acted] = await Promise.all(
    (['scan', 'look', 'inspect', 'judge', 'act'] as const).map((phase) => runs.ended(run.number, phase)),
  );
  const lists = new Map<string, unknown>();
  const all = [...(judged ?? []), ...(acted ?? [])].flatMap(({ work, result }) =>
    result === undefined || isBuilders(work) ? [] : [fromPartText<Judged>(result, lists)],
  );
  const looked = joinedLooked(
    timestamp(run.now),
    all.map((one) => lookedFrom(one.looked, opened, config.published)),
  );
  const costs = [
    looked.cost,
    ...(scanned ?? []).flatMap(({ result }) => (result === undefined ? [] : [fromPartText<Scanned>(result).cost])),
    ...[...(resolved ?? []), ...(inspected ?? [])].flatMap(({ result }) =>
      result === undefined ? [] : [fromPartText<CostReport>(result)],
    ),
  ];
  const failed = [...(scanned ?? []), ...(judged ?? []), ...(acted ?? [])].flatMap((one) => failures(one, setup));
  const whole: Looked = { ...looked, cost: joinedCost(costs), problems: [...looked.problems, ...failed] };
  const { rebuilds } = requestOver({ trees: [] }, config, store, run.now);
  const conclusion = await concluded(
    whole,
    { ...(isPlanning && rebuilds && { rebuilds }), ...(run.targeted && { targeted: run.targeted }) },
    parts.run,
  );
  const redeploys = all.flatMap((one): readonly RedeployOutcome[] => one.redeploys ?? []);
  const proposed = all.flatMap((one): readonly Proposed[] => one.proposed);
  const said = withProposed(withRedeploys(conclusion, redeploys), proposed, config.forges.map(presentationOf));
  return withBuilders(said, acted ?? []);
}

/** What a part that failed was to read is not read, and nothing that is known of it ends. */
function failures({ work, reason, phase }: EndedPart, setup: PartSetup): readonly Problem[] {
  if (reason === undefined || work === '') return [];
  const whole = fromPartText<Reading | JudgeWork | BuildersWork>(work);
  if ('kind' in whole && whole.kind === 'builders')
    return [{ code: 'run-failed', message: `no rebuilds were asked for: ${reason}`, subject: 'rebuilds' }];
  const reading = 'reading' in whole ? whole.reading : (whole as Reading);
  const message = `its part of the phase ${phase} came to no end: ${reason}`;
  return scopeNames(reading, setup).map((subject) => ({ code: 'part-failed', message, subject }));
}

function isBuilders(work: string): boolean {
  return work.startsWith('{"kind":"builders"');
}

function presentationOf({ type }: { readonly type: string }): Pick<ForgeType, 'present'> {
  return forges.find((one) => one.type === type) as ForgeType;
}

/** Findings about published images as they stood when whoever builds had been asked. */
function withBuilders(conclusion: Conclusion, acted: readonly EndedPart[]): Conclusion {
  const asked = acted.find(({ work, result }) => isBuilders(work) && result !== undefined);
  if (asked?.result === undefined) return conclusion;
  const { findings, reports, chains } = fromPartText<AskedBuilders>(asked.result);
  const known = new Map(findings.map((one) => [`${one.id} ${one.class}`, one]));
  const { record, rebuilds } = conclusion;
  return {
    ...conclusion,
    rebuilds: { ...rebuilds, chains },
    record: {
      ...record,
      findings: record.findings.map((one) => known.get(`${one.id} ${one.class}`) ?? one),
      ...(reports.length > 0 && { rebuilds: reports }),
    },
  };
}
