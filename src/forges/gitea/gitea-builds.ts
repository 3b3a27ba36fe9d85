import { limits } from '../../core/limits/limits.ts';
import { type ForgeBuilds, isCorrelated } from '../forge.ts';
import { type GiteaApi, pathText } from './gitea-api.ts';

/** A run as Gitea lists it (`ActionWorkflowRun`), and as Forgejo does (`ActionRun`). */
interface RunAnswer {
  readonly event?: string;
  readonly html_url: string;
  readonly display_title?: string;
  readonly title?: string;
  readonly started_at?: string;
  readonly created?: string;
  readonly actor?: { readonly login: string } | null;
  readonly trigger_user?: { readonly login: string } | null;
}

/** Workflows of Gitea from 1.23 on, and of Forgejo. */
export function giteaBuilds(api: GiteaApi): ForgeBuilds {
  const { rest } = api;
  return {
    can: new Set(['workflow']),

    async start(repository, { workflow = '', ref, inputs }) {
      const path = `${api.path(repository)}/actions/workflows/${pathText(workflow)}/dispatches`;
      await rest.send('POST', path, `asking for a build in ${repository.name}`, { ref, inputs });
      return `${repository.url}/actions?workflow=${encodeURIComponent(workflow)}`;
    },

    async find(repository, { correlation }, since) {
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
        const at = Date.parse(run.created ?? run.started_at ?? '');
        // One that has not been started yet has no time.
        return since !== undefined && is === undefined && by === login && !(at < since);
      };
      return (known.find(({ is }) => is === true) ?? known.find(own))?.run.html_url;
    },
  };
}
