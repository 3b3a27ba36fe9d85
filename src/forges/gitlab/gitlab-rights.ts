import type { ForgeRepository, Lacking } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { ProjectAnswer } from './gitlab-answers.ts';
import type { GitLabApi } from './gitlab-api.ts';

/** GET /projects/:id says these of whoever asks. */
interface ProjectRights extends ProjectAnswer {
  readonly merge_requests_access_level?: string;
  readonly merge_requests_enabled?: boolean;
  readonly builds_access_level?: string;
  readonly jobs_enabled?: boolean;
  readonly permissions?: {
    readonly project_access?: { readonly access_level: number } | null;
    readonly group_access?: { readonly access_level: number } | null;
  };
}

/** An item of GET /projects/:id/protected_branches (GitLab Docs, "Protected branches API"). `name` may have `*`. */
export interface ProtectedBranchAnswer {
  readonly name: string;
  readonly allow_force_push?: boolean;
  readonly push_access_levels?: readonly {
    readonly access_level?: number | null;
    readonly user_id?: number | null;
    readonly group_id?: number | null;
  }[];
}

/** What is missing for us to propose in a project, and to have it merged, a few words each. Throws ForgeError. */
export async function lackingRights(repository: ForgeRepository, automerge: boolean, api: GitLabApi): Promise<Lacking> {
  const attempt = `asking for our rights in ${repository.name}`;
  const project = await api.rest.get<ProjectRights>(api.path(repository), attempt);
  const level = levelIn(project);
  if (project.archived) return { lacks: [] };
  const lacks: string[] = [];
  const branches = level < 30 ? [] : await protectedBranches(repository, api, attempt);
  if (level < 30) lacks.push('the role Developer or above, to push branches');
  lacks.push(...lackingOfBranches(branches ?? [], level));
  if (project.merge_requests_enabled === false || project.merge_requests_access_level === 'disabled')
    lacks.push('merge requests, which are switched off there');
  if (automerge && project.only_allow_merge_if_pipeline_succeeds === false)
    lacks.push('the setting "Pipelines must succeed", without which automerge is not passed on');
  return {
    lacks,
    ...(branches === undefined && { untold: 'whether branches plimsoll/* are protected, as we may not ask' }),
  };
}

/** What is missing for us to run a pipeline in a project, with a trigger token or our own. Throws ForgeError. */
export async function lackingForPipelines(
  repository: ForgeRepository,
  isTriggered: boolean,
  api: GitLabApi,
): Promise<readonly string[]> {
  const project = await api.rest.get<ProjectRights>(
    api.path(repository),
    `asking for our rights in ${repository.name}`,
  );
  const isOff = project.jobs_enabled === false || project.builds_access_level === 'disabled';
  return [
    ...(isOff ? ['pipelines, which are switched off there'] : []),
    ...(isTriggered || levelIn(project) >= 30 ? [] : ['the role Developer or above for us, to run pipelines']),
  ];
}

/** An administrator's token is a member of nothing, and may do everything. */
function levelIn({ permissions }: ProjectRights): number {
  if (permissions === undefined) return 60;
  return Math.max(permissions.project_access?.access_level ?? 0, permissions.group_access?.access_level ?? 0);
}

/** undefined: we may not ask. */
async function protectedBranches(
  repository: ForgeRepository,
  api: GitLabApi,
  attempt: string,
): Promise<readonly ProtectedBranchAnswer[] | undefined> {
  const path = `${api.path(repository)}/protected_branches`;
  try {
    return (
      (await api.rest.find<readonly ProtectedBranchAnswer[]>(path, attempt, { query: { per_page: 100 } }))?.data ?? []
    );
  } catch (error) {
    if (error instanceof ForgeError && error.failure === 'denied') return undefined;
    throw error;
  }
}

/** What protected branches forbid us for those that begin with `plimsoll/`. Of several that match, GitLab takes the most permissive. */
function lackingOfBranches(branches: readonly ProtectedBranchAnswer[], level: number): readonly string[] {
  const ours = branches.filter(({ name }) => matches(name, 'plimsoll/x'));
  if (ours.length === 0) return [];
  const names = ours.map(({ name }) => name).join(', ');
  const mayPush = ours.some(({ push_access_levels: levels = [] }) =>
    // Single users and groups may be us: then it is not said that we may not.
    levels.some(({ access_level: least, user_id, group_id }) =>
      user_id || group_id ? true : typeof least === 'number' && least > 0 && level >= least,
    ),
  );
  if (!mayPush) return [`the right to push to branches plimsoll/*, which are protected (${names})`];
  return ours.some(({ allow_force_push: may }) => may === true)
    ? []
    : [`the right to make branches plimsoll/* anew, for which their protection (${names}) has to allow force push`];
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
