import type { FindingClass } from './finding.js';
import type { When } from './time/batch.js';
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
