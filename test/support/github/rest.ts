import { flatten, readCommit, readTree, unflatten, writeCommit } from './git.ts';
import { type Build, buildTitle, type Item, type Repo, type World } from './world.ts';

export interface Call {
  readonly world: World;
  readonly base: string;
  /** The account behind the token. */
  readonly login: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  /** Trees of more entries than this are cut. */
  readonly treeLimit: number;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  readonly template: string;
  answer(call: Call): Answer;
}

const fail = (status: number, message: string, errors?: readonly unknown[]): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', ...(errors && { errors }), status: `${status}` },
});

/** A route in a repository that the account may see, and write to unless it only reads. */
function inRepo(method: string, rest: string, answer: (repo: Repo, call: Call) => Answer): Route {
  return {
    method,
    template: `/repos/{owner}/{repo}${rest}`,
    answer: (call) => {
      const repo = call.world.find(call.params['owner'] ?? '', call.params['repo'] ?? '');
      const permission = repo?.permissions.get(call.login) ?? 'write';
      if (repo === undefined || permission === 'none') return fail(404, 'Not Found');
      if (method !== 'get' && permission === 'read') return fail(403, 'Resource not accessible by integration');
      if (method !== 'get' && repo.archived) return fail(403, 'Repository was archived so is read-only.');
      return answer(repo, call);
    },
  };
}

const itemOf = (repo: Repo, number: string | undefined): Item | undefined =>
  repo.items.find((item) => item.number === Number(number));

