import type { Secret } from '../core/secret.ts';

/** What `discover` asks for: some repositories of an owner, or one. */
export interface Selection {
  /** Over names of repositories, as the configuration has it: a glob, or the folder of a git repository. */
  readonly pattern: string;
  /** Repositories with at least one of these topics; none: any. */
  readonly topics: readonly string[];
  /** By the main language; none: any. */
  readonly languages: readonly string[];
  readonly archived: boolean;
  readonly forks: boolean;
  readonly templates: boolean;
  /** Names of branches to read and to propose against; none: the default branch. */
  readonly branches: readonly string[];
}

/** All repositories that a pattern names. */
export const everything: Omit<Selection, 'pattern'> = {
  topics: [],
  languages: [],
  archived: true,
  forks: true,
  templates: true,
  branches: [],
};

/** A branch as it stood when it was read. */
export interface BranchHead {
  readonly name: string;
  readonly commit: string;
  /** What `tree` is asked for: equal ones are equal files. The commit's own id where the forge names no trees. */
  readonly tree: string;
}

/** A repository as its forge lists it. */
export interface ForgeRepository {
  /** The type of its forge. */
  readonly forge: string;
  /** Survives a rename, and is no other repository's on any server of this type. */
  readonly id: string;
  /** Components with slashes between them: `owner/name`, `group/part/name`. */
  readonly name: string;
  readonly url: string;
  readonly isPrivate: boolean;
  readonly archived: boolean;
  /** The branches that were asked for and exist. */
  readonly branches: readonly BranchHead[];
  /** Branches below `plimsoll/`, which are ours by name. */
  readonly ownBranches: readonly { readonly name: string; readonly commit: string }[];
}

/** A plain file; links and submodules are left out. */
export interface TreeFile {
  readonly path: string;
  readonly blob: string;
  /** Bytes; absent where a list does not say. */
  readonly size?: number;
}

/** An issue or pull request that the account we act as has opened, as a list shows it. Kind and number name it. */
export interface OwnItem {
  readonly kind: 'issue' | 'pull';
  /** Issues and pull requests may count apart. */
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly body: string;
  readonly labels: readonly string[];
  /** Rises with every comment and label, so that what was answered is not read again. */
  readonly updated: string;
  readonly created: string;
}

/** A commit, as far as it says whose it is. `oid` is git's name for it, in hex. */
export interface ForgeCommit {
  readonly oid: string;
  readonly message: string;
  readonly parents: readonly string[];
  /** Was it made by the account we act as, through the forge itself? */
  readonly isOwn: boolean;
}

/** A comment under a pull request; `body` and `author` (a login) are text from outside. */
export interface ForgeComment {
  readonly id: string;
  readonly body: string;
  readonly author: string;
  readonly isOwn: boolean;
}

/** What names a pull request to its forge. */
export interface PullName {
  readonly number: number;
  /** The forge's other handle of it, if it has one; else the number. */
  readonly id: string;
}

/** A pull request with everything that decides what may be done to it. */
export interface ForgePull extends PullName {
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly isDraft: boolean;
  readonly isOwn: boolean;
  /** Its branch is in another repository. */
  readonly isForeign: boolean;
  readonly head: string;
  readonly headCommit: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  /** null: the forge has not worked it out yet. */
  readonly conflicts: boolean | null;
  readonly automerge: boolean;
  readonly comments: readonly ForgeComment[];
  /** Labels that are on it, with who put them there last. */
  readonly labels: readonly { readonly name: string; readonly by: string | undefined }[];
}

/** A repository as it is this moment, as far as it was asked for. */
export interface RepositoryState {
  /** undefined: there is no such branch. */
  readonly bases: ReadonlyMap<string, BranchHead | undefined>;
  readonly branches: ReadonlyMap<string, ForgeCommit | undefined>;
  readonly pulls: readonly ForgePull[];
}

