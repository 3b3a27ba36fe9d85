import { limits } from '../../core/limits/limits.ts';
import { type ForgeBuilds, isCorrelated } from '../forge.ts';
import type { RepositoryAnswer } from './gitea-answers.ts';
import { type GiteaApi, pathText } from './gitea-api.ts';

/** A run as Gitea lists it (`ActionWorkflowRun`), and as Forgejo does from 12 on (`ActionRun`). */
interface RunAnswer {
  readonly html_url: string;
  /** Gitea: the file and the ref, `build.yml@refs/heads/main`. */
  readonly path?: string;
  /** Forgejo: the file. */
  readonly workflow_id?: string;
  readonly display_title?: string;
  readonly title?: string;
  readonly started_at?: string;
  readonly created?: string;
  readonly actor?: { readonly login: string } | null;
  readonly trigger_user?: { readonly login: string } | null;
}

const remedy =
  'asking for a build needs a token with the scope write:repository whose account may write there, Actions switched on in the repository, and a workflow of that name on that branch which is started by workflow_dispatch';

/** Workflows of Gitea from 1.23 on, and of Forgejo. */
export function giteaBuilds(api: GiteaApi): ForgeBuilds {
  const { rest } = api;
  return {
    can: new Set(['workflow']),

    async start(repository, { workflow = '', ref, inputs }) {
      // Servers that know no such parameter answer with nothing.
      const path = `${api.path(repository)}/actions/workflows/${pathText(workflow)}/dispatches`;
      const attempt = `asking for a build in ${repository.name}`;
      const wanted = { query: { return_run_details: 'true' }, remedy };
      const body = { ref, inputs };
      const run = await rest.send<{ readonly html_url?: string } | undefined>('POST', path, attempt, body, wanted);
      return run?.html_url ?? `${repository.url}/actions?workflow=${encodeURIComponent(workflow)}`;
    },

    async find(repository, { workflow, correlation }, since) {
      const attempt = `looking for a build in ${repository.name}`;
      const { login } = await api.account();
      const { workflow_runs: runs } = await rest.get<{ readonly workflow_runs: readonly RunAnswer[] | null }>(
        `${api.path(repository)}/actions/runs`,
        attempt,
        { query: { event: 'workflow_dispatch', limit: limits.proposal.builds.most } },
      );
      const known = (runs ?? []).map((run) => ({
        run,
        is: isCorrelated([run.display_title ?? run.title ?? ''], correlation),
      }));
      const own = ({ run, is }: (typeof known)[number]): boolean => {
        const by = (run.trigger_user ?? run.actor)?.login;
        const of = run.workflow_id ?? run.path?.split('@')[0];
        const at = Date.parse(run.created ?? run.started_at ?? '');
        // One that waits for a runner has no time, which Gitea spells as the year 1970 (or, without a value, 1).
        const isEarlier = at > 0 && at < (since ?? 0);
        return since !== undefined && is === undefined && by === login && (of ?? workflow) === workflow && !isEarlier;
      };
      return (known.find(({ is }) => is === true) ?? known.find(own))?.run.html_url;
    },

    async lacks(repository) {
      const attempt = `asking for our rights in ${repository.name}`;
      const { has_actions: has, permissions } = await rest.get<RepositoryAnswer>(api.path(repository), attempt);
      return [
        ...(has === false ? ['Actions, which are switched off there'] : []),
        ...(permissions?.push === false ? ['the right to write for us, to begin a workflow'] : []),
      ];
    },
  };
}