export const routes: readonly Route[] = [
  {
    method: 'get',
    template: '/users/{username}/installation',
    answer: ({ params }) => ({ status: 200, body: installation(params['username'] ?? '') }),
  },
  {
    method: 'post',
    template: '/app/installations/{installation_id}/access_tokens',
    answer: () => ({ status: 201, body: { token: 'app-token', expires_at: '2099-01-01T00:00:00Z', permissions: {} } }),
  },
  inRepo('get', '/git/trees/{tree_sha}', (repo, { params, query, treeLimit }) => {
    const sha = params['tree_sha'] ?? '';
    const object = repo.store.read(sha);
    if (object === undefined) return fail(404, 'Not Found');
    const tree = object.type === 'commit' ? readCommit(repo.store, sha).tree : sha;
    const size = (oid: string): number => repo.store.read(oid)?.bytes.length ?? 0;
    const entry = (path: string, mode: string, oid: string): object => {
      const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
      return { path, mode: mode.padStart(6, '0'), type, sha: oid, ...(type === 'blob' && { size: size(oid) }) };
    };
    const entries = query.get('recursive')
      ? [...flatten(repo.store, tree)].map(([path, { mode, oid }]) => entry(path, mode, oid))
      : readTree(repo.store, tree).map(({ mode, name, oid }) => entry(name, mode, oid));
    const truncated = query.get('recursive') !== null && entries.length > treeLimit;
    return { status: 200, body: { sha, url: 'https://api.github.com/', tree: entries.slice(0, treeLimit), truncated } };
  }),
  inRepo('get', '/actions/workflows/{workflow_id}', (repo, { params }) => {
    const path = `.github/workflows/${params['workflow_id']}`;
    if (fileAt(repo, path) === undefined) return fail(404, 'Not Found');
    const url = `https://github.com/${repo.owner}/${repo.name}/actions`;
    const times = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
    const addresses = { url, html_url: url, badge_url: url };
    return { status: 200, body: { id: 1, node_id: 'W', name: path, path, state: 'active', ...times, ...addresses } };
  }),
  inRepo('post', '/actions/workflows/{workflow_id}/dispatches', (repo, { world, login, params, body }) => {
    const of = params['workflow_id'] ?? '';
    const file = fileAt(repo, `.github/workflows/${of}`);
    if (file === undefined) return fail(404, 'Not Found');
    if (!file.includes('workflow_dispatch')) return fail(422, "Workflow does not have 'workflow_dispatch' trigger");
    if (repo.store.refs().get(`refs/heads/${body['ref']}`) === undefined)
      return fail(422, `No ref found for: ${body['ref']}`);
    const inputs = (body['inputs'] ?? {}) as Build['inputs'];
    const strange = Object.keys(inputs).filter((name) => !file.includes(`${name}:`));
    if (strange.length > 0) return fail(422, `Unexpected inputs provided: ${JSON.stringify(strange)}`);
    world.build(repo, { by: login, event: 'workflow_dispatch', of, inputs });
    return { status: 204 };
  }),
  inRepo('post', '/dispatches', (repo, { world, login, body }) => {
    const inputs = (body['client_payload'] ?? {}) as Build['inputs'];
    world.build(repo, { by: login, event: 'repository_dispatch', of: String(body['event_type']), inputs });
    return { status: 204 };
  }),
  inRepo('get', '/actions/workflows/{workflow_id}/runs', (repo, call) =>
    runsOf(repo, call, call.params['workflow_id']),
  ),
  inRepo('get', '/actions/runs', (repo, call) => runsOf(repo, call, undefined)),
  inRepo('get', '/git/blobs/{file_sha}', (repo, { params }) => {
    const sha = params['file_sha'] ?? '';
    const bytes = repo.store.read(sha)?.bytes;
    if (bytes === undefined) return fail(404, 'Not Found');
    const content = bytes.toString('base64').replace(/.{60}/g, '$&\n');
    const url = `https://api.github.com/repos/${repo.owner}/${repo.name}/git/blobs/${sha}`;
    return { status: 200, body: { sha, node_id: `B_${sha}`, url, size: bytes.length, encoding: 'base64', content } };
  }),
  inRepo('post', '/git/refs', (repo, { world, body }) => {
    const name = String(body['ref']);
    const sha = String(body['sha']);
    if (repo.store.refs().has(name)) return fail(422, 'Reference already exists');
    world.setBranch(repo, name.replace('refs/heads/', ''), sha);
    const url = 'https://api.github.com/';
    return { status: 201, body: { ref: name, node_id: 'R', url, object: { type: 'commit', sha, url } } };
  }),
  inRepo('post', '/git/trees', (repo, { body }) => {
    const files = (body['tree'] as { path: string; mode: string; content: string }[]).map(
      ({ path, mode, content }) => [path, { mode, oid: repo.store.write('blob', Buffer.from(content)) }] as const,
    );
    const sha = unflatten(repo.store, new Map(files));
    const tree = files.map(([path, { mode, oid }]) => ({ path, mode, type: 'blob', sha: oid }));
    return { status: 201, body: { sha, url: 'https://api.github.com/', tree, truncated: false } };
  }),
  inRepo('post', '/git/commits', (repo, { body, login }) => {
    const by = { name: login, email: `1+${login}@users.noreply.github.com` };
    const [tree, message] = [String(body['tree']), String(body['message'])];
    const parents = (body['parents'] ?? []) as string[];
    const sha = writeCommit(repo.store, { tree, parents, author: by, committer: by, message });
    const url = 'https://api.github.com/';
    const dated = { ...by, date: '2026-01-05T00:00:00Z' };
    return {
      status: 201,
      body: {
        sha,
        node_id: `C_${sha}`,
        url,
        html_url: url,
        author: dated,
        committer: dated,
        message,
        tree: { sha: tree, url },
        parents: parents.map((oid) => ({ sha: oid, url, html_url: url })),
        verification: { verified: true, reason: 'valid', signature: null, payload: null, verified_at: null },
      },
    };
  }),
  inRepo('post', '/issues', (repo, call) => {
    const { world, body, login } = call;
    if (String(body['body'] ?? '').length > 65_536) return fail(422, 'Validation Failed');
    const item: Item = {
      number: repo.items.length + 1,
      user: login,
      title: String(body['title']),
      body: String(body['body'] ?? ''),
      state: 'open',
      labels: [],
      assignees: [],
      milestone: undefined,
      comments: [],
      created: world.now(),
      updated: world.now(),
    };
    repo.items.push(item);
    return { status: 201, body: issueOf(repo, item, call.base) };
  }),
  inRepo('get', '/issues', (repo, call) => {
    const { query } = call;
    const found = repo.items
      .filter((item) => query.get('creator') === null || item.user === query.get('creator'))
      .filter((item) => query.get('state') === 'all' || item.state === 'open')
      .sort((a, b) => (a.updated < b.updated ? 1 : -1));
    return paged(
      found.map((item) => issueOf(repo, item, call.base)),
      call,
    );
  }),
  inRepo('patch', '/issues/{issue_number}', (repo, call) => {
    const item = itemOf(repo, call.params['issue_number']);
    if (item === undefined) return fail(404, 'Not Found');
    const { assignees, milestone, title, body, state } = call.body;
    if (String(body ?? '').length > 65_536) return fail(422, 'Validation Failed');
    if (title !== undefined) item.title = String(title);
    if (body !== undefined) item.body = String(body);
    if (state === 'closed' || state === 'open') item.state = state;
    if (Array.isArray(assignees)) item.assignees.splice(0, item.assignees.length, ...assignees.map(String));
    if (typeof milestone === 'number') item.milestone = milestone;
    item.updated = call.world.now();
    return { status: 200, body: issueOf(repo, item, call.base) };
  }),
  inRepo('post', '/issues/{issue_number}/comments', (repo, call) => {
    const item = itemOf(repo, call.params['issue_number']);
    if (item === undefined) return fail(404, 'Not Found');
    const { id, created } = call.world.say(item, call.login, String(call.body['body']));
    const url = `${call.base}/c/${id}`;
    return {
      status: 201,
      body: {
        id,
        node_id: `C_${id}`,
        url,
        html_url: url,
        issue_url: url,
        body: call.body['body'],
        user: userOf(call.login),
        created_at: created,
        updated_at: created,
        author_association: 'NONE',
      },
    };
  }),
  inRepo('post', '/issues/{issue_number}/labels', (repo, call) => {
    const item = itemOf(repo, call.params['issue_number']);
    if (item === undefined) return fail(404, 'Not Found');
    for (const name of call.body['labels'] as string[]) {
      if (!item.labels.some((label) => label.name === name)) call.world.label(item, name, call.login);
    }
    return { status: 200, body: item.labels.map(({ name }) => labelOf(name)) };
  }),
  inRepo('delete', '/issues/{issue_number}/labels/{name}', (repo, call) => {
    const item = itemOf(repo, call.params['issue_number']);
    const index = item?.labels.findIndex(({ name }) => name === call.params['name']) ?? -1;
    if (item === undefined || index < 0) return fail(404, 'Label does not exist');
    item.labels.splice(index, 1);
    item.updated = call.world.now();
    return { status: 200, body: item.labels.map(({ name }) => labelOf(name)) };
  }),
  inRepo('post', '/pulls', (repo, call) => {
    const { world, body } = call;
    const [head, base] = [String(body['head']), String(body['base'])];
    if (!repo.mayOpenPulls) return fail(403, 'GitHub Actions is not permitted to create or approve pull requests.');
    const invalid = (message: string): Answer =>
      fail(422, `Validation Failed`, [{ resource: 'PullRequest', code: 'custom', message }]);
    if (body['draft'] === true && !repo.drafts)
      return fail(422, 'Draft pull requests are not supported in this repository.');
    if (String(body['body']).length > 65_536) return invalid('body is too long (maximum is 65536 characters)');
    const [a, b] = [world.head(repo, head), world.head(repo, base)];
    if (a === undefined || b === undefined) return invalid(`${a === undefined ? 'head' : 'base'} is invalid`);
    if (world.open(repo).some(({ pull }) => pull?.head === head && pull.base === base))
      return invalid(`A pull request already exists for ${repo.owner}:${head}.`);
    if (world.commits(repo, base, head).length === 0) return invalid(`No commits between ${base} and ${head}`);
    const item: Item = {
      number: repo.items.length + 1,
      user: call.login,
      title: String(body['title']),
      body: String(body['body']),
      state: 'open',
      labels: [],
      assignees: [],
      milestone: undefined,
      comments: [],
      created: world.now(),
      updated: world.now(),
      pull: {
        head,
        base,
        draft: body['draft'] === true,
        merged: undefined,
        automerge: false,
        headCommit: a,
        reviewers: [],
        teams: [],
      },
    };
    repo.items.push(item);
    return { status: 201, body: pullOf(repo, item, call) };
  }),
  inRepo('patch', '/pulls/{pull_number}', (repo, call) => {
    const item = itemOf(repo, call.params['pull_number']);
    if (item?.pull === undefined) return fail(404, 'Not Found');
    const { title, body, state } = call.body;
    if (String(body ?? '').length > 65_536) return fail(422, 'Validation Failed');
    if (title !== undefined) item.title = String(title);
    if (body !== undefined) item.body = String(body);
    if (state === 'closed') call.world.close(item);
    item.updated = call.world.now();
    return { status: 200, body: pullOf(repo, item, call) };
  }),
  inRepo('post', '/pulls/{pull_number}/requested_reviewers', (repo, call) => {
    const item = itemOf(repo, call.params['pull_number']);
    if (item?.pull === undefined) return fail(404, 'Not Found');
    item.pull.reviewers.push(...((call.body['reviewers'] ?? []) as string[]));
    item.pull.teams.push(...((call.body['team_reviewers'] ?? []) as string[]));
    item.updated = call.world.now();
    return { status: 201, body: simplePull(repo, item, call) };
  }),
  inRepo('get', '/rules/branches/{branch}', (repo, { params }) => ({
    status: 200,
    body: repo.rules
      .filter(({ branches }) => branches.test(params['branch'] ?? ''))
      .map(({ type, parameters }) => ({
        type,
        ...(parameters && { parameters }),
        ruleset_source_type: 'Repository',
        ruleset_source: `${repo.owner}/${repo.name}`,
        ruleset_id: 7,
      })),
  })),
  inRepo('get', '/collaborators/{username}/permission', (repo, { params }) => {
    const user = params['username'] ?? '';
    const permission = repo.permissions.get(user);
    if (permission === undefined || permission === 'none')
      return permission === 'none'
        ? fail(404, 'Not Found')
        : { status: 200, body: { permission: 'read', role_name: 'read', user: null } };
    return { status: 200, body: { permission, role_name: permission, user: null } };
  }),
];

