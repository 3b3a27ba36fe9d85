import type { ProposalOutcome } from '../../core/proposal.ts';
import type { Runner } from './runner.ts';

/** GitHub disables schedules of public repositories after this many days without a commit (docs.github.com, "Disabling and enabling a workflow"). */
const disabledAfter = 60;
const saidAfter = 45;
const day = 24 * 60 * 60 * 1000;

/** What GitHub's refusals mean, and where it is changed. Matched by GitHub's own words, as it gives no codes. */
const refusals: readonly (readonly [pattern: RegExp, sentence: (runner: Runner) => string])[] = [
  [
    /not permitted to create or approve pull requests/i,
    ({ serverUrl, repository }) =>
      `this repository does not let workflows open pull requests: in Settings, Actions, General (${serverUrl}/${repository}/settings/actions), under "Workflow permissions", tick "Allow GitHub Actions to create and approve pull requests"; in an organisation, its own setting of that name comes first`,
  ],
  [
    /without `?workflows?`? permission|workflows.*(scope|permission)/i,
    () =>
      'a file under .github/workflows is to be changed, which GITHUB_TOKEN may never do: give the input token an App token or a fine-grained token with the permission "workflows: write", or exclude the file',
  ],
  [
    /resource not accessible by (integration|personal access token)/i,
    () =>
      'the token may not write here: give the job "permissions: { contents: write, pull-requests: write, issues: write }", or the input token another token',
  ],
];

/** One sentence for each refusal among the outcomes that a person can do something about. */
export function explainRefusals(outcomes: readonly ProposalOutcome[], runner: Runner): readonly string[] {
  const failed = outcomes.filter(({ kind }) => kind === 'failed');
  return refusals.flatMap(([pattern, sentence]) =>
    failed.some(({ reason }) => pattern.test(reason)) ? [sentence(runner)] : [],
  );
}

/** Did nothing but a missing permission keep these from being opened? */
export function isRefused({ kind, reason }: ProposalOutcome): boolean {
  return kind === 'failed' && refusals.some(([pattern]) => pattern.test(reason));
}

/** Events that GITHUB_TOKEN causes start no workflow (docs.github.com, "Triggering a workflow from a workflow"). */
export function explainSilentPulls(outcomes: readonly ProposalOutcome[], login: string): readonly string[] {
  const opened = outcomes.some(({ kind }) => kind === 'created' || kind === 'updated');
  if (!opened || login !== 'github-actions[bot]') return [];
  return [
    'no workflow starts for pull requests that GITHUB_TOKEN opened: close and reopen one to start its checks, or give the input token an App token (actions/create-github-app-token) or a fine-grained one',
  ];
}

/** What decides whether GitHub will go on running a schedule. `now`: milliseconds since 1970. */
export interface ScheduleFacts {
  readonly event: string;
  readonly isPrivate: boolean;
  /** RFC 3339. */
  readonly lastCommit: string | undefined;
  readonly now: number;
}

/** A schedule that is about to be switched off, while it still runs to say so. */
export function explainSchedule(
  { event, isPrivate, lastCommit, now }: ScheduleFacts,
  { workflowFile, repository }: Runner,
): readonly string[] {
  if (event !== 'schedule' || isPrivate || lastCommit === undefined) return [];
  const quiet = Math.floor((now - Date.parse(lastCommit)) / day);
  if (quiet < saidAfter) return [];
  const name = workflowFile?.split('/').at(-1) ?? 'plimsoll.yml';
  return [
    `there was no commit for ${quiet} days: after ${disabledAfter}, GitHub disables this schedule; "gh workflow enable ${name} --repo ${repository}" keeps or turns it on`,
  ];
}
