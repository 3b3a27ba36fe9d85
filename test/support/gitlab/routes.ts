import type {
  AcceptMergeRequestOptions,
  AllEventOptions,
  AllGroupProjectsOptions,
  AllMergeRequestsOptions,
  AllPipelinesOptions,
  AllRepositoryTreesOptions,
  BranchSchema,
  CommitSchema,
  CreateCommitOptions,
  CreateIssueOptions,
  CreateMergeRequestOptions,
  EditIssueOptions,
  EditMergeRequestOptions,
  ExpandedMergeRequestSchema,
  IssueSchema,
  LabelEventSchema,
  MergeRequestNoteSchema,
  MergeRequestSchemaWithBasicLabels,
  PipelineSchema,
  ProjectSchema,
  RepositoryTreeSchema,
} from '@gitbeaker/rest';
import type {
  BranchAnswer,
  CommitAnswer,
  IssueAnswer,
  LabelEventAnswer,
  MergeAnswer,
  NoteAnswer,
  PipelineAnswer,
  ProjectAnswer,
  PushEventAnswer,
  VariableAnswer,
  WholeMergeAnswer,
} from '../../../src/forges/gitlab/gitlab-answers.ts';
import { type Commit, flatten, readCommit, readTree, writeCommit } from '../github/git.ts';
import type { Build, Item, Repo, World } from '../github/world.ts';
import { type Answer, type Call, page, type Route } from '../stand-in.ts';

/*
 * What GitLab answers. The compiler holds every answer against the published types (`Pick<…Schema, …>`) and against what the
 * forge reads; the names of what may be sent come from the published types, too.
 */

/** What a published type names; each of them also takes anything else. */
type Known<Schema> = keyof { [Key in keyof Schema as string extends Key ? never : Key]: true };

/** Only what the forge reads of it, in the types that are published. */
type Checked<Schema, Answer> = Partial<Pick<Schema, Extract<keyof Answer, Known<Schema>>>>;

/** Does the forge read nothing that is not published? The compiler says which key it is. */
type Published<Answer, Schema> = Exclude<keyof Answer, Known<Schema>>;

type Unpublished =
  | Published<ProjectAnswer, ProjectSchema>
  | Published<CommitAnswer, CommitSchema>
  | Published<BranchAnswer, BranchSchema>
  | Published<WholeMergeAnswer, ExpandedMergeRequestSchema>
  | Published<IssueAnswer, IssueSchema>
  | Published<NoteAnswer, MergeRequestNoteSchema>
  | Published<LabelEventAnswer, LabelEventSchema>;

/** `true` does not compile where the forge reads something else; that a project is a fork is in GitLab's documentation alone. */
export const isPublished: [Exclude<Unpublished, 'forked_from_project'>] extends [never] ? true : never = true;