/** One page of a list, with the Link header of RFC 8288 as GitHub writes it. */
function paged(all: readonly unknown[], { base, query, params }: Call): Answer {
  const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
  const more = all.length > size * page;
  const next = `<${base}/repos/${params['owner']}/${params['repo']}/issues?page=${page + 1}>; rel="next"`;
  return { status: 200, body: all.slice(size * (page - 1), size * page), ...(more && { headers: { link: next } }) };
}

function installation(login: string): unknown {
  const url = 'https://api.github.com/';
  return {
    id: 7,
    account: userOf(login),
    repository_selection: 'all',
    access_tokens_url: url,
    repositories_url: url,
    html_url: url,
    app_id: 1,
    app_slug: 'plimsoll',
    target_id: 1,
    target_type: 'Organization',
    permissions: {},
    events: [],
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    single_file_name: null,
    suspended_at: null,
    suspended_by: null,
  };
}

function userOf(login: string): object {
  const url = `https://api.github.com/users/${encodeURIComponent(login)}`;
  const names = [
    'followers',
    'following',
    'gists',
    'starred',
    'subscriptions',
    'organizations',
    'repos',
    'events',
    'received_events',
  ];
  return {
    login,
    id: 1,
    node_id: `U_${login}`,
    avatar_url: url,
    gravatar_id: '',
    url,
    html_url: url,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
    ...Object.fromEntries(names.map((name) => [`${name}_url`, url])),
  };
}

