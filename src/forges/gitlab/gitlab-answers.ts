import type { BranchHead, ForgeCommit, ForgePull, OwnItem } from '../forge.ts';

/* GitLab's answers as they come, as far as they are read, and as our own shapes. Source: GitLab Docs, "REST API resources". */

/** GET /projects/:id, and an item of the lists of projects. */
export interface ProjectAnswer {
  readonly id: number;
  readonly path_with_namespace: string;
  readonly web_url: string;
  readonly http_url_to_repo: string;
  /** Absent or null where nothing was ever pushed. */
  readonly default_branch?: string | null;
  readonly visibility?: string;
  readonly archived: boolean;
  readonly topics?: readonly string[] | null;
  readonly forked_from_project?: object;
  readonly only_allow_merge_if_pipeline_succeeds?: boolean;
}

/** An item of GET /projects/:id/repository/branches. */
export interface BranchAnswer {
  readonly name: string;
  readonly commit: CommitAnswer;
}

/** A commit of GET /projects/:id/repository/commits, and in a branch. */
export interface CommitAnswer {
  readonly id: string;
  readonly message: string;
  readonly parent_ids?: readonly string[] | null;
}

/** What is used of a branch; GitLab names no trees. */
export function toHead({ name, commit }: BranchAnswer): BranchHead {
  return { name, commit: commit.id, tree: commit.id };
}

/** What is used of a commit. */
export function toCommit({ id, message, parent_ids: parents }: CommitAnswer, isOwn: boolean): ForgeCommit {
  return { oid: id, message, parents: parents ?? [], isOwn };
}

/** Somebody, where they are named. */
export interface UserAnswer {
  readonly id: number;
  readonly username: string;
}

/** An item of GET /projects/:id/merge_requests. */
export interface MergeAnswer {
  readonly iid: number;
  readonly web_url: string;
  readonly state: string;
  readonly draft?: boolean;
  readonly title: string;
  readonly description: string | null;
  readonly author: UserAnswer | null;
  readonly source_branch: string;
  readonly target_branch: string;
  readonly source_project_id: number | null;
  readonly target_project_id: number;
  readonly sha: string | null;
  readonly labels: readonly string[];
  readonly updated_at: string;
  readonly created_at: string;
  readonly merge_when_pipeline_succeeds: boolean;
  readonly has_conflicts: boolean;
  /** Before 15.6 there is only `merge_status`. */
  readonly detailed_merge_status?: string;
  readonly merge_status: string;
}

/** GET /projects/:id/merge_requests/:iid. */
export interface WholeMergeAnswer extends MergeAnswer {
  readonly head_pipeline?: { readonly sha: string; readonly status: string } | null;
}

/** An item of GET /projects/:id/issues. */
export interface IssueAnswer {
  readonly iid: number;
  readonly web_url: string;
  readonly state: string;
  readonly description: string | null;
  readonly author: UserAnswer | null;
  readonly labels: readonly string[];
  readonly updated_at: string;
  readonly created_at: string;
}

/** An item of GET /projects/:id/merge_requests/:iid/notes; those of the system tell what happened. */
export interface NoteAnswer {
  readonly id: number;
  readonly body: string;
  readonly system: boolean;
  readonly author: UserAnswer | null;
}

/** An item of GET /projects/:id/merge_requests/:iid/resource_label_events. */
export interface LabelEventAnswer {
  readonly user: UserAnswer | null;
  readonly action: string;
  readonly label: { readonly name: string } | null;
}

/** An item of GET /projects/:id/events?action=pushed. */
export interface PushEventAnswer {
  readonly author_id: number;
  readonly push_data?: { readonly commit_to: string | null; readonly ref_type: string };
}

/** What is used of an item of a list of merge requests. */
export function toItem(answer: MergeAnswer | IssueAnswer): OwnItem {
  const isPull = 'source_branch' in answer;
  return {
    kind: isPull ? 'pull' : 'issue',
    number: answer.iid,
    url: answer.web_url,
    state: stateOf(answer.state),
    body: answer.description ?? '',
    labels: answer.labels,
    updated: answer.updated_at,
    created: answer.created_at,
  };
}

/** `locked` is what GitLab calls one while it merges it. */
function stateOf(state: string): OwnItem['state'] {
  return state === 'merged' || state === 'closed' ? state : 'open';
}

/** How GitLab marks a draft (GitLab Docs, "Draft merge requests"). */
const draftPrefix = /^\s*(?:draft:|\[draft\]|\(draft\))\s*/i;

/** A title that says whether it is a draft. */
export function draftTitle(title: string, isDraft: boolean): string {
  const bare = title.replace(draftPrefix, '');
  return isDraft ? `Draft: ${bare}` : bare;
}

/** Is a title that of a draft? */
export function isDraftTitle(title: string): boolean {
  return draftPrefix.test(title);
}

/** What is used of a merge request; whatever was asked for besides is handed over. `us`: our account. */
export function toPull(
  answer: MergeAnswer,
  us: number,
  more: {
    /** Where its branch is at this moment: what the list says of it comes later. */
    readonly head: string | undefined;
    readonly notes: readonly NoteAnswer[];
    readonly labelled: readonly LabelEventAnswer[];
  },
): ForgePull {
  const state = stateOf(answer.state);
  const by = new Map(
    more.labelled.flatMap(({ action, label, user }) =>
      action === 'add' ? [[label?.name, user?.username] as const] : [],
    ),
  );
  return {
    id: String(answer.iid),
    number: answer.iid,
    url: answer.web_url,
    state,
    isDraft: answer.draft ?? isDraftTitle(answer.title),
    isOwn: answer.author?.id === us,
    isForeign: answer.source_project_id !== answer.target_project_id,
    head: answer.source_branch,
    headCommit: (state === 'open' ? more.head : undefined) ?? answer.sha ?? '',
    base: answer.target_branch,
    title: draftTitle(answer.title, false),
    body: answer.description ?? '',
    conflicts: state === 'open' && isBeingChecked(answer) ? null : answer.has_conflicts,
    automerge: answer.merge_when_pipeline_succeeds,
    comments: more.notes
      .filter(({ system }) => !system)
      .map(({ id, body, author }) => ({
        id: String(id),
        body,
        author: author?.username ?? '',
        isOwn: author?.id === us,
      })),
    labels: answer.labels.map((name) => ({ name, by: by.get(name) })),
  };
}

/** Whether it can be merged is worked out when somebody asks, and later. */
function isBeingChecked({ detailed_merge_status: detail, merge_status: status }: MergeAnswer): boolean {
  const unsure = ['unchecked', 'checking', 'preparing', 'approvals_syncing', 'cannot_be_merged_recheck'];
  return [detail, status].some((one) => one !== undefined && unsure.includes(one));
}

/** A pipeline, also in a list (GitLab Docs, "Pipelines API"). */
export interface PipelineAnswer {
  readonly id: number;
  readonly web_url: string;
  readonly created_at: string;
}

/** An item of GET /projects/:id/pipelines/:pipeline_id/variables. */
export interface VariableAnswer {
  readonly key: string;
  readonly value: string;
}
