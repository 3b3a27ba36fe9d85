/**
 * Content from outside can be large, and nothing else happens while this thread works on it: no deadline passes, no
 * signal is heard. So such work is done in turns, each of them short, with the event loop in between.
 */
/** Work that says by `yield` where it may be interrupted, and returns what comes of it. */
export type Steps<T> = Generator<undefined, T, undefined>;
/** Has this turn lasted long enough? Costs a look at the clock, and a system call now and then: ask every few dozen rounds. */
export declare function isTurnOver(): boolean;
/** Resolves in a turn of the event loop that is not over. Throws the signal's reason when it has aborted meanwhile. */
export declare function nextTurn(signal?: AbortSignal): Promise<void>;
/** Does the work in turns. Throws what it throws, and the signal's reason when that aborts on the way. */
export declare function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T>;
/** Does the work in one go, for those who have nothing else to do. */
export declare function atOnce<T>(steps: Steps<T>): T;
/** The values in order, equal ones as they stood. */
export declare function sorted<T>(values: readonly T[], compare: (a: T, b: T) => number): Steps<T[]>;
/** Lines in the order of code units, as `sort()` has it. */
export declare function sortedLines(lines: readonly string[]): Steps<string[]>;
/** The lines as one text, without an end of line after the last. */
export declare function joined(lines: readonly string[]): Steps<string>;
/** In the order of code units, as `sort()` has it. */
export declare function byCodeUnits(a: string, b: string): number;
