import {
  ancestors,
  between,
  type Commit,
  flatten,
  mergeTrees,
  type Person,
  readCommit,
  unflatten,
  writeCommit,
} from './git.ts';
import { memoryStore, type ObjectStore } from './objects.ts';

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: string;
  readonly created: string;
}

export interface Item {
  readonly number: number;
  readonly user: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly labels: { name: string; by: string }[];
  readonly assignees: string[];
  milestone: number | undefined;
  readonly comments: Comment[];
  readonly created: string;
  updated: string;
  readonly pull?: {
    readonly head: string;
    base: string;
    draft: boolean;
    merged: string | undefined;
    automerge: boolean;
    headCommit: string;
    readonly reviewers: string[];
    readonly teams: string[];
  };
}

/** A build that somebody asked for. */
export interface Build {
  readonly id: number;
  readonly by: string;
  readonly at: string;
  readonly event: string;
  /** The file of the workflow, or the branch of a pipeline. */
  readonly of: string;
  readonly inputs: Readonly<Record<string, string>>;
}

export interface Repo {
  /** The newest first. */
  readonly builds: Build[];
  readonly databaseId: number;
  owner: string;
  name: string;
  readonly store: ObjectStore;
  defaultBranch: string | undefined;
  readonly items: Item[];
  readonly permissions: Map<string, 'admin' | 'write' | 'read' | 'none'>;
  /** As the forge's own API lists them. */
  readonly protectedBranches: readonly object[];
  /** Rules of GitHub's rulesets, for the branches that match. */
  readonly rules: readonly { readonly branches: RegExp; readonly type: string; readonly parameters?: object }[];
  archived: boolean;
  fork: boolean;
  template: boolean;
  isPrivate: boolean;
  topics: string[];
  language: string | undefined;
  pushed: string;
  /** When the newest commit was made, where that is not when it was pushed. */
  committed?: string;
  /** Branches that nobody may move or delete by API. */
  readonly protected: Set<string>;
  drafts: boolean;
  automerge: boolean;
  /** "Allow GitHub Actions to create and approve pull requests". */
  mayOpenPulls: boolean;
  /** Who pushed which commit, the oldest first, where a forge keeps such a list. */
  readonly pushes: { readonly by: string; readonly branch: string; readonly commit: string }[];
  /** A pipeline begins for every proposal; and merging asks for one that succeeds. */
  pipelines: boolean;
  mustSucceed: boolean;
}

/** The stand-in's whole state, and what people do to it by other ways than the API. */
export class World {
  readonly repos: Repo[] = [];
  /** Whoever builds: a test. */
  onBuild: ((repo: Repo, build: Build) => void) | undefined;
  readonly #newStore: (name: string) => ObjectStore;
  #time = Date.parse('2026-01-05T00:00:00Z');
  #ids = 1000;

  constructor(newStore: (name: string) => ObjectStore = memoryStore) {
    this.#newStore = newStore;
  }

  /** A second later than the last time somebody asked. */
  now(): string {
    this.#time += 1000;
    return `${new Date(this.#time).toISOString().slice(0, 19)}Z`;
  }

  /** From now on it is that late; milliseconds since 1970. */
  setTime(time: number): void {
    this.#time = time;
  }

  /** Somebody asks for a build. */
  build(repo: Repo, build: Omit<Build, 'id' | 'at'>): Build {
    const made = { ...build, id: this.id(), at: this.now() };
    repo.builds.unshift(made);
    this.onBuild?.(repo, made);
    return made;
  }

  id(): number {
    return ++this.#ids;
  }

  create(name: string, files: Readonly<Record<string, string>>, more: Partial<Repo> = {}): Repo {
    const at = name.lastIndexOf('/');
    const [owner, repo] = [name.slice(0, at), name.slice(at + 1)];
    const made: Repo = {
      databaseId: this.id(),
      owner,
      name: repo,
      store: this.#newStore(name),
      defaultBranch: 'main',
      items: [],
      builds: [],
      permissions: new Map(),
      protectedBranches: [],
      rules: [],
      archived: false,
      fork: false,
      template: false,
      isPrivate: false,
      topics: [],
      language: undefined,
      pushed: this.now(),
      protected: new Set(),
      drafts: true,
      automerge: true,
      mayOpenPulls: true,
      pushes: [],
      pipelines: true,
      mustSucceed: true,
      ...more,
    };
    this.repos.push(made);
    if (Object.keys(files).length > 0) this.push(made, 'main', files, { message: 'start' });
    return made;
  }

  find(owner: string, name: string): Repo | undefined {
    const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
    return this.repos.find((repo) => same(repo.owner, owner) && same(repo.name, name));
  }

