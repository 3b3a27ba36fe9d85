/*
 * src/forges/
 *
 * Where repositories live and proposals are made. Forge below is all that the rest knows: lists, trees and blobs
 * without a clone, branches by compare-and-set, pull requests, an issue. github/ is one, local/ is another: git
 * repositories in folders, where a proposal is a branch. A refusal is a ForgeError (forge-error.ts) whose kind says
 * what can be done about it. What becomes of a proposal is decided in targets/proposals/, never here.
 * Begin here, then github/github.ts or local/local.ts.
 */

/** What `discover` asks for: the repositories of an owner, or one of them. */
export interface Selection {
  /** `owner/name`; the name may be a glob. */
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

/** A branch as it stood when it was read. */
export interface BranchHead {
  readonly name: string;
  readonly commit: string;
  /** Of the commit's root folder: equal trees are equal files. */
  readonly tree: string;
}

/** A repository as its forge lists it. */
export interface ForgeRepository {
  readonly forge: 'github' | (string & {});
  /** Survives a rename. */
  readonly id: string;
  /** `owner/name`. */
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
  /** Bytes. */
  readonly size: number;
}

/** An issue or pull request that the account we act as has opened, as a list shows it. */
export interface OwnItem {
  readonly number: number;
  readonly url: string;
  readonly isPull: boolean;
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

/** A pull request with everything that decides what may be done to it. */
export interface ForgePull {
  /** For the operations that name it. */
  readonly id: string;
  readonly number: number;
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

/** What changes nothing there. Conditional where the forge can do that. */
export interface ForgeReads {
  repositories(selection: Selection): AsyncIterable<ForgeRepository>;
  /** Every plain file of a tree. */
  tree(repository: ForgeRepository, tree: string): Promise<readonly TreeFile[]>;
  blob(repository: ForgeRepository, file: TreeFile): Promise<Uint8Array>;
  /** Issues and pull requests of ours, the last changed first. */
  ownItems(repository: ForgeRepository): Promise<readonly OwnItem[]>;
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
}

/** Serial and paced; each a compare-and-set where the forge can do that. */
export interface ForgeWrites {
  /** Throws ForgeError 'raced' or 'refused' when it is there already. */
  createBranch(repository: ForgeRepository, branch: string, commit: string): Promise<void>;
  /** All of the moves or none; throws ForgeError 'raced' when one does not start where it should. */
  moveBranches(repository: ForgeRepository, moves: readonly RefMove[]): Promise<void>;
  /** Returns the new commit's id; throws ForgeError 'raced' when the branch has moved. */
  commit(repository: ForgeRepository, commit: NewCommit): Promise<string>;
  openPull(repository: ForgeRepository, pull: NewPull): Promise<{ number: number; url: string; id: string }>;
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
  setDraft(pull: { readonly id: string }, draft: boolean, repository: ForgeRepository): Promise<void>;
  setAutomerge(pull: { readonly id: string }, on: boolean, repository: ForgeRepository): Promise<void>;
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

/** A place where repositories live. Nothing is cloned. Every method throws ForgeError. */
export interface Forge extends ForgeReads, ForgeWrites, ForgeHome {
  readonly kind: string;
  /** People answer here with comments and labels, and read issues; where not, a branch is all there is. */
  readonly hasComments: boolean;
  /** Requests sent so far. */
  requests(): number;
  /** The account we act as where this owner's repositories are concerned; `email` is for a sign-off. */
  account(owner: string): Promise<{ readonly login: string; readonly name: string; readonly email: string }>;
}
