/** What one pull request holds: one upstream reference, everything in a repository, one file, or one class. */
export declare const groupKinds: readonly ['image', 'repository', 'file', 'class'];
export type GroupKind = (typeof groupKinds)[number];
/** What the rules want of the pull request that a finding ends up in; absent: nothing was said. */
export interface ProposalWishes {
    readonly group?: GroupKind;
    readonly labels?: readonly string[];
    readonly reviewers?: readonly string[];
    readonly teamReviewers?: readonly string[];
    readonly assignees?: readonly string[];
    /** The milestone's number. */
    readonly milestone?: number;
    /** Turns on the forge's own auto-merge; nothing is ever merged by us. */
    readonly automerge?: boolean;
}
