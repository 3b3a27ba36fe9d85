import { limits } from '../../core/limits/limits.ts';
import { type ForgeBuilds, isCorrelated } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { PipelineAnswer, VariableAnswer } from './gitlab-answers.ts';
import type { GitLabApi } from './gitlab-api.ts';
import { lackingForPipelines } from './gitlab-rights.ts';

const remedies = {
  own: 'asking for a pipeline needs a token with the scope api whose account may run pipelines on that branch (the role Developer, Maintainer where it is protected), and jobs in .gitlab-ci.yml that run when a pipeline begins by "api"',
  trigger:
    'asking for a pipeline needs a trigger token of this project whose owner may run pipelines on that branch, and jobs in .gitlab-ci.yml that run when a pipeline begins by "trigger"',
} as const;

/** Pipelines. Source: GitLab Docs, "Pipelines API", "Pipeline trigger tokens API". */
export function gitlabBuilds(api: GitLabApi): ForgeBuilds {
  const { rest } = api;
  return {
    can: new Set(['pipeline']),

    async start(repository, { ref, inputs, token }) {
      const attempt = `asking for a pipeline in ${repository.name}`;
      const at = api.path(repository);
      const { web_url: url } =
        token === undefined
          ? await rest.send<PipelineAnswer>(
              'POST',
              `${at}/pipeline`,
              attempt,
              { ref, variables: Object.entries(inputs).map(([key, value]) => ({ key, value })) },
              { remedy: remedies.own },
            )
          : await rest.send<PipelineAnswer>(
              'POST',
              `${at}/trigger/pipeline`,
              attempt,
              { ref, variables: inputs, token: token.reveal() },
              { remedy: remedies.trigger },
            );
      return url;
    },

    async find(repository, { ref, correlation, token }, since) {
      const attempt = `looking for a pipeline in ${repository.name}`;
      const at = `${api.path(repository)}/pipelines`;
      const pipelines = await rest.get<readonly PipelineAnswer[]>(at, attempt, {
        query: {
          ref,
          source: token === undefined ? 'api' : 'trigger',
          // Whose trigger token it is nobody says.
          ...(token === undefined && { username: (await api.account()).login }),
          per_page: limits.proposal.builds.most,
          ...(since !== undefined && { updated_after: new Date(since).toISOString() }),
        },
      });
      let own: string | undefined;
      for (const { id, web_url: url, created_at: created } of pipelines) {
        const variables = await variablesOf(`${at}/${id}/variables`, attempt, api);
        const is = isCorrelated(
          variables.map(({ value }) => value),
          correlation,
        );
        if (is === true) return url;
        if (is === undefined && since !== undefined && Date.parse(created) >= since) own ??= url;
      }
      return own;
    },

    lacks: (repository, { token }) => lackingForPipelines(repository, token !== undefined, api),
  };
}

/** Only maintainers may see them. */
async function variablesOf(path: string, attempt: string, { rest }: GitLabApi): Promise<readonly VariableAnswer[]> {
  try {
    return await rest.get<readonly VariableAnswer[]>(path, attempt);
  } catch (error) {
    if (error instanceof ForgeError && (error.failure === 'denied' || error.failure === 'missing')) return [];
    throw error;
  }
}