  head(repo: Repo, branch: string): string | undefined {
    return repo.store.refs().get(`refs/heads/${branch}`);
  }

  files(repo: Repo, branch: string): Readonly<Record<string, string>> {
    const head = this.head(repo, branch);
    if (head === undefined) return {};
    const files = flatten(repo.store, readCommit(repo.store, head).tree);
    return Object.fromEntries(
      [...files].map(([path, { oid }]) => [path, repo.store.read(oid)?.bytes.toString('utf8') ?? '']),
    );
  }

  commits(repo: Repo, base: string, head: string): Commit[] {
    const [a, b] = [this.head(repo, base), this.head(repo, head)];
    return a === undefined || b === undefined ? [] : between(repo.store, a, b);
  }

  /** A person's commit on a branch; null deletes a file. */
  push(
    repo: Repo,
    branch: string,
    files: Readonly<Record<string, string | null>>,
    { message = 'a change', by = { name: 'Ada', email: 'ada@example.org' }, committer = by, parents }: PushOptions = {},
  ): string {
    const old = this.head(repo, branch);
    const tree = this.changed(repo, old, files);
    const oid = writeCommit(repo.store, {
      tree,
      parents: parents ?? (old === undefined ? [] : [old]),
      author: by,
      committer,
      message,
    });
    this.setBranch(repo, branch, oid);
    return oid;
  }

  changed(repo: Repo, commit: string | undefined, files: Readonly<Record<string, string | Buffer | null>>): string {
    const all = commit === undefined ? new Map() : flatten(repo.store, readCommit(repo.store, commit).tree);
    for (const [path, content] of Object.entries(files)) {
      if (content === null) all.delete(path);
      else {
        const mode = all.get(path)?.mode ?? '100644';
        all.set(path, { mode, oid: repo.store.write('blob', Buffer.from(content as string)) });
      }
    }
    return unflatten(repo.store, all);
  }

  setBranch(repo: Repo, branch: string, oid: string | undefined): void {
    repo.store.setRef(`refs/heads/${branch}`, oid);
    this.moved(repo);
  }

  /** What GitHub does by itself after a branch has moved. */
  moved(repo: Repo): void {
    repo.pushed = this.now();
    for (const item of repo.items) {
      if (item.pull === undefined || item.state === 'closed') continue;
      const [head, base] = [this.head(repo, item.pull.head), this.head(repo, item.pull.base)];
      if (head !== undefined && head !== item.pull.headCommit) {
        item.pull.headCommit = head;
        item.updated = this.now();
      }
      if (head === undefined || base === undefined) this.close(item);
      else if (ancestors(repo.store, base).has(head)) {
        item.pull.merged = this.now();
        this.close(item);
      }
    }
  }

  /** A person, or GitHub, closes it. */
  close(item: Item): void {
    item.state = 'closed';
    item.updated = this.now();
  }

  conflicts(repo: Repo, item: Item): boolean {
    const [head, base] = [this.head(repo, item.pull?.head ?? ''), this.head(repo, item.pull?.base ?? '')];
    return head !== undefined && base !== undefined && mergeTrees(repo.store, base, head) === undefined;
  }

  /** A person merges: with a merge commit, or squashed. False: it conflicts. */
  merge(repo: Repo, item: Item, how: 'merge' | 'squash' = 'squash'): boolean {
    if (item.pull === undefined || item.state === 'closed') return false;
    const [head, base] = [this.head(repo, item.pull.head), this.head(repo, item.pull.base)];
    if (head === undefined || base === undefined) return false;
    const tree = mergeTrees(repo.store, base, head);
    if (tree === undefined) return false;
    const by = { name: 'Ada', email: 'ada@example.org' };
    const parents = how === 'merge' ? [base, head] : [base];
    const oid = writeCommit(repo.store, { tree, parents, author: by, committer: by, message: item.title });
    item.pull.merged = this.now();
    this.close(item);
    this.setBranch(repo, item.pull.base, oid);
    return true;
  }

  say(item: Item, user: string, body: string): Comment {
    const comment = { id: this.id(), body, user, created: this.now() };
    item.comments.push(comment);
    item.updated = comment.created;
    return comment;
  }

  label(item: Item, name: string, by: string): void {
    item.labels.push({ name, by });
    item.updated = this.now();
  }

  open(repo: Repo): Item[] {
    return repo.items.filter((item) => item.pull !== undefined && item.state === 'open');
  }
}

interface PushOptions {
  readonly message?: string;
  readonly by?: Person;
  readonly committer?: Person;
  readonly parents?: readonly string[];
}

/** As `run-name: Build ${{ inputs.… }}` names it. */
export function buildTitle({ inputs }: Build): string {
  return ['Build', ...Object.values(inputs)].join(' ');
}
