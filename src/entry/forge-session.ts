import type { Config } from '../config/config.ts';
import { PlimsollError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import type { ProposalOutcome } from '../core/proposal.ts';
import { batchPeriod, type When } from '../core/time/batch.ts';
import type { Forge, Selection } from '../forges/forge.ts';
import { withForge } from '../job/cost-report.ts';
import type { RunResult } from '../job/run.ts';
import type { Snooze } from '../state/snoozes.ts';
import type { Store } from '../state/store.ts';
import { propose, withProposals } from '../targets/proposals/propose.ts';
import { type Dashboards, readDashboards, writeDashboards } from '../targets/proposals/write-dashboards.ts';
import type { Session } from './session.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The forges of all repositories that the configuration names, each with those. Throws 'CONFIG' without a login. */
export async function openForges(
  { forges }: Pick<Config, 'forges'>,
  { app }: Pick<Session, 'app'>,
  env: Environment,
): Promise<readonly { readonly forge: Forge; readonly selections: readonly Selection[] }[]> {
  return Promise.all(
    forges.map(async ({ type, selections }) => {
      const forge = await app.forge(type, env);
      if (typeof forge === 'string') throw new PlimsollError('CONFIG', forge);
      return { forge, selections };
    }),
  );
}

/** The step of the job that opens pull requests where this forge is; with `dryRun` it says what it would do. */
export function proposing(
  forge: Forge,
  { limits, timezone, dashboard }: Pick<Config, 'limits' | 'timezone' | 'dashboard'>,
  { app, now }: Pick<Session, 'app' | 'now'>,
  store: Store | undefined,
  dryRun: boolean,
): (result: RunResult) => Promise<RunResult> {
  return async (all) => {
    const result = {
      ...all,
      repositories: all.repositories.filter(({ repository }) => repository.forge === forge.type),
    };
    const periodOf = (when: When): string | undefined => batchPeriod(when, now, timezone);
    const windows = await store?.outbox.windows(result.repositories.map(({ repository }) => windowOf(repository.name)));
    const isBatchDone = (repository: string, when: When): boolean =>
      windows !== undefined && windows.get(windowOf(repository))?.get(when) === periodOf(when);
    const dashboards: Dashboards =
      dashboard && forge.can.issues
        ? await readDashboards(
            result.repositories.filter((one) => !one.isPartial),
            forge,
          )
        : new Map();
    const wishes = (id: string): ReadonlySet<string> => dashboards.get(id)?.wishes ?? new Set();
    const outcomes = await propose(result, { limits, dryRun }, { ...app.propose, forge, isBatchDone, wishes });
    const untold = dryRun ? [] : await writeDashboards(dashboards, result.record, outcomes, forge);
    if (!dryRun && store !== undefined) {
      for (const { repository, batches } of outcomes) {
        for (const when of batches) await store.outbox.openWindow(windowOf(repository), when, periodOf(when) ?? '');
      }
      const silenced = outcomes.flatMap((one) => (one.silenced ? snoozesOf(one.silenced) : []));
      if (silenced.length > 0) await store.snoozes.add(silenced, now);
    }
    const failed = outcomes.filter(({ kind }) => kind === 'failed');
    const { record } = result;
    return {
      ...all,
      record: {
        ...record,
        cost: forge.requests() === 0 ? record.cost : withForge(record.cost, forge.requests()),
        findings: withProposals(record.findings, outcomes, forge.present),
        proposals: [...(record.proposals ?? []), ...outcomes],
        problems: [
          ...record.problems,
          ...untold,
          ...failed.map(
            ({ repository, reason }): Problem => ({
              code: 'proposal-failed',
              message: reason,
              subject: repository,
            }),
          ),
        ],
      },
    };
  };
}

/** What somebody wants no pull request for is not told to channels either. */
function snoozesOf({ until, news, images }: NonNullable<ProposalOutcome['silenced']>): readonly Snooze[] {
  const end = until === null ? forGood : Date.parse(until);
  return [
    ...news.map((value) => ({ kind: 'news' as const, value, until: end })),
    ...images.map((value) => ({ kind: 'image' as const, value, until: end })),
  ];
}

/** A news key never comes back for something else. */
const forGood = Date.UTC(9999, 0, 1);

/** No channel can have such a name. */
function windowOf(repository: string): string {
  return `proposals ${repository}`;
}
