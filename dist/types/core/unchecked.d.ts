import type { FindingClass } from './finding.js';
import type { ImageReference } from './image/reference.js';
import type { PlaceFields } from './place.js';
import type { Problem } from './problem.js';
import type { ProblemCode } from './problem-code.js';
/** What is asked about a use beside its digest. */
export declare const questions: readonly ['fixes', 'pins', 'end-of-life', 'newer-tag', 'signature'];
export type Question = (typeof questions)[number];
/** Why a question has no answer. */
export interface Cause {
    /** Who could have answered: a host with its port, or the path of a folder. */
    readonly host: string;
    /** The code of the problem that was met there. */
    readonly code: ProblemCode;
    /** One sentence: what was tried and what came back. */
    readonly reason: string;
}
/** A question that could have been answered, and was not. */
export interface Unanswered extends Cause {
    readonly question: Question;
}
/**
 * A question that the settings ask about one use and that has no answer: `host`, `code` and `reason` are of the first
 * cause. A use with one of these is neither up to date nor behind, as far as that question goes.
 */
export interface Unchecked extends Unanswered, Omit<PlaceFields, 'format' | 'column' | 'kind' | 'stage' | 'final'> {
    /** The id that findings of the use have. */
    readonly id: string;
    readonly reference?: ImageReference;
    /** Every cause, the first one included. */
    readonly causes: readonly Cause[];
}
/** The classes that an answer could have given. */
export declare const classesOf: Readonly<Record<Question, readonly FindingClass[]>>;
/** A problem as the cause of a question without an answer; `host` is taken where the problem names nobody. */
export declare function unanswered(question: Question, problem: Problem, host: string): Unanswered;
/** Each cause once, in the order in which they were met. */
export declare function distinctCauses<T extends Cause>(causes: readonly T[]): readonly T[];
