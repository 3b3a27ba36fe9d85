import { type ForgeBuilds, type ForgeRepository, isCorrelated } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { failureOf } from './failure.ts';
import { coordinates, type GitHubApi, ownerOf } from './github-api.ts';
import { lackingRights } from './github-rights.ts';

/** The event that workflows wait for: `on: { repository_dispatch: { types: [plimsoll-rebuild] } }`. */
const event = 'plimsoll-rebuild';

interface RunsAnswer {
  readonly workflow_runs: readonly {
    readonly display_title: string;
    readonly html_url: string;
    readonly created_at: string;
    readonly actor?: { readonly login: string } | null;
  }[];
}

const remedy =
  'asking for a build needs the permission actions: write (for repository-dispatch contents: write), and a workflow that is started by it on the default branch';

/** Workflows. Source: GitHub Docs, "REST API endpoints for workflows", "Create a repository dispatch event". */
export function githubBuilds(api: GitHubApi): ForgeBuilds {
  return {
    can: new Set(['workflow', 'event']),

    async start(repository, { how, workflow = '', ref, inputs, correlation }) {
      const attempt = `asking for a build in ${repository.name}`;
      const [route, body] =
        how === 'event'
          ? ['POST /repos/{owner}/{repo}/dispatches', { event_type: event, client_payload: { ...inputs, correlation } }]
          : [
              'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
              { workflow_id: workflow, ref, inputs },
            ];
      const octokit = await api.octokit(repository);
      try {
        // Once: whether a lost request was done is looked up, never guessed.
        await octokit.request(route as string, {
          ...coordinates(repository),
          ...(body as object),
          request: { retries: 0 },
        });
      } catch (error) {
        throw failureOf(error, attempt, remedy);
      }
      return how === 'event' ? `${repository.url}/actions` : `${repository.url}/actions/workflows/${workflow}`;
    },

    async find(repository, { how, workflow = '', correlation }, since) {
      const attempt = `looking for a build in ${repository.name}`;
      const { login } = await api.account(ownerOf(repository));
      const route = how === 'event' ? 'GET /repos/{owner}/{repo}/actions/runs' : workflowRuns;
      const { workflow_runs: runs } = (await api.rest(repository, attempt, route, {
        ...(how === 'workflow' && { workflow_id: workflow }),
        event: how === 'event' ? 'repository_dispatch' : 'workflow_dispatch',
        per_page: 100,
        ...(since !== undefined && { created: `>=${new Date(since).toISOString()}` }),
      })) as RunsAnswer;
      const known = runs.map((run) => ({ run, is: isCorrelated([run.display_title], correlation) }));
      const own = ({ run, is }: (typeof known)[number]): boolean =>
        since !== undefined && is === undefined && run.actor?.login === login && Date.parse(run.created_at) >= since;
      return (known.find(({ is }) => is === true) ?? known.find(own))?.run.html_url;
    },

    async lacks(repository, { how, workflow = '' }) {
      return [
        ...(await lackingRights(repository, false, api)).lacks,
        ...(how === 'workflow' ? await lackingWorkflow(repository, workflow, api) : []),
      ];
    },
  };
}

/** Workflows of public repositories are switched off after sixty days without a push. */
async function lackingWorkflow(repository: ForgeRepository, name: string, api: GitHubApi): Promise<readonly string[]> {
  const route = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}';
  try {
    const parameters = { workflow_id: name };
    const { state } = (await api.rest(repository, `looking at ${name}`, route, parameters)) as { state: string };
    return state === 'active' ? [] : [`a workflow ${name} that is switched on: GitHub says ${state}`];
  } catch (error) {
    if (!(error instanceof ForgeError) || (error.failure !== 'missing' && error.failure !== 'denied')) throw error;
    return [`a workflow ${name} on the default branch that our login may see (actions: read, and write to begin it)`];
  }
}

const workflowRuns = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
