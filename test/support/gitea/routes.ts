import type {
  ActivityAnswer,
  BranchAnswer,
  CommentAnswer,
  CommitAnswer,
  EventAnswer,
  ItemAnswer,
  PullAnswer,
  RepositoryAnswer,
} from '../../../src/forges/gitea/gitea-answers.ts';
import { flatten, readCommit, writeCommit } from '../github/git.ts';
import { type Build, buildTitle, type Item, type Repo, type World } from '../github/world.ts';
import { type Answer, type Call, page, type Route } from '../stand-in.ts';

/** What Gitea answers. Everything is held against its description; see the README beside this file. */

const fail = (status: number, message: string): Answer => ({ status, body: { message, url: 'https://x.example' } });
const missing = fail(404, 'The target couldn’t be found.');

/** A route with its name in the description. */
export interface GiteaRoute extends Route {
  readonly described: string;
}

function route(method: string, described: string, answer: Route['answer']): GiteaRoute {
  // A path or branch may hold slashes.
  const template = described.replace(/\{(\w+)\}/g, (_, name: string) =>
    ['filepath', 'branch', 'basehead'].includes(name) ? `*${name}` : `:${name}`,
  );
  return { method, template, described, answer };
}

function inRepo(method: string, rest: string, answer: (repo: Repo, call: Call) => Answer): GiteaRoute {
  return route(method, `/repos/{owner}/{repo}${rest}`, (call) => {
    const repo = call.world.find(call.params['owner'] ?? '', call.params['repo'] ?? '');
    const permission = repo?.permissions.get(call.login) ?? 'write';
    if (repo === undefined || permission === 'none') return missing;
    if (method !== 'get' && permission === 'read') return fail(403, 'user should have a permission to write to a repo');
    if (method !== 'get' && repo.archived) return fail(423, 'This repo is archived');
    return answer(repo, call);
  });
}

const fullName = ({ owner, name }: Repo): string => `${owner}/${name}`;
const runUrl = (repo: Repo, id: number, { url }: Call['server']): string =>
  `${url}/${fullName(repo)}/actions/runs/${id}`;
const user = (login: string) => ({ id: 1, login, full_name: '', email: `${login}@noreply.example.org` });

function repository(repo: Repo, base: string, login: string): RepositoryAnswer {
  return {
    id: repo.databaseId,
    full_name: fullName(repo),
    html_url: `${base}/${fullName(repo)}`,
    private: repo.isPrivate,
    archived: repo.archived,
    empty: repo.store.refs().size === 0,
    fork: repo.fork,
    template: repo.template,
    default_branch: repo.defaultBranch ?? '',
    default_merge_style: 'merge',
    has_pull_requests: true,
    language: repo.language ?? '',
    topics: repo.topics,
    permissions: { push: repo.permissions.get(login) !== 'read' },
  };
}

/** Protected ones are open to their administrators. */
function branch(repo: Repo, name: string, oid: string, login: string): BranchAnswer {
  const isProtected = repo.protected.has(name);
  const right = repo.permissions.get(login) ?? 'write';
  const may = right === 'admin' || (right === 'write' && !isProtected);
  return {
    name,
    commit: { id: oid },
    protected: isProtected,
    user_can_push: may,
    user_can_merge: may,
    enable_status_check: repo.mustSucceed,
    status_check_contexts: repo.mustSucceed ? ['ci'] : [],
  };
}

function commit(repo: Repo, oid: string): CommitAnswer {
  const { message, parents } = readCommit(repo.store, oid);
  return { sha: oid, commit: { message }, parents: parents.map((sha) => ({ sha })) };
}

/** Labels have numbers, by which alone they are put on and taken off. */
const labels = new WeakMap<Repo, string[]>();
function labelsOf(repo: Repo): string[] {
  const known = labels.get(repo) ?? [];
  labels.set(repo, known);
  return known;
}
const label = (repo: Repo, name: string) => {
  const known = labelsOf(repo);
  if (!known.includes(name)) known.push(name);
  return { id: known.indexOf(name) + 1, name };
};

