import type { When } from './batch.js';
import type { FindingClass } from './finding.js';
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
/** Where a finding's repository lives, and which commit of it was read. */
export interface RepositoryPlace {
    readonly forge: 'github' | (string & {});
    /** Survives a rename. */
    readonly id: string;
    /** `owner/name`. */
    readonly name: string;
    readonly branch: string;
    readonly commit: string;
    readonly url: string;
}
/** What became of one pull request in a run. */
export interface ProposalOutcome {
    readonly kind: 'created' | 'updated' | 'unchanged' | 'left-alone' | 'closed' | 'held' | 'failed';
    /** `owner/name`. */
    readonly repository: string;
    readonly branch: string;
    /** Absent when there is none (yet). */
    readonly url?: string;
    /** The one at `url` was closed or merged before this run, and stays so. */
    readonly isOver?: true;
    /** One sentence: why this and nothing else. */
    readonly reason: string;
    /** For `failed`: a word for what stands in the way, the same in every run; absent: something else. */
    readonly cause?: string;
    /** For `held`: what it waits for. */
    readonly held?: 'limit' | 'window';
    /** The findings in it; a use may have several of one id, each of another class. */
    readonly findings: readonly {
        readonly id: string;
        readonly class: FindingClass;
    }[];
    /** Keys of the news it brings. */
    readonly news: readonly string[];
    /** The batches it was part of, such as `weekly`: later ones of the same period wait. */
    readonly batches: readonly When[];
    /** Somebody asked for quiet in this run: about news or images, until a day (RFC 3339 date); null: until something new. */
    readonly silenced?: {
        readonly until: string | null;
        readonly news: readonly string[];
        readonly images: readonly string[];
    };
}