function labelOf(name: string): object {
  const url = 'https://api.github.com/';
  return { id: 1, node_id: 'L', url, name, description: '', color: 'ededed', default: false };
}

function issueOf(repo: Repo, item: Item, base: string): object {
  const url = `${base}/${repo.owner}/${repo.name}/pull/${item.number}`;
  return {
    id: item.number,
    node_id: `I_${item.number}`,
    url,
    repository_url: url,
    labels_url: url,
    comments_url: url,
    events_url: url,
    html_url: url,
    number: item.number,
    state: item.state,
    title: item.title,
    body: item.body,
    user: userOf(item.user),
    labels: item.labels.map(({ name }) => labelOf(name)),
    assignee: null,
    assignees: item.assignees.map(userOf),
    milestone: null,
    locked: false,
    comments: item.comments.length,
    closed_at: item.state === 'closed' ? item.updated : null,
    created_at: item.created,
    updated_at: item.updated,
    author_association: 'NONE',
    ...(item.pull && {
      pull_request: { merged_at: item.pull.merged ?? null, url, html_url: url, diff_url: url, patch_url: url },
    }),
  };
}

function simplePull(repo: Repo, item: Item, { base }: Call): object {
  const url = `${base}/${repo.owner}/${repo.name}/pull/${item.number}`;
  const link = { href: url };
  const side = (ref: string, sha: string): object => ({
    label: `${repo.owner}:${ref}`,
    ref,
    sha,
    user: userOf(repo.owner),
    repo: repositoryOf(repo),
  });
  return {
    ...(issueOf(repo, item, base) as Record<string, unknown>),
    node_id: `PR_${repo.databaseId}_${item.number}`,
    pull_request: undefined,
    diff_url: url,
    patch_url: url,
    issue_url: url,
    commits_url: url,
    review_comments_url: url,
    review_comment_url: url,
    statuses_url: url,
    merged_at: item.pull?.merged ?? null,
    merge_commit_sha: null,
    requested_reviewers: [],
    requested_teams: [],
    head: side(item.pull?.head ?? '', item.pull?.headCommit ?? ''),
    base: side(item.pull?.base ?? '', '0'.repeat(40)),
    _links: {
      comments: link,
      commits: link,
      statuses: link,
      html: link,
      issue: link,
      review_comments: link,
      review_comment: link,
      self: link,
    },
    auto_merge: null,
    draft: item.pull?.draft,
    labels: item.labels.map(({ name }) => labelOf(name)),
  };
}

