/*
 * Every GraphQL document that is sent, as text; the tests check each against GitHub's published schema. Parts that
 * repeat for a number of branches or files are numbered aliases.
 */

const head = 'name target { oid ... on Commit { tree { oid } } }';

const facts = (branches: readonly string[]): string => `
  id nameWithOwner url isArchived isDisabled isFork isTemplate isPrivate
  primaryLanguage { name }
  repositoryTopics(first: 20) { nodes { topic { name } } }
  ${branches.length === 0 ? `defaultBranchRef { ${head} }` : numbered(branches, (name) => `ref(qualifiedName: ${JSON.stringify(`refs/heads/${name}`)}) { ${head} }`, 'b')}
  refs(refPrefix: "refs/heads/plimsoll/", first: 100) { nodes { name target { oid } } }`;

export const viewerQuery = 'query Viewer { viewer { login databaseId name } }';

/** A page of an owner's repositories, by name. `branches`: those to be told of; none: the default one. */
export function repositoriesQuery(branches: readonly string[]): string {
  return `query Repositories($owner: String!, $after: String) {
    repositoryOwner(login: $owner) {
      repositories(first: 50, after: $after, ownerAffiliations: [OWNER], orderBy: { field: NAME, direction: ASC }) {
        pageInfo { hasNextPage endCursor }
        nodes { ${facts(branches)} }
      }
    }
  }`;
}

/** One repository, as {@link repositoriesQuery} tells of each. */
export function repositoryQuery(branches: readonly string[]): string {
  return `query Repository($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { ${facts(branches)} }
  }`;
}

/** What we may do in a repository. */
export const rightsQuery = `query Rights($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { viewerPermission isArchived autoMergeAllowed }
}`;

/** `refs` are full names, in any namespace. */
export function homeQuery(refs: readonly string[]): string {
  return `query Home($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) {
      ${facts([])}
      lastCommit: defaultBranchRef { target { ... on Commit { committedDate } } }
      ${numbered(refs, (name) => `ref(qualifiedName: ${JSON.stringify(name)}) { ${head} }`, 'kept')}
    }
  }`;
}

const commit = `oid message
  parents(first: 3) { nodes { oid } }
  author { name email user { login } }
  committer { name email }`;

const pull = `id number url state isDraft isCrossRepository viewerDidAuthor headRefName headRefOid baseRefName
  title body mergeable
  autoMergeRequest { enabledAt }
  comments(last: 100) { nodes { id body viewerDidAuthor author { login } } }
  labels(first: 50) { nodes { name } }
  timelineItems(last: 50, itemTypes: [LABELED_EVENT]) { nodes { ... on LabeledEvent { actor { login } label { name } } } }`;

/** What there is of some proposals: the heads of their bases and branches, and the pull requests of these branches. */
export function stateQuery(bases: readonly string[], branches: readonly string[]): string {
  const ref = (name: string, inside: string): string =>
    `ref(qualifiedName: ${JSON.stringify(`refs/heads/${name}`)}) { ${inside} }`;
  return `query State($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) {
      id
      ${numbered(bases, (name) => ref(name, head), 'base')}
      ${numbered(branches, (name) => ref(name, `target { oid ... on Commit { ${commit} } }`), 'branch')}
      ${numbered(branches, (name) => `pullRequests(headRefName: ${JSON.stringify(name)}, first: 10, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ${pull} } }`, 'pulls')}
    }
  }`;
}

/** Which blobs a commit has at some paths, so that it is known whether they are the ones that were read. */
export function blobsQuery(commitOid: string, paths: readonly string[]): string {
  return `query Blobs($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) {
      ${numbered(paths, (path) => `object(expression: ${JSON.stringify(`${commitOid}:${path}`)}) { oid }`, 'file')}
    }
  }`;
}

export const betweenQuery = `query Between($owner: String!, $name: String!, $base: String!, $branch: String!) {
    repository(owner: $owner, name: $name) {
      ref(qualifiedName: $base) {
        compare(headRef: $branch) { commits(first: 100) { totalCount nodes { ${commit} } } }
      }
    }
  }`;

export const updateRefsMutation = `mutation MoveBranches($input: UpdateRefsInput!) {
    updateRefs(input: $input) { clientMutationId }
  }`;

export const commitMutation = `mutation Commit($input: CreateCommitOnBranchInput!) {
    createCommitOnBranch(input: $input) { commit { oid } }
  }`;

export const draftMutations = {
  draft: 'mutation Draft($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { clientMutationId } }',
  ready:
    'mutation Ready($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId } }',
} as const;

export const automergeMutations = {
  on: 'mutation Automerge($id: ID!) { enablePullRequestAutoMerge(input: { pullRequestId: $id }) { clientMutationId } }',
  off: 'mutation NoAutomerge($id: ID!) { disablePullRequestAutoMerge(input: { pullRequestId: $id }) { clientMutationId } }',
} as const;

function numbered(all: readonly string[], one: (name: string) => string, alias: string): string {
  return all.map((name, index) => `${alias}${index}: ${one(name)}`).join('\n      ');
}
