import type { ForgeRepository, Lacking } from '../forge.ts';
import { failureOf } from './failure.ts';
import { coordinates, type GitHubApi, ownerOf } from './github-api.ts';
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
  const forbidden = isReader ? [] : await forbiddenByRules(repository, api);
  return { lacks, ...(forbidden.length > 0 && { untold: exceptedFrom(forbidden, repository.name) }) };
}

/** What rules can forbid those who have the right to write (GitHub Docs, "Available rules for rulesets"). */
const hindering: Readonly<Record<string, string>> = {
  creation: 'making them',
  update: 'moving them',
  deletion: 'deleting them',
  non_fast_forward: 'making them anew',
  pull_request: 'pushing without a pull request',
  required_status_checks: 'commits that no check has seen',
  required_signatures: 'commits without a signature',
  commit_message_pattern: 'what commits may say',
  commit_author_email_pattern: 'whose commits they may be',
  committer_email_pattern: 'who may commit',
  branch_name_pattern: 'what they may be called',
};

function exceptedFrom(forbidden: readonly string[], name: string): string {
  return `whether the rules of ${name} for branches plimsoll/* except our account; they are about ${forbidden.join(', ')}`;
}

/**
 * What rules say of branches of ours, whether or not one is there (GitHub Docs, "Get rules for a branch"). Whom they except is
 * told to administrators alone. Repositories without rulesets, and servers that have none, answer 403 or 404.
 */
async function forbiddenByRules(repository: ForgeRepository, api: GitHubApi): Promise<readonly string[]> {
  const octokit = await api.octokit(repository);
  try {
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
      ...coordinates(repository),
      branch: 'plimsoll/x',
      per_page: 100,
    });
    const named = data.flatMap(({ type }) => hindering[type] ?? []);
    return [...new Set(named)];
  } catch (error) {
    const failure = failureOf(error, `asking for the rules of ${repository.name}`);
    if (failure.failure === 'denied' || failure.failure === 'missing') return [];
    throw failure;
  }
}
