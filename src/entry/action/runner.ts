import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { readAtMost } from '../../disk/read-at-most.ts';
import type { RunTrigger } from '../../state/store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the runner says of the job: docs.github.com, "Default environment variables", and the event's payload. */
export interface Runner {
  /** `owner/name`. */
  readonly repository: string;
  readonly event: string;
  readonly trigger: RunTrigger;
  /** Undefined when the payload does not say so. */
  readonly isFork: boolean | undefined;
  readonly isPrivate: boolean | undefined;
  readonly defaultBranch: string | undefined;
  /** Written by people without write access: what is checked out may be anybody's. */
  readonly isUntrusted: boolean;
  readonly runId: string;
  readonly runAttempt: string;
  /** The workflow's file, such as `.github/workflows/plimsoll.yml`; undefined when it is not in this repository. */
  readonly workflowFile: string | undefined;
  readonly serverUrl: string;
  readonly temp: string;
  readonly actor: string;
}

/** Throws PlimsollError 'USAGE' where this is no runner of GitHub Actions. */
export function readRunner(env: Environment): Runner {
  const repository = env['GITHUB_REPOSITORY'] ?? '';
  const temp = env['RUNNER_TEMP'] ?? '';
  if (!/^[^/\s]+\/[^/\s]+$/.test(repository) || temp === '') {
    throw new PlimsollError(
      'USAGE',
      'this runs inside GitHub Actions only (GITHUB_REPOSITORY and RUNNER_TEMP are not set); use the command "plimsoll" elsewhere',
    );
  }
  const event = env['GITHUB_EVENT_NAME'] ?? '';
  const payload = readEvent(env['GITHUB_EVENT_PATH']);
  const about = payload.repository ?? {};
  const [, workflowFile] = /^[^/]+\/[^/]+\/(.+)@/.exec(env['GITHUB_WORKFLOW_REF'] ?? '') ?? [];
  return {
    repository,
    event,
    trigger: event === 'schedule' ? 'schedule' : event === 'workflow_dispatch' ? 'person' : 'hook',
    isFork: about.fork,
    isPrivate: about.private,
    defaultBranch: about.default_branch,
    isUntrusted: isFromAnybody(event) || (event === 'workflow_run' && !isOwn(payload.workflow_run, repository)),
    runId: env['GITHUB_RUN_ID'] ?? '0',
    runAttempt: env['GITHUB_RUN_ATTEMPT'] ?? '1',
    workflowFile,
    serverUrl: env['GITHUB_SERVER_URL'] || 'https://github.com',
    temp,
    actor: env['GITHUB_ACTOR'] || 'x-access-token',
  };
}

function isFromAnybody(event: string): boolean {
  return event.startsWith('pull_request') || event === 'issue_comment';
}

/** A workflow after another one checks out what that one was started for: of a pull request, in jobs that take its results over. */
function isOwn(before: EventPayload['workflow_run'], repository: string): boolean {
  const event = before?.event;
  return event !== undefined && !isFromAnybody(event) && before?.head_repository?.full_name === repository;
}

interface EventPayload {
  readonly workflow_run?: {
    readonly event?: string;
    readonly head_repository?: { readonly full_name?: string } | null;
  };
  readonly repository?: {
    readonly fork?: boolean;
    readonly private?: boolean;
    readonly default_branch?: string;
  } | null;
}

function readEvent(file: string | undefined): EventPayload {
  if (!file) return {};
  try {
    const event = JSON.parse(readAtMost(file, limits.run.event.most).toString('utf8')) as EventPayload | null;
    return event ?? {};
  } catch (error) {
    throw new PlimsollError('USAGE', `cannot read the event's payload ${file}: ${messageOf(error)}`, { cause: error });
  }
}
