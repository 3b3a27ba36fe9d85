import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import type { ProposalOutcome } from '../core/proposal.ts';
import { Secret } from '../core/secret.ts';
import { batchPeriod, type When } from '../core/time/batch.ts';
import type { Forge, Selection } from '../forges/forge.ts';
import type { GitHubAuth } from '../forges/github/client.ts';
import { withForge } from '../job/cost-report.ts';
import type { RunResult } from '../job/run.ts';
import type { Store } from '../state/store.ts';
import { propose, withProposals } from '../targets/proposals/propose.ts';
import { type Dashboards, readDashboards, writeDashboards } from '../targets/proposals/write-dashboards.ts';
import type { Session } from './session.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Who we are to GitHub: an App (`PLIMSOLL_GITHUB_APP_ID` and `PLIMSOLL_GITHUB_APP_KEY`, a PEM text or `file:PATH`), or a
 * token (`PLIMSOLL_GITHUB_TOKEN`, `GITHUB_TOKEN`, `GH_TOKEN`). Undefined when nothing is set. Throws PlimsollError 'CONFIG'.
 */
export function githubAuth(env: Environment): GitHubAuth | undefined {
  const appId = env['PLIMSOLL_GITHUB_APP_ID'];
  const key = env['PLIMSOLL_GITHUB_APP_KEY'];
  if (appId && key) return { kind: 'app', appId, privateKey: new Secret(privateKey(key)) };
  if (appId || key) {
    throw new PlimsollError('CONFIG', 'PLIMSOLL_GITHUB_APP_ID and PLIMSOLL_GITHUB_APP_KEY go together');
  }
  const token = env['PLIMSOLL_GITHUB_TOKEN'] || env['GITHUB_TOKEN'] || env['GH_TOKEN'];
  return token ? { kind: 'token', token: new Secret(token) } : undefined;
}

function privateKey(text: string): string {
  try {
    const key = text.startsWith('file:') ? readFileSync(text.slice('file:'.length), 'utf8') : text;
    if (key.includes('PRIVATE KEY')) return key;
  } catch (error) {
    throw new PlimsollError('CONFIG', `cannot read the key of the GitHub App: ${messageOf(error)}`, { cause: error });
  }
  throw new PlimsollError('CONFIG', 'PLIMSOLL_GITHUB_APP_KEY is no private key in PEM form, nor file:PATH of one');
}

/** The forge of the repositories that the configuration names; undefined when it names none. Throws 'CONFIG' without a login. */
export async function openForge(
  config: Pick<Config, 'github'>,
  { app }: Pick<Session, 'app'>,
  env: Environment,
): Promise<Forge | undefined> {
  if (config.github.length === 0) return undefined;
  const auth = githubAuth(env);
  if (auth === undefined) {
    throw new PlimsollError(
      'CONFIG',
      'the configuration names repositories on GitHub, and there is no login for it: set GITHUB_TOKEN, or PLIMSOLL_GITHUB_APP_ID and PLIMSOLL_GITHUB_APP_KEY',
    );
  }
  return app.github(auth, env['GITHUB_API_URL'] || 'https://api.github.com');
}

/** The forges of all repositories that the configuration names, each with those. Throws 'CONFIG' without a login. */
export async function openForges(
  config: Pick<Config, 'github' | 'git'>,
  session: Pick<Session, 'app'>,
  env: Environment,
): Promise<readonly { readonly forge: Forge; readonly selections: readonly Selection[] }[]> {
  const github = await openForge(config, session, env);
  return [
    ...(github === undefined ? [] : [{ forge: github, selections: config.github }]),
    ...(config.git.length === 0
      ? []
      : [{ forge: await session.app.localForge(env['PATH'] ?? ''), selections: config.git }]),
  ];
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
      repositories: all.repositories.filter(({ repository }) => repository.forge === forge.kind),
    };
    const periodOf = (when: When): string | undefined => batchPeriod(when, now, timezone);
    const isBatchDone = (repository: string, when: When): boolean =>
      store !== undefined && store.outbox.window(windowOf(repository), when) === periodOf(when);
    const dashboards: Dashboards =
      dashboard && forge.hasComments
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
        for (const when of batches) store.outbox.openWindow(windowOf(repository), when, periodOf(when) ?? '');
      }
      for (const { silenced } of outcomes) if (silenced) silence(silenced, store, now);
    }
    const failed = outcomes.filter(({ kind }) => kind === 'failed');
    const { record } = result;
    return {
      ...all,
      record: {
        ...record,
        cost: forge.requests() === 0 ? record.cost : withForge(record.cost, forge.requests()),
        findings: withProposals(record.findings, outcomes),
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
function silence({ until, news, images }: NonNullable<ProposalOutcome['silenced']>, store: Store, now: number): void {
  const end = until === null ? forGood : Date.parse(until);
  for (const value of news) store.snoozes.add({ kind: 'news', value, until: end }, now);
  for (const value of images) store.snoozes.add({ kind: 'image', value, until: end }, now);
}

/** A news key never comes back for something else. */
const forGood = Date.UTC(9999, 0, 1);

/** No channel can have such a name. */
function windowOf(repository: string): string {
  return `proposals ${repository}`;
}