/** Names of parameters as they are sent, of the published ones. */
function names<T>(...all: readonly (keyof T & string)[]): string[] {
  return all.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

const paging = ['page', 'per_page'];

/** What may be asked and sent, per route. */
const allowed = new Map<string, readonly string[]>();

function fail(status: number, message: unknown = `${status} ${status === 404 ? 'Not Found' : 'Forbidden'}`): Answer {
  return { status, body: { message } };
}

const levels = { admin: 50, write: 30, read: 20, none: 0 } as const;
const ids = new Map<string, number>();
export function userId(login: string): number {
  const known = ids.get(login) ?? ids.size + 1;
  ids.set(login, known);
  return known;
}
const user = (login: string) => ({
  id: userId(login),
  username: login,
  name: login,
  state: 'active',
  avatar_url: '',
  web_url: `https://gitlab.example/${login}`,
});

export function fullName({ owner, name }: Repo): string {
  return `${owner}/${name}`;
}

/** A route in a project that the account may see, and write to unless it only reads. */
function inProject(
  method: string,
  rest: string,
  parameters: readonly string[],
  answer: (repo: Repo, call: Call) => Answer,
): Route {
  const template = `/projects/:id${rest}`;
  allowed.set(`${method} ${template}`, parameters);
  return {
    method,
    template,
    answer: (call) => {
      const key = call.params['id'] ?? '';
      const repo = call.world.repos.find((one) => String(one.databaseId) === key || fullName(one) === key);
      const permission = repo?.permissions.get(call.login) ?? 'write';
      if (repo === undefined || permission === 'none') return fail(404, '404 Project Not Found');
      const writes = method !== 'get' && method !== 'head';
      if (writes && (permission === 'read' || repo.archived)) return fail(403);
      return answer(repo, call);
    },
  };
}

function anywhere(method: string, template: string, parameters: readonly string[], answer: Route['answer']): Route {
  allowed.set(`${method} ${template}`, parameters);
  return { method, template, answer };
}

function project(repo: Repo, base: string): ProjectAnswer & Checked<ProjectSchema, ProjectAnswer> {
  const web = `${base}/${fullName(repo)}`;
  return {
    id: repo.databaseId,
    path_with_namespace: fullName(repo),
    web_url: web,
    http_url_to_repo: `${web}.git`,
    // null where nothing was pushed, which the published types do not know.
    default_branch: (repo.store.refs().size === 0 ? null : (repo.defaultBranch ?? null)) as string,
    visibility: repo.isPrivate ? 'private' : 'public',
    archived: repo.archived,
    topics: repo.topics,
    ...(repo.fork && { forked_from_project: { id: 1 } }),
    only_allow_merge_if_pipeline_succeeds: repo.mustSucceed,
  };
}

function pipeline(
  repo: Repo,
  { id, at }: Build,
  base: string,
): PipelineAnswer & Checked<PipelineSchema, PipelineAnswer> {
  return { id, web_url: `${base}/${fullName(repo)}/-/pipelines/${id}`, created_at: at };
}

function commitOf(commit: Commit): CommitAnswer & Checked<CommitSchema, CommitAnswer> {
  return { id: commit.oid, message: commit.message, parent_ids: [...commit.parents] };
}

function branch(repo: Repo, name: string, oid: string): BranchAnswer & { name: BranchSchema['name'] } {
  return { name, commit: commitOf(readCommit(repo.store, oid)) };
}

function merge(repo: Repo, item: Item, base: string): MergeAnswer {
  const pull = item.pull;
  if (pull === undefined) throw new Error('no merge request');
  const answer = {
    iid: item.number,
    web_url: `${base}/${fullName(repo)}/-/merge_requests/${item.number}`,
    state: pull.merged !== undefined ? 'merged' : item.state === 'open' ? 'opened' : 'closed',
    draft: pull.draft,
    title: `${pull.draft ? 'Draft: ' : ''}${item.title}`,
    description: item.body,
    author: user(item.user),
    source_branch: pull.head,
    target_branch: pull.base,
    source_project_id: repo.databaseId,
    target_project_id: repo.databaseId,
    sha: pull.headCommit,
    labels: item.labels.map(({ name }) => name),
    updated_at: item.updated,
    created_at: item.created,
    merge_when_pipeline_succeeds: pull.automerge,
    // Lists do not work it out.
    has_conflicts: false,
    detailed_merge_status: 'unchecked',
    merge_status: 'unchecked',
  } satisfies Checked<MergeRequestSchemaWithBasicLabels, MergeAnswer>;
  return answer;
}

function wholeMerge(world: World, repo: Repo, item: Item, base: string): WholeMergeAnswer {
  const conflicts = item.state === 'open' && world.conflicts(repo, item);
  const sha = item.pull?.headCommit ?? '';
  const pipeline = { sha, status: 'running' } satisfies Partial<ExpandedMergeRequestSchema['head_pipeline']>;
  return {
    ...merge(repo, item, base),
    has_conflicts: conflicts,
    detailed_merge_status: conflicts ? 'broken_status' : 'mergeable',
    merge_status: conflicts ? 'cannot_be_merged' : 'can_be_merged',
    head_pipeline: repo.pipelines ? pipeline : null,
  };
}

function issue(repo: Repo, item: Item, base: string): IssueAnswer {
  return {
    iid: item.number,
    web_url: `${base}/${fullName(repo)}/-/issues/${item.number}`,
    state: item.state === 'open' ? 'opened' : 'closed',
    description: item.body,
    author: user(item.user),
    labels: [],
    updated_at: item.updated,
    created_at: item.created,
  } satisfies Checked<IssueSchema, IssueAnswer>;
}

const mergesOf = (repo: Repo): Item[] => repo.items.filter(({ pull }) => pull !== undefined);
const issuesOf = (repo: Repo): Item[] => repo.items.filter(({ pull }) => pull === undefined);
const numbered = (items: readonly Item[], number: string | undefined): Item | undefined =>
  items.find((item) => item.number === Number(number));
const latest = (items: readonly Item[], query: URLSearchParams): Item[] => {
  const key = query.get('order_by') === 'updated_at' ? 'updated' : 'created';
  return [...items].sort((a, b) => (a[key] < b[key] ? 1 : -1));
};

function inMerge(
  method: string,
  rest: string,
  parameters: readonly string[],
  answer: (item: Item, repo: Repo, call: Call) => Answer,
): Route {
  return inProject(method, `/merge_requests/:iid${rest}`, parameters, (repo, call) => {
    const item = numbered(mergesOf(repo), call.params['iid']);
    return item === undefined ? fail(404) : answer(item, repo, call);
  });
}

function newItem(world: World, repo: Repo, user: string, kind: 'pull' | 'issue', more: Partial<Item>): Item {
  const now = world.now();
  const before = kind === 'pull' ? mergesOf(repo) : issuesOf(repo);
  const item: Item = {
    number: before.length + 1,
    user,
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
  repo.items.push(item);
  return item;
}

/** What GitLab would do of a text of ours: nothing, or there is a fault. */
function quickActions({ server }: Call, text: unknown): void {
  const found = /^\s*\/(?:merge|close|label|approve|assign|draft|reopen)\b.*$/m.exec(String(text ?? ''));
  if (found !== null) server.faults.push(`a quick action would be done: ${found[0]}`);
}

const draft = /^Draft: /;

export const routes: readonly Route[] = [
  anywhere('get', '/user', [], ({ login }) => ({
    status: 200,
    body: { ...user(login), email: `${login}@example.org`, commit_email: `${login}@users.example.org` },
  })),
  anywhere('get', '/personal_access_tokens/self', [], () => ({
    status: 200,
    body: { id: 1, scopes: ['api'], expires_at: '2099-01-01', active: true },
  })),
  anywhere('get', '/users', ['username'], ({ query }) => {
    const name = query.get('username') ?? '';
    return { status: 200, body: name === 'nobody' ? [] : [user(name)] };
  }),
  anywhere(
    'get',
    '/groups/:group/projects',
    [
      ...names<AllGroupProjectsOptions>('archived', 'topic', 'orderBy', 'sort', 'includeSubgroups', 'withShared'),
      ...paging,
    ],
    (call) => {
      const { world, params, query, server, login } = call;
      const group = params['group'] ?? '';
      const all = world.repos.filter(({ owner }) => owner === group || owner.startsWith(`${group}/`));
      if (all.length === 0) return fail(404, '404 Group Not Found');
      const found = all.filter(
        (one) =>
          one.permissions.get(login) !== 'none' &&
          (query.get('archived') !== 'false' || !one.archived) &&
          (query.get('topic') === null || one.topics.includes(query.get('topic') ?? '')),
      );
      return page(
        found.map((one) => project(one, server.url)),
        call,
        'per_page',
        20,
      );
    },
  ),
  inProject('get', '/protected_branches', paging, (repo, call) => page(repo.protectedBranches, call, 'per_page', 20)),
  anywhere('get', '/users/:user/projects', ['archived', 'topic', 'order_by', 'sort', ...paging], () =>
    fail(404, '404 User Not Found'),
  ),
  inProject('get', '', [], (repo, { server, login }) => ({
    status: 200,
    body: {
      ...project(repo, server.url),
      merge_requests_access_level: 'enabled',
      permissions: {
        project_access: { access_level: levels[repo.permissions.get(login) ?? 'write'], notification_level: 3 },
        group_access: null,
      },
    },
  })),
  inProject('get', '/repository/branches', ['regex', 'search', ...paging], (repo, call) => {
    const pattern = new RegExp(call.query.get('regex') ?? '');
    const heads = [...repo.store.refs()].flatMap(([ref, oid]): [string, string][] =>
      ref.startsWith('refs/heads/') ? [[ref.slice('refs/heads/'.length), oid]] : [],
    );
    const found = heads.filter(([name]) => pattern.test(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    return page(
      found.map(([name, oid]) => branch(repo, name, oid)),
      call,
      'per_page',
      20,
    );
  }),
  inProject('get', '/repository/branches/:branch', [], (repo, { world, params }) => {
    const name = params['branch'] ?? '';
    const oid = world.head(repo, name);
    return oid === undefined ? fail(404, '404 Branch Not Found') : { status: 200, body: branch(repo, name, oid) };
  }),
  inProject('post', '/repository/branches', ['branch', 'ref'], (repo, { world, body, login }) => {
    const [name, ref] = [String(body['branch']), String(body['ref'])];
    if (world.head(repo, name) !== undefined) return fail(400, 'Branch already exists');
    world.setBranch(repo, name, ref);
    repo.pushes.push({ by: login, branch: name, commit: ref });
    return { status: 201, body: branch(repo, name, ref) };
  }),
  inProject(
    'get',
    '/repository/tree',
    [...names<AllRepositoryTreesOptions>('ref', 'recursive', 'pageToken'), 'pagination', ...paging],
    (repo, { query, address }) => {
      const commit = repo.store.read(query.get('ref') ?? '');
      if (commit === undefined) return fail(404, '404 Tree Not Found');
      const root = readCommit(repo.store, query.get('ref') ?? '').tree;
      const folders = (tree: string, above: string): RepositoryTreeSchema[] =>
        readTree(repo.store, tree).flatMap(({ mode, name, oid }) => {
          const at = `${above}${name}`;
          const type = mode === '40000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
          const own = { id: oid, name, type, path: at, mode: mode.padStart(6, '0') };
          return type === 'tree' ? [own, ...folders(oid, `${at}/`)] : [own];
        });
      const all = folders(root, '');
      const many = Number(query.get('per_page') ?? 20);
      const token = query.get('page_token');
      const from =
        query.get('pagination') === 'keyset'
          ? all.findIndex(({ id, path }) => `${id} ${path}` === token) + 1
          : (Number(query.get('page') ?? 1) - 1) * many;
      const some = all.slice(from, from + many);
      const last = some.at(-1);
      if (last === undefined || from + many >= all.length) return { status: 200, body: some };
      const next = new URLSearchParams(query);
      next.set('page_token', `${last.id} ${last.path}`);
      return { status: 200, body: some, headers: { link: `<${address}?${next}>; rel="next"` } };
    },
  ),
  inProject('get', '/repository/blobs/:sha/raw', [], (repo, { params }) => {
    const found = repo.store.read(params['sha'] ?? '');
    return found === undefined
      ? fail(404, '404 Blob Not Found')
      : { status: 200, bytes: found.bytes, headers: { 'content-type': 'text/plain' } };
  }),
  inProject('head', '/repository/files/:file', ['ref'], (repo, { query, params }) => {
    const ref = query.get('ref') ?? '';
    const files =
      repo.store.read(ref) === undefined ? new Map() : flatten(repo.store, readCommit(repo.store, ref).tree);
    const file = files.get(params['file'] ?? '');
    return file === undefined ? fail(404) : { status: 200, headers: { 'x-gitlab-blob-id': file.oid } };
  }),
  inProject('get', '/repository/commits', ['ref_name', ...paging], (repo, call) => {
    const [from = '', to = ''] = (call.query.get('ref_name') ?? '').split('..');
    if (call.world.head(repo, from) === undefined || call.world.head(repo, to) === undefined) return fail(404);
    const commits = call.world.commits(repo, from, to).reverse();
    return page(commits.map(commitOf), call, 'per_page', 20);
  }),
  inProject(
    'post',
    '/repository/commits',
    ['branch', 'commit_message', ...names<CreateCommitOptions>('authorName', 'authorEmail', 'actions')],
    (repo, { world, body, login }) => {
      const name = String(body['branch']);
      const head = world.head(repo, name);
      if (head === undefined) return fail(400, 'You can only create or edit files when you are on a branch');
      const actions = body['actions'] as { action: string; file_path: string; content: string }[];
      const files = Object.fromEntries(actions.map((one) => [one.file_path, Buffer.from(one.content, 'base64')]));
      const tree = world.changed(repo, head, files);
      const by = { name: String(body['author_name']), email: String(body['author_email']) };
      const message = String(body['commit_message']);
      const oid = writeCommit(repo.store, { tree, parents: [head], author: by, committer: by, message });
      world.setBranch(repo, name, oid);
      repo.pushes.push({ by: login, branch: name, commit: oid });
      return { status: 201, body: commitOf(readCommit(repo.store, oid)) };
    },
  ),
  inProject('get', '/events', [...names<AllEventOptions>('action'), ...paging], (repo, call) => {
    const events = [...repo.pushes].reverse().map(
      ({ by, commit }): PushEventAnswer => ({
        author_id: userId(by),
        push_data: { commit_to: commit, ref_type: 'branch' },
      }),
    );
    return page(events, call, 'per_page', 20);
  }),
  inProject(
    'get',
    '/merge_requests',
    [...names<AllMergeRequestsOptions>('authorId', 'scope', 'orderBy', 'sort', 'state', 'sourceBranch'), ...paging],
    (repo, call) => {
      const { query, server } = call;
      const author = query.get('author_id');
      const source = query.get('source_branch');
      const found = latest(mergesOf(repo), query).filter(
        ({ user: by, pull }) =>
          (author === null || String(userId(by)) === author) && (source === null || pull?.head === source),
      );
      return page(
        found.map((one) => merge(repo, one, server.url)),
        call,
        'per_page',
        20,
      );
    },
  ),
  inProject(
    'post',
    '/merge_requests',
    ['source_branch', 'target_branch', 'title', 'description', ...names<CreateMergeRequestOptions>()],
    (repo, call) => {
      const { world, body, login, server } = call;
      quickActions(call, body['description']);
      const [head, base] = [String(body['source_branch']), String(body['target_branch'])];
      const commit = world.head(repo, head);
      if (commit === undefined) return fail(400, { source_branch: ['does not exist'] });
      const open = mergesOf(repo).find(({ state, pull }) => state === 'open' && pull?.head === head);
      if (open !== undefined)
        return fail(409, [`Another open merge request already exists for this source branch: !${open.number}`]);
      const title = String(body['title']);
      const item = newItem(world, repo, login, 'pull', {
        title: title.replace(draft, ''),
        body: String(body['description'] ?? ''),
        pull: {
          head,
          base,
          draft: draft.test(title),
          merged: undefined,
          automerge: false,
          headCommit: commit,
          reviewers: [],
          teams: [],
        },
      });
      world.moved(repo);
      return { status: 201, body: wholeMerge(world, repo, item, server.url) };
    },
  ),
  inMerge('get', '', [], (item, repo, { world, server }) => ({
    status: 200,
    body: wholeMerge(world, repo, item, server.url),
  })),
  inMerge(
    'put',
    '',
    names<EditMergeRequestOptions>(
      'title',
      'description',
      'stateEvent',
      'addLabels',
      'removeLabels',
      'reviewerIds',
      'assigneeIds',
      'milestoneId',
    ),
    (item, repo, call) => {
      const { body, world, login, server } = call;
      const { title, description, state_event: event, add_labels: add, remove_labels: remove } = body;
      quickActions(call, description);
      if (typeof title === 'string') {
        item.title = title.replace(draft, '');
        if (item.pull) item.pull.draft = draft.test(title);
      }
      if (typeof description === 'string') item.body = description;
      if (event === 'close' && item.state === 'open') world.close(item);
      const own = new Set(item.labels.map(({ name }) => name));
      for (const name of typeof add === 'string' ? add.split(',') : []) {
        if (!own.has(name)) world.label(item, name, login);
        own.add(name);
      }
      const gone = typeof remove === 'string' ? remove.split(',') : [];
      item.labels.splice(0, item.labels.length, ...item.labels.filter(({ name }) => !gone.includes(name)));
      item.updated = world.now();
      return { status: 200, body: wholeMerge(world, repo, item, server.url) };
    },
  ),
  inMerge(
    'put',
    '/merge',
    names<AcceptMergeRequestOptions>('sha', 'mergeWhenPipelineSucceeds', 'autoMerge'),
    (item, repo, { world, body, server }) => {
      if (item.state !== 'open' || item.pull === undefined) return fail(405, '405 Method Not Allowed');
      if (body['sha'] !== item.pull.headCommit) return fail(409, 'SHA does not match HEAD of source branch');
      if (repo.pipelines && repo.mustSucceed) item.pull.automerge = true;
      else {
        // As it really does.
        server.untested.push(item.number);
        world.merge(repo, item);
      }
      return { status: 200, body: wholeMerge(world, repo, item, server.url) };
    },
  ),
  inMerge('post', '/cancel_merge_when_pipeline_succeeds', [], (item, repo, { world, server }) => {
    if (item.pull) item.pull.automerge = false;
    return { status: 201, body: wholeMerge(world, repo, item, server.url) };
  }),
  inMerge('get', '/notes', ['sort', ...paging], (item, _repo, call) => {
    const notes = item.comments.map(
      (one): NoteAnswer & Checked<MergeRequestNoteSchema, Omit<NoteAnswer, 'author'>> => ({
        id: one.id,
        body: one.body,
        system: false,
        author: user(one.user),
      }),
    );
    // The system tells what happened between what people say.
    const all: NoteAnswer[] = [{ id: 1, body: 'plimsoll: rebase', system: true, author: user('ada') }, ...notes];
    return page(call.query.get('sort') === 'desc' ? all.reverse() : all, call, 'per_page', 20);
  }),
  inMerge('post', '/notes', ['body'], (item, _repo, call) => {
    quickActions(call, call.body['body']);
    const said = call.world.say(item, call.login, String(call.body['body']));
    return { status: 201, body: { id: said.id, body: said.body, system: false, author: user(call.login) } };
  }),
  inMerge('get', '/resource_label_events', paging, (item, _repo, call) =>
    page(
      item.labels.map(({ name, by }): LabelEventAnswer & { action: LabelEventSchema['action'] } => ({
        user: user(by),
        action: 'add',
        label: { name },
      })),
      call,
      'per_page',
      20,
    ),
  ),
  inProject('get', '/members/all/:user', [], (repo, { params }) => {
    const name = [...ids].find(([, id]) => String(id) === params['user'])?.[0] ?? '';
    const level = repo.permissions.get(name);
    return level === undefined ? fail(404) : { status: 200, body: { ...user(name), access_level: levels[level] } };
  }),
  inProject('get', '/milestones', ['iids[]'], (_repo, { query }) => ({
    status: 200,
    body: query.get('iids[]') === '404' ? [] : [{ id: 1000 + Number(query.get('iids[]')), iid: 1 }],
  })),
  inProject('get', '/issues', ['author_id', 'scope', 'order_by', 'sort', 'state', ...paging], (repo, call) =>
    page(
      latest(issuesOf(repo), call.query).map((one) => issue(repo, one, call.server.url)),
      call,
      'per_page',
      20,
    ),
  ),
  inProject('post', '/pipeline', ['ref', 'variables'], (repo, { world, login, body, server }) => {
    const given = (body['variables'] ?? []) as readonly { key: string; value: string }[];
    const inputs = Object.fromEntries(given.map(({ key, value }) => [key, value]));
    return {
      status: 201,
      body: pipeline(repo, world.build(repo, { by: login, event: 'api', of: String(body['ref']), inputs }), server.url),
    };
  }),
  inProject('post', '/trigger/pipeline', ['ref', 'variables', 'token'], (repo, { world, login, body, server }) => {
    if (body['token'] !== 'trigger') return fail(404, '404 Not Found');
    const inputs = (body['variables'] ?? {}) as Build['inputs'];
    return {
      status: 201,
      body: pipeline(
        repo,
        world.build(repo, { by: login, event: 'trigger', of: String(body['ref']), inputs }),
        server.url,
      ),
    };
  }),
  inProject(
    'get',
    '/pipelines',
    [...names<AllPipelinesOptions>('ref', 'source', 'updatedAfter', 'username'), ...paging],
    (repo, { query, server }) => {
      const since = Date.parse(query.get('updated_after') ?? '1970-01-01T00:00:00Z');
      const found = repo.builds.filter(
        ({ of, event, at, by }) =>
          of === query.get('ref') &&
          event === query.get('source') &&
          by === (query.get('username') ?? by) &&
          Date.parse(at) >= since,
      );
      return { status: 200, body: found.map((one) => pipeline(repo, one, server.url)) };
    },
  ),
  inProject('get', '/pipelines/:pipeline/variables', [], (repo, { params }) => {
    const found = repo.builds.find(({ id }) => String(id) === params['pipeline']);
    if (found === undefined) return fail(404);
    return {
      status: 200,
      body: Object.entries(found.inputs).map(([key, value]) => ({ key, value })) satisfies VariableAnswer[],
    };
  }),
  inProject('post', '/issues', ['title', ...names<CreateIssueOptions>('description')], (repo, call) => {
    quickActions(call, call.body['description']);
    const { title, description } = call.body;
    const item = newItem(call.world, repo, call.login, 'issue', {
      title: String(title),
      body: String(description ?? ''),
    });
    return { status: 201, body: issue(repo, item, call.server.url) };
  }),
  inProject('put', '/issues/:iid', names<EditIssueOptions>('title', 'description', 'stateEvent'), (repo, call) => {
    const item = numbered(issuesOf(repo), call.params['iid']);
    if (item === undefined) return fail(404);
    const { title, description, state_event: event } = call.body;
    if (typeof title === 'string') item.title = title;
    if (typeof description === 'string') item.body = description;
    if (event === 'close') item.state = 'closed';
    if (event === 'reopen') item.state = 'open';
    item.updated = call.world.now();
    return { status: 200, body: issue(repo, item, call.server.url) };
  }),
];

/** Parameters that nobody has published for a route. */
export function unknownParameters(route: Route, query: URLSearchParams, body: unknown): string[] {
  const known = allowed.get(`${route.method} ${route.template}`) ?? [];
  const sent = [...query.keys(), ...Object.keys((body ?? {}) as object)];
  return sent
    .filter((name) => !known.includes(name))
    .map((name) => `${route.method} ${route.template} has no parameter ${name}`);
}