/** `before` undefined: the branch must not exist; `after` undefined: it is deleted. */
export interface RefMove {
  readonly branch: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** A commit to be made on a branch, of whole files; paths as git has them. Compare-and-set by `onto`. */
export interface NewCommit {
  readonly branch: string;
  /** What the branch must point at, or the commit is not made. */
  readonly onto: string;
  readonly subject: string;
  readonly body: string;
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** A pull request to be opened: `head` is to be merged into `base`, both names of branches. */
export interface NewPull {
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** A pull request that was opened a moment ago. */
export interface OpenedPull extends PullName {
  readonly url: string;
  /** False although one was asked for: this repository has none. */
  readonly draft: boolean;
}

/** What is to be changed of a pull request; what is absent stays. */
export interface PullChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'closed';
}

/** What an issue says, in Markdown. */
export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** A ref that holds one file of ours in a commit without parents. */
export interface KeptRef {
  readonly commit: string;
  readonly tree: string;
}

/** The repository a job lives in. */
export interface Home {
  readonly repository: ForgeRepository;
  readonly isFork: boolean;
  /** When the newest commit of the default branch was made; RFC 3339. Absent: there is none. */
  readonly lastCommit?: string;
  /** By the full names that were asked for; undefined: there is none. */
  readonly kept: ReadonlyMap<string, KeptRef | undefined>;
}

/** What we lack somewhere, a few words each. */
export interface Lacking {
  readonly lacks: readonly string[];
  /** What may keep us from it as well, and is told to nobody like us: `whether …`. */
  readonly untold?: string;
}

/** What changes nothing there. Conditional where the forge can do that. */
export interface ForgeReads {
  repositories(selection: Selection): AsyncIterable<ForgeRepository>;
  /** Every plain file of a tree, as BranchHead names it. */
  tree(repository: ForgeRepository, tree: string): Promise<readonly TreeFile[]>;
  blob(repository: ForgeRepository, file: TreeFile): Promise<Uint8Array>;
  /** Issues and pull requests of ours, the last changed first; with `kind`, others may be left out. */
  ownItems(repository: ForgeRepository, kind?: OwnItem['kind']): Promise<readonly OwnItem[]>;
  state(
    repository: ForgeRepository,
    wanted: { readonly bases: readonly string[]; readonly branches: readonly string[] },
  ): Promise<RepositoryState>;
  /** The files of a branch's tree, by path; undefined for those that are not there. Blob ids. */
  blobsAt(
    repository: ForgeRepository,
    commit: string,
    paths: readonly string[],
  ): Promise<readonly (string | undefined)[]>;
  /** The commits that `branch` has and `base` has not, at most 100; undefined when there are more. */
  commitsBetween(
    repository: ForgeRepository,
    base: string,
    branch: string,
  ): Promise<readonly ForgeCommit[] | undefined>;
  /** May this person change the repository's files? */
  mayWrite(repository: ForgeRepository, login: string): Promise<boolean>;
  /** Why whoever we are may not change a file at this path; undefined where no reason is known. */
  barred(repository: ForgeRepository, path: string): Promise<string | undefined>;
  /** What keeps us from proposing anything there, and from what is wished for beyond that; absent: only trying tells. */
  lacks?(repository: ForgeRepository, wished: { readonly automerge: boolean }): Promise<Lacking>;
}

/** Serial and paced; each a compare-and-set where the forge can do that. */
export interface ForgeWrites {
  /** Throws ForgeError 'raced' or 'refused' when it is there already. */
  createBranch(repository: ForgeRepository, branch: string, commit: string): Promise<void>;
  /**
   * All of the moves or none (where `can.atomicMoves` is false: one at a time); throws ForgeError 'raced' when one does
   * not start where it should.
   */
  moveBranches(repository: ForgeRepository, moves: readonly RefMove[]): Promise<void>;
  /** Returns the new commit's id; throws ForgeError 'raced' when the branch has moved. */
  commit(repository: ForgeRepository, commit: NewCommit): Promise<string>;
  openPull(repository: ForgeRepository, pull: NewPull): Promise<OpenedPull>;
  changePull(repository: ForgeRepository, number: number, change: PullChange): Promise<void>;
  comment(repository: ForgeRepository, number: number, body: string): Promise<void>;
  addLabels(repository: ForgeRepository, number: number, labels: readonly string[]): Promise<void>;
  removeLabel(repository: ForgeRepository, number: number, label: string): Promise<void>;
  requestReviews(
    repository: ForgeRepository,
    number: number,
    who: { readonly people: readonly string[]; readonly teams: readonly string[] },
  ): Promise<void>;
  assign(
    repository: ForgeRepository,
    number: number,
    to: { readonly people: readonly string[]; readonly milestone?: number | undefined },
  ): Promise<void>;
  setDraft(repository: ForgeRepository, pull: PullName, draft: boolean): Promise<void>;
  setAutomerge(repository: ForgeRepository, pull: PullName, on: boolean): Promise<void>;
}

/** What a job does in the repository it lives in, beside pull requests: a file of its own, and an issue. */
export interface ForgeHome {
  /** One repository (`owner/name`) as a job that lives in it sees it; `refs` are full names. */
  home(name: string, refs: readonly string[]): Promise<Home>;
  /**
   * Puts one file in the place of what a ref holds; returns the new commit. `before` undefined: the ref must not exist.
   * Throws ForgeError 'raced' when it is elsewhere, or cannot be moved: who finds it where it was cannot use this ref.
   */
  keep(
    repository: ForgeRepository,
    ref: string,
    before: string | undefined,
    file: { readonly path: string; readonly text: string; readonly message: string },
  ): Promise<string>;
  openIssue(repository: ForgeRepository, issue: IssueText): Promise<{ readonly number: number; readonly url: string }>;
  changeIssue(
    repository: ForgeRepository,
    number: number,
    change: Partial<IssueText> & { readonly state?: 'closed' | 'open' },
  ): Promise<void>;
}

/** A build of an image that is asked for. */
export interface BuildWish {
  /** A workflow by its file, an event that workflows wait for, or a pipeline. */
  readonly how: 'workflow' | 'event' | 'pipeline';
  readonly workflow?: string;
  /** A branch or a tag; an event knows none. */
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Stands in the name, or among the inputs, of what was asked for with it. */
  readonly correlation: string;
  /** What a pipeline is triggered with, in place of our own login. */
  readonly token?: Secret;
}

/** Builds that a forge runs. Asking for one is sent once, whatever becomes of the answer. */
export interface ForgeBuilds {
  readonly can: ReadonlySet<BuildWish['how']>;
  /** Returns the address at which it is to be seen. */
  start(repository: ForgeRepository, wish: BuildWish): Promise<string>;
  /**
   * The address of the build that was asked for so: one that has the correlation, or, after `since`, one of ours that has no other.
   * Undefined: there is none. Throws ForgeError also where builds are not listed.
   */
  find(repository: ForgeRepository, wish: BuildWish, since: number | undefined): Promise<string | undefined>;
  /** Why one would be refused, as far as that shows without asking for it: what we lack there, a few words each. */
  lacks(repository: ForgeRepository, wish: Pick<BuildWish, 'how' | 'workflow' | 'token'>): Promise<readonly string[]>;
}

/**
 * What a forge can do beside branches, commits and pull requests. What it cannot is not asked for: the methods for it throw
 * ForgeError 'unsupported'.
 */
export interface Capabilities {
  /** People answer below a pull request, by comments and labels. */
  readonly comments: boolean;
  /** Issues, in whose text people tick boxes. */
  readonly issues: boolean;
  readonly drafts: boolean;
  readonly labels: boolean;
  readonly reviewers: boolean;
  /** Assignees and milestones. */
  readonly assignees: boolean;
  readonly automerge: boolean;
  /** Several branches move in one step; otherwise each does by itself, by compare-and-set all the same. */
  readonly atomicMoves: boolean;
}

/** The account that we act as. */
export interface Account {
  readonly login: string;
  /** With `email`, for a sign-off. */
  readonly name: string;
  readonly email: string;
  /** What an operator should know of acting as this one. */
  readonly remark?: string;
  /** When the token ends, where it says so; milliseconds since 1970. */
  readonly expires?: number;
}

/** What an adapter brings. Nothing is cloned. Every method throws ForgeError. */
export interface ForgeAdapter extends ForgeReads, ForgeWrites, ForgeHome {
  readonly can: Capabilities;
  /** Absent: it builds nothing. */
  readonly builds?: ForgeBuilds;
  /** Requests sent so far. */
  requests(): number;
  /** Who we are in a repository of this name, or in those of a pattern. */
  account(name: string): Promise<Account>;
}

/** How proposals of a forge are spoken of. Pure. */
export interface Presentation {
  /** As in "GitHub has no auto-merge", in the middle of a sentence too. */
  readonly name: string;
  /** What a proposal is called there: `pull request`. */
  readonly proposal: string;
  /** The same for one of them, by its address: `pull request #12`. */
  proposalName(url: string): string;
  /** The address of a line, with `{repository}`, `{commit}`, `{file}` and `{line}` in it; absent: there are no pages. */
  readonly line?: string;
  /** Most characters of the texts that we write. */
  readonly most: { readonly title: number; readonly body: number; readonly issue: number };
  /** Whose account acts in repositories of this name or pattern; undefined: nobody is asked. */
  ownerOf(name: string): string | undefined;
}

/** A place where repositories live, opened. */
export interface Forge extends ForgeAdapter {
  readonly type: string;
  readonly present: Presentation;
}

/** Correlations of ours, wherever they stand. */
const correlations = /plimsoll-[0-9a-f]{16}/g;

/** Is a build the one that was asked for with a correlation? `texts`: its name and inputs. Undefined: it says of none. Pure. */
export function isCorrelated(texts: readonly string[], correlation: string): boolean | undefined {
  const found = texts.flatMap((text) => text.match(correlations) ?? []);
  return found.length === 0 ? undefined : found.includes(correlation);
}