function pullOf(repo: Repo, item: Item, call: Call): object {
  return {
    ...simplePull(repo, item, call),
    merged: item.pull?.merged !== undefined,
    mergeable: null,
    mergeable_state: 'unknown',
    merged_by: null,
    comments: item.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 1,
    deletions: 1,
    changed_files: 1,
  };
}

function repositoryOf(repo: Repo): object {
  const url = 'https://api.github.com/';
  const links = [
    'archive',
    'assignees',
    'blobs',
    'branches',
    'collaborators',
    'comments',
    'commits',
    'compare',
    'contents',
    'contributors',
    'deployments',
    'downloads',
    'events',
    'forks',
    'git_commits',
    'git_refs',
    'git_tags',
    'hooks',
    'issue_comment',
    'issue_events',
    'issues',
    'keys',
    'labels',
    'languages',
    'merges',
    'milestones',
    'notifications',
    'pulls',
    'releases',
    'stargazers',
    'statuses',
    'subscribers',
    'subscription',
    'tags',
    'teams',
    'trees',
    'clone',
    'git',
    'ssh',
    'svn',
    'mirror',
  ];
  return {
    ...Object.fromEntries(links.map((name) => [`${name}_url`, url])),
    id: repo.databaseId,
    node_id: `R_${repo.databaseId}`,
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    owner: userOf(repo.owner),
    private: repo.isPrivate,
    html_url: url,
    url,
    description: null,
    fork: repo.fork,
    homepage: null,
    language: repo.language ?? null,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 0,
    default_branch: repo.defaultBranch ?? 'main',
    open_issues_count: 0,
    is_template: repo.template,
    topics: repo.topics,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: repo.archived,
    disabled: false,
    visibility: 'public',
    pushed_at: repo.pushed,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: repo.pushed,
    license: null,
    forks: 0,
    open_issues: 0,
    watchers: 0,
  };
}

function fileAt(repo: Repo, path: string): string | undefined {
  const head = repo.store.refs().get(`refs/heads/${repo.defaultBranch}`);
  const found = head && flatten(repo.store, readCommit(repo.store, head).tree).get(path);
  return found && repo.store.read(found.oid)?.bytes.toString();
}

function runsOf(repo: Repo, { query, base }: Call, workflow: string | undefined): Answer {
  const since = query.get('created')?.slice('>='.length) ?? '';
  const found = repo.builds.filter(
    ({ event, of, at }) =>
      event === query.get('event') &&
      (workflow === undefined || of === workflow) &&
      (since === '' || Date.parse(at) >= Date.parse(since)),
  );
  return {
    status: 200,
    body: { total_count: found.length, workflow_runs: found.map((one) => workflowRun(repo, one, base)) },
  };
}

function workflowRun(repo: Repo, build: Build, base: string): object {
  const { id, by, at, event, of } = build;
  const web = `${base}/${repo.owner}/${repo.name}/actions/runs/${id}`;
  return {
    id,
    name: of,
    node_id: String(id),
    head_branch: repo.defaultBranch ?? null,
    head_sha: '0'.repeat(40),
    path: `.github/workflows/${of}`,
    display_title: buildTitle(build),
    run_number: 1,
    event,
    status: 'queued',
    conclusion: null,
    workflow_id: 1,
    url: web,
    html_url: web,
    pull_requests: [],
    created_at: at,
    updated_at: at,
    actor: userOf(by),
    jobs_url: web,
    logs_url: web,
    check_suite_url: web,
    artifacts_url: web,
    cancel_url: web,
    rerun_url: web,
    workflow_url: web,
    head_commit: null,
    repository: repositoryOf(repo),
    head_repository: repositoryOf(repo),
  };
}
