import type { ForgeRepository, Lacking } from '../forge.ts';
import { type GitHubApi, ownerOf } from './github-api.ts';
import { rightsQuery } from './queries.ts';

interface RightsAnswer {
  readonly repository: {
    /** Absent for an App, whose installation says what it may. */
    readonly viewerPermission: 'ADMIN' | 'MAINTAIN' | 'WRITE' | 'TRIAGE' | 'READ' | null;
    readonly isArchived: boolean;
    readonly autoMergeAllowed: boolean;
  } | null;
}

/** What is missing for us to propose in a repository, and to have it merged, a few words each. Throws ForgeError. */
export async function lackingRights(repository: ForgeRepository, automerge: boolean, api: GitHubApi): Promise<Lacking> {
  const [owner = '', name = ''] = repository.name.split('/');
  const attempt = `asking for our rights in ${repository.name}`;
  const answer = (await api.graphql(ownerOf(repository), rightsQuery, { owner, name }, attempt)) as RightsAnswer;
  const { viewerPermission, isArchived = false, autoMergeAllowed } = answer.repository ?? {};
  if (isArchived) return { lacks: [] };
  const isReader = viewerPermission === 'READ' || viewerPermission === 'TRIAGE';
  const lacks = [
    ...(isReader ? ['the right to write, to push branches'] : []),
    ...(automerge && autoMergeAllowed === false ? ['the setting "Allow auto-merge", for automerge'] : []),
  ];
  return { lacks };
}
