import type { ForgeRepository } from '../forge.ts';
import type { ProjectAnswer } from './gitlab-answers.ts';
import type { GitLabApi } from './gitlab-api.ts';

/** GET /projects/:id says these of whoever asks. */
interface ProjectRights extends ProjectAnswer {
  readonly merge_requests_access_level?: string;
  readonly merge_requests_enabled?: boolean;
  readonly permissions?: {
    readonly project_access?: { readonly access_level: number } | null;
    readonly group_access?: { readonly access_level: number } | null;
  };
}

/** What is missing for us to propose in a project, a sentence each. Throws ForgeError. */
export async function lackingRights(repository: ForgeRepository, api: GitLabApi): Promise<readonly string[]> {
  const attempt = `asking for our rights in ${repository.name}`;
  const project = await api.rest.get<ProjectRights>(api.path(repository), attempt);
  const { project_access: own, group_access: inherited } = project.permissions ?? {};
  const level = Math.max(own?.access_level ?? 0, inherited?.access_level ?? 0);
  if (project.archived) return [];
  const lacks: string[] = [];
  // An administrator's token is a member of nothing.
  if (project.permissions !== undefined && level < 30) lacks.push('the role Developer or above, to push branches');
  if (project.merge_requests_enabled === false || project.merge_requests_access_level === 'disabled')
    lacks.push('merge requests, which are switched off there');
  return lacks;
}