function item(repo: Repo, one: Item, base: string): ItemAnswer {
  return {
    number: one.number,
    html_url: `${base}/${fullName(repo)}/${one.pull ? 'pulls' : 'issues'}/${one.number}`,
    state: one.state,
    body: one.body,
    user: user(one.user),
    labels: one.labels.map(({ name }) => label(repo, name)),
    updated_at: one.updated,
    created_at: one.created,
    ...(one.pull && { pull_request: { merged: one.pull.merged !== undefined } }),
  };
}

function pull(world: World, repo: Repo, one: Item, base: string): PullAnswer {
  if (one.pull === undefined) throw new Error('no pull request');
  return {
    number: one.number,
    html_url: `${base}/${fullName(repo)}/pulls/${one.number}`,
    state: one.state,
    merged: one.pull.merged !== undefined,
    draft: one.pull.draft,
    title: `${one.pull.draft ? 'WIP: ' : ''}${one.title}`,
    body: one.body,
    user: user(one.user),
    mergeable: one.state === 'open' && !world.conflicts(repo, one),
    labels: one.labels.map(({ name }) => label(repo, name)),
    head: { label: one.pull.head, sha: one.pull.headCommit, repo_id: repo.databaseId },
    base: { ref: one.pull.base, repo_id: repo.databaseId },
  };
}

const itemOf = (repo: Repo, index: string | undefined): Item | undefined =>
  repo.items.find(({ number }) => number === Number(index));

function onItem(
  method: string,
  rest: string,
  answer: (one: Item, repo: Repo, call: Call) => Answer,
  kind: 'issues' | 'pulls' = 'issues',
): GiteaRoute {
  return inRepo(method, `/${kind}/{index}${rest}`, (repo, call) => {
    const one = itemOf(repo, call.params['index']);
    return one === undefined || (kind === 'pulls' && one.pull === undefined) ? missing : answer(one, repo, call);
  });
}

function newItem(world: World, repo: Repo, login: string, more: Partial<Item>): Item {
  const now = world.now();
  const made: Item = {
    number: repo.items.length + 1,
    user: login,
    title: '',
    body: '',
    state: 'open',
    labels: [],
    assignees: [],
    milestone: undefined,
    comments: [],
    created: now,
    updated: now,
    ...more,
  };
  repo.items.push(made);
  return made;
}

const draft = /^WIP: /;
/** Auto-merge shows in what happened and nowhere else. */
const scheduled = new WeakMap<Item, string[]>();

function edit(one: Item, { body, world }: Call): void {
  const { title, body: text, state } = body;
  if (typeof title === 'string') {
    one.title = title.replace(draft, '');
    if (one.pull) one.pull.draft = draft.test(title);
  }
  if (typeof text === 'string') one.body = text;
  if (state === 'closed' || state === 'open') one.state = state;
  one.updated = world.now();
}

