import type { Config } from '../config/config.ts';
import type { Problem } from '../core/problem.ts';
import type { ProposalOutcome } from '../core/proposal.ts';
import { batchPeriod, type When } from '../core/time/batch.ts';
import type { Forge } from '../forges/forge.ts';
import { formatBaseline } from '../notify/delivery-plan.ts';
import type { Snooze } from '../state/snoozes.ts';
import type { Store } from '../state/store.ts';
import { propose, withProposals } from '../targets/proposals/propose.ts';
import type { ProposeDependencies } from '../targets/proposals/propose-settings.ts';
import { readDashboards, writeDashboards } from '../targets/proposals/write-dashboards.ts';
import { withForge } from './cost-report.ts';
import type { Conclusion, RunResult } from './run.ts';

/** What proposing needs of the configuration; with `dryRun` it is only said what would be done. */
export interface ActSettings extends Pick<Config, 'limits' | 'timezone' | 'dashboard'> {
  readonly dryRun: boolean;
}

/** What proposing works with. Without a store every batch is due, and nothing is kept of what people want no more of. */
export interface ActDependencies extends Pick<ProposeDependencies, 'now' | 'cache' | 'isGone'> {
  readonly store: Store | undefined;
}

/** What came of proposing in the repositories of one forge. Plain data. */
export interface Proposed {
  /** Where it stands among the forges that were opened. */
  readonly forge: number;
  readonly outcomes: readonly ProposalOutcome[];
  readonly problems: readonly Problem[];
  readonly requests: number;
}

/**
 * Brings the proposals of every repository of these forges that was read to what was found, one forge after the other, and
 * its issue with them. Returns the run with what became of each.
 */
export async function act(
  looked: RunResult,
  forges: readonly Forge[],
  settings: ActSettings,
  deps: ActDependencies,
): Promise<RunResult> {
  const newFormats = await formatsNotReadBefore(Object.keys(looked.record.summary.formats), deps.store);
  const proposed = await proposeIn(looked, forges, settings, { ...deps, newFormats });
  if (!settings.dryRun) await rememberFormats(newFormats, deps);
  return withProposed(looked, proposed, forges);
}

/** The same without a word about it in the run. */
export async function proposeIn(
  looked: RunResult,
  forges: readonly Forge[],
  settings: ActSettings,
  deps: ActDependencies & Pick<ProposeDependencies, 'newFormats'>,
): Promise<readonly Proposed[]> {
  const proposed: Proposed[] = [];
  for (const [index, forge] of forges.entries()) {
    const repositories = looked.repositories.filter((one) => one.forge === forge);
    proposed.push(await actOn(forge, index, { ...looked, repositories }, settings, deps));
  }
  return proposed;
}

/** The run with what came of proposing. Pure. */
export function withProposed<T extends Conclusion>(
  result: T,
  proposed: readonly Proposed[],
  forges: readonly Pick<Forge, 'present'>[],
): T {
  let { record } = result;
  for (const { forge, outcomes, problems, requests } of proposed) {
    const present = forges[forge]?.present;
    if (present === undefined) continue;
    record = {
      ...record,
      cost: requests === 0 ? record.cost : withForge(record.cost, requests),
      findings: withProposals(record.findings, outcomes, present),
      proposals: [...(record.proposals ?? []), ...outcomes],
      problems: [...record.problems, ...problems],
    };
  }
  return { ...result, record };
}

/** Proposals of kinds of files that were not read before are few at once: from now on these were. */
export async function rememberFormats(
  newFormats: ReadonlySet<string>,
  { store, now }: Pick<ActDependencies, 'store' | 'now'>,
): Promise<void> {
  if (newFormats.size === 0) return;
  await store?.outbox.recordBaselines(proposalsReader, [...newFormats].map(formatBaseline), now);
}

/** Under this name, which no channel can have, stands what proposals have come across. */
const proposalsReader = 'proposals: kinds of files';

/** Of these formats, by their names. Without a state nobody knows. Dockerfiles were always read. */
export async function formatsNotReadBefore(
  formats: readonly string[],
  store: Store | undefined,
): Promise<ReadonlySet<string>> {
  const read = formats.filter((one) => one !== 'dockerfile');
  if (store === undefined || read.length === 0) return new Set();
  const { baselines } = await store.outbox.memoryOf(proposalsReader, read.map(formatBaseline));
  return new Set(read.filter((one) => !baselines.has(formatBaseline(one))));
}

async function actOn(
  forge: Forge,
  index: number,
  result: RunResult,
  { limits, timezone, dashboard, dryRun }: ActSettings,
  { store, ...deps }: ActDependencies & Pick<ProposeDependencies, 'newFormats'>,
): Promise<Proposed> {
  const { repositories, record } = result;
  const periodOf = (when: When): string | undefined => batchPeriod(when, deps.now, timezone);
  const windowOf = windowNames(repositories);
  const windows = await store?.outbox.windows(repositories.map(({ repository }) => windowOf(repository.name)));
  const isBatchDone = (repository: string, when: When): boolean =>
    windows !== undefined && windows.get(windowOf(repository))?.get(when) === periodOf(when);
  const whole = repositories.filter(({ isPartial }) => !isPartial);
  const dashboards = await readDashboards(dashboard && forge.can.issues ? whole : [], forge);
  const wishes = (id: string): ReadonlySet<string> => dashboards.get(id)?.wishes ?? new Set();
  const outcomes = await propose(result, { limits, dryRun }, { ...deps, forge, isBatchDone, wishes });
  const untold = dryRun ? [] : await writeDashboards(dashboards, record, outcomes, forge);
  if (!dryRun && store !== undefined) {
    for (const { repository, batches } of outcomes) {
      for (const when of batches) await store.outbox.openWindow(windowOf(repository), when, periodOf(when) ?? '');
    }
    const silenced = outcomes.flatMap((one) => (one.silenced ? snoozesOf(one.silenced) : []));
    if (silenced.length > 0) await store.snoozes.add(silenced, deps.now);
  }
  const failed = outcomes.flatMap(({ kind, repository, reason }): Problem[] =>
    kind === 'failed' ? [{ code: 'proposal-failed', message: reason, subject: repository }] : [],
  );
  return { forge: index, outcomes, problems: [...untold, ...failed], requests: forge.requests() };
}

/** What somebody wants no proposal for is not told to channels either. */
function snoozesOf({ until, news, images }: NonNullable<ProposalOutcome['silenced']>): readonly Snooze[] {
  const end = until === null ? forGood : Date.parse(until);
  return [
    ...news.map((value) => ({ kind: 'news' as const, value, until: end })),
    ...images.map((value) => ({ kind: 'image' as const, value, until: end })),
  ];
}

/** A news key never comes back for something else. */
const forGood = Date.UTC(9999, 0, 1);

/** No channel can have such a name. An identity that names its server stands before a name that other servers have, too. */
function windowNames(repositories: RunResult['repositories']): (name: string) => string {
  const ids = new Map(repositories.map(({ repository: { name, id } }) => [name, id]));
  return (name) => {
    const id = ids.get(name);
    return `proposals ${id?.includes(':') ? id : name}`;
  };
}