export const routes: readonly GiteaRoute[] = [
  route('get', '/user', ({ login }) => ({
    status: 200,
    body: { ...user(login), full_name: 'Plimsoll', email: `${login}@example.org` },
  })),
  route('get', '/version', () => ({ status: 200, body: { version: '15.0.0+gitea-1.22.0' } })),
  route('get', '/orgs/{org}/repos', (call) => {
    const all = call.world.repos.filter(({ owner }) => owner === call.params['org']);
    if (all.length === 0 || call.params['org'] === 'person') return missing;
    const found = all.filter((one) => one.permissions.get(call.login) !== 'none');
    return page(
      found.map((one) => repository(one, call.server.url, call.login)),
      call,
      'limit',
      30,
    );
  }),
  route('get', '/users/{username}/repos', (call) => {
    const all = call.world.repos.filter(({ owner }) => owner === call.params['username']);
    if (all.length === 0) return missing;
    return page(
      all.map((one) => repository(one, call.server.url, call.login)),
      call,
      'limit',
      30,
    );
  }),
  route('get', '/orgs/{org}/labels', (call) => page([{ id: 9000, name: 'org-wide' }], call, 'limit', 30)),
  inRepo('get', '', (repo, { server, login }) => ({ status: 200, body: repository(repo, server.url, login) })),
  inRepo('get', '/activities/feeds', (repo, call) => {
    const events = [...repo.pushes].reverse().map(({ by, branch: name, commit: sha }): ActivityAnswer & object => {
      const commits = [{ Sha1: sha, Message: 'x', AuthorEmail: 'x', AuthorName: 'x' }];
      const content = { Commits: commits, HeadCommit: commits[0], CompareURL: '', Len: 1 };
      return { op_type: 'commit_repo', content: JSON.stringify(content), act_user: user(by), ref_name: name } as never;
    });
    return page(events, call, 'limit', 30);
  }),
  inRepo('get', '/branches', (repo, call) => {
    const heads = [...repo.store.refs()].filter(([ref]) => ref.startsWith('refs/heads/'));
    const all = heads.map(([ref, oid]) => branch(repo, ref.slice('refs/heads/'.length), oid, call.login));
    return page(all, call, 'limit', 30);
  }),
  inRepo('post', '/branches', (repo, { world, body, login }) => {
    const [name, ref] = [String(body['new_branch_name']), String(body['old_ref_name'])];
    if (world.head(repo, name) !== undefined) return fail(409, 'The branch already exists.');
    world.setBranch(repo, name, ref);
    repo.pushes.push({ by: login, branch: name, commit: ref });
    return { status: 201, body: branch(repo, name, ref, login) };
  }),
  inRepo('get', '/branches/{branch}', (repo, { world, params, login }) => {
    const name = params['branch'] ?? '';
    const oid = world.head(repo, name);
    return oid === undefined ? missing : { status: 200, body: branch(repo, name, oid, login) };
  }),
  inRepo('get', '/collaborators/{collaborator}/permission', (repo, { params, login }) => {
    if (repo.permissions.get(login) !== 'admin' && repo.permissions.has(login))
      return fail(403, 'Only admins can query');
    const permission = repo.permissions.get(params['collaborator'] ?? '');
    return permission === undefined
      ? missing
      : { status: 200, body: { permission, role_name: '', user: user(params['collaborator'] ?? '') } };
  }),
  inRepo('get', '/compare/{basehead}', (repo, { world, params }) => {
    const [from = '', to = ''] = (params['basehead'] ?? '').split('...');
    if (world.head(repo, from) === undefined || world.head(repo, to) === undefined) return missing;
    const commits = world.commits(repo, from, to).reverse();
    return {
      status: 200,
      body: { total_commits: commits.length, commits: commits.map(({ oid }) => commit(repo, oid)) },
    };
  }),
  inRepo('get', '/contents/{filepath}', (repo, { params, query }) => {
    const ref = query.get('ref') ?? '';
    const files = repo.store.read(ref) ? flatten(repo.store, readCommit(repo.store, ref).tree) : new Map();
    const file = files.get(params['filepath'] ?? '');
    return file === undefined
      ? missing
      : { status: 200, body: { path: params['filepath'], sha: file.oid, type: 'file' } };
  }),
  inRepo('post', '/contents', (repo, { world, body, login }) => {
    const name = String(body['branch']);
    const head = world.head(repo, name);
    if (head === undefined) return fail(404, 'branch does not exist');
    const now = flatten(repo.store, readCommit(repo.store, head).tree);
    const files = body['files'] as { path: string; sha: string; content: string }[];
    if (files.some(({ path, sha }) => now.get(path)?.oid !== sha)) return fail(422, 'sha does not match');
    const changed = Object.fromEntries(files.map(({ path, content }) => [path, Buffer.from(content, 'base64')]));
    const author = body['author'] as { name: string; email: string };
    const oid = writeCommit(repo.store, {
      tree: world.changed(repo, head, changed),
      parents: [head],
      author,
      committer: author,
      message: String(body['message']),
    });
    world.setBranch(repo, name, oid);
    repo.pushes.push({ by: login, branch: name, commit: oid });
    return { status: 201, body: { commit: { sha: oid, parents: [{ sha: head }] } } };
  }),
  inRepo('get', '/git/blobs/{sha}', (repo, { params }) => {
    const found = repo.store.read(params['sha'] ?? '');
    if (found === undefined) return missing;
    const { bytes } = found;
    const body = { content: bytes.toString('base64'), encoding: 'base64', sha: params['sha'], size: bytes.length };
    return { status: 200, body };
  }),
  inRepo('get', '/git/commits/{sha}', (repo, { params }) =>
    repo.store.read(params['sha'] ?? '') === undefined
      ? missing
      : { status: 200, body: commit(repo, params['sha'] ?? '') },
  ),
  inRepo('get', '/git/trees/{sha}', (repo, { params, query }) => {
    const sha = params['sha'] ?? '';
    if (repo.store.read(sha) === undefined) return missing;
    const all = [...flatten(repo.store, readCommit(repo.store, sha).tree)].map(([path, { mode, oid }]) => ({
      path,
      mode,
      type: mode === '160000' ? 'commit' : 'blob',
      sha: oid,
      size: mode === '160000' ? 0 : (repo.store.read(oid)?.bytes.length ?? 0),
    }));
    // Few, so that there is a second page.
    const many = Math.min(4, Number(query.get('per_page') ?? 1000));
    const number = Number(query.get('page') ?? 1);
    const tree = all.slice((number - 1) * many, number * many);
    const truncated = all.length > number * many;
    return { status: 200, body: { sha, tree, truncated, page: number, total_count: all.length } };
  }),
  inRepo('get', '/issues', (repo, call) => {
    const { query, server } = call;
    const by = query.get('created_by');
    const type = query.get('type');
    const found = repo.items.filter(
      (one) => (by === null || one.user === by) && (type === null || (type === 'pulls') === (one.pull !== undefined)),
    );
    return page(
      [...found].reverse().map((one) => item(repo, one, server.url)),
      call,
      'limit',
      30,
    );
  }),
  inRepo('post', '/issues', (repo, call) => {
    const { title, body } = call.body;
    const made = newItem(call.world, repo, call.login, { title: String(title), body: String(body ?? '') });
    return { status: 201, body: item(repo, made, call.server.url) };
  }),
  onItem('patch', '', (one, repo, call) => {
    edit(one, call);
    return { status: 201, body: item(repo, one, call.server.url) };
  }),
  onItem('get', '/comments', (one) => ({
    status: 200,
    body: one.comments.map((said): CommentAnswer => ({ id: said.id, body: said.body, user: user(said.user) })),
  })),
  onItem('post', '/comments', (one, _repo, { world, login, body }) => {
    const said = world.say(one, login, String(body['body']));
    return { status: 201, body: { id: said.id, body: said.body, user: user(login) } };
  }),
  onItem('get', '/timeline', (one, repo, call) => {
    const events: EventAnswer[] = [
      ...one.labels.map(({ name, by }) => ({ type: 'label', body: '1', user: user(by), label: label(repo, name) })),
      ...(scheduled.get(one) ?? []).map((type) => ({ type, body: '', user: user('plimsoll') })),
    ];
    return page(events, call, 'limit', 30);
  }),
  onItem('get', '/labels', (one, repo) => ({ status: 200, body: one.labels.map(({ name }) => label(repo, name)) })),
  onItem('post', '/labels', (one, repo, { body, world, login }) => {
    for (const id of body['labels'] as number[]) {
      const name = id === 9000 ? 'org-wide' : labelsOf(repo)[id - 1];
      if (name === undefined) return fail(404, 'no such label');
      if (!one.labels.some((known) => known.name === name)) world.label(one, name, login);
    }
    return { status: 200, body: one.labels.map(({ name }) => label(repo, name)) };
  }),
  onItem('delete', '/labels/{id}', (one, repo, { params }) => {
    const name = labelsOf(repo)[Number(params['id']) - 1];
    if (!one.labels.some((known) => known.name === name)) return missing;
    one.labels.splice(0, one.labels.length, ...one.labels.filter((known) => known.name !== name));
    return { status: 204 };
  }),
  inRepo('get', '/labels', (repo, call) =>
    page(
      labelsOf(repo).map((name) => label(repo, name)),
      call,
      'limit',
      30,
    ),
  ),
  inRepo('post', '/labels', (repo, { body }) => ({ status: 201, body: label(repo, String(body['name'])) })),
  inRepo('get', '/pulls', (repo, call) => {
    const state = call.query.get('state') ?? 'open';
    const found = repo.items.filter((one) => one.pull !== undefined && (state === 'all' || one.state === state));
    const sorted = [...found].sort((a, b) => (a.updated < b.updated ? 1 : -1));
    return page(
      sorted.map((one) => pull(call.world, repo, one, call.server.url)),
      call,
      'limit',
      30,
    );
  }),
  inRepo('post', '/pulls', (repo, { world, body, login, server }) => {
    const [head, base, title] = [String(body['head']), String(body['base']), String(body['title'])];
    const headCommit = world.head(repo, head);
    if (headCommit === undefined) return missing;
    const open = repo.items.find((one) => one.state === 'open' && one.pull?.head === head && one.pull.base === base);
    if (open !== undefined) return fail(409, `pull request already exists for these targets [number: ${open.number}]`);
    const made = newItem(world, repo, login, {
      title: title.replace(draft, ''),
      body: String(body['body'] ?? ''),
      pull: {
        head,
        base,
        draft: draft.test(title),
        merged: undefined,
        automerge: false,
        headCommit,
        reviewers: [],
        teams: [],
      },
    });
    world.moved(repo);
    return { status: 201, body: pull(world, repo, made, server.url) };
  }),
  onItem(
    'get',
    '',
    (one, repo, { world, server }) => ({ status: 200, body: pull(world, repo, one, server.url) }),
    'pulls',
  ),
  onItem(
    'patch',
    '',
    (one, repo, call) => {
      edit(one, call);
      return { status: 201, body: pull(call.world, repo, one, call.server.url) };
    },
    'pulls',
  ),
  onItem(
    'post',
    '/merge',
    (one, repo, { world, body, server }) => {
      if (one.state !== 'open' || one.pull === undefined) return { status: 405 };
      if (body['head_commit_id'] !== one.pull.headCommit) return fail(409, 'head out of date');
      if (repo.mustSucceed) scheduled.set(one, [...(scheduled.get(one) ?? []), 'pull_scheduled_merge']);
      else {
        // As it really does.
        server.untested.push(one.number);
        world.merge(repo, one);
      }
      return { status: 200 };
    },
    'pulls',
  ),
  onItem(
    'delete',
    '/merge',
    (one) => {
      const events = scheduled.get(one) ?? [];
      if (events.at(-1) !== 'pull_scheduled_merge') return missing;
      scheduled.set(one, [...events, 'pull_cancel_scheduled_merge']);
      return { status: 204 };
    },
    'pulls',
  ),
  onItem('post', '/requested_reviewers', () => ({ status: 201, body: [] }), 'pulls'),
  inRepo(
    'post',
    '/actions/workflows/{workflow_id}/dispatches',
    (repo, { world, login, params, query, body, server }) => {
      const of = params['workflow_id'] ?? '';
      const head = repo.store.refs().get(`refs/heads/${body['ref']}`);
      const files = head === undefined ? undefined : flatten(repo.store, readCommit(repo.store, head).tree);
      if (files?.get(`.gitea/workflows/${of}`) === undefined) return missing;
      const inputs = (body['inputs'] ?? {}) as Build['inputs'];
      const { id } = world.build(repo, { by: login, event: 'workflow_dispatch', of, inputs });
      if (query.get('return_run_details') !== 'true') return { status: 204 };
      return { status: 200, body: { workflow_run_id: id, html_url: runUrl(repo, id, server) } };
    },
  ),
  inRepo('get', '/actions/runs', (repo, { query, server }) => {
    const found = repo.builds.filter(({ event }) => event === (query.get('event') ?? event));
    const runs = found.map((one) => ({
      id: one.id,
      display_title: buildTitle(one),
      event: one.event,
      path: `${one.of}@refs/heads/main`,
      started_at: one.at,
      html_url: runUrl(repo, one.id, server),
      actor: user(one.by),
    }));
    return { status: 200, body: { total_count: runs.length, workflow_runs: runs } };
  }),
];
