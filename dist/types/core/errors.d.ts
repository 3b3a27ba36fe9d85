export type ErrorCode = 'REFERENCE' | 'DIGEST' | 'PLATFORM' | 'RANGE' | 'INTERPOLATION' | 'USAGE' | 'CONFIG' | 'REGISTRY' | 'HTTP' | 'DIGEST_MISMATCH' | 'LAYER' | 'FORGE' | 'ENGINE' | 'STATE' | 'LOCKED' | 'OUTPUT' | 'CANCELLED';
/**
 * Thrown when a unit of work cannot go on. Callers branch on `code`, never on the message; the message says what was
 * attempted, what came back and what to do, in lower case and without a trailing dot.
 */
export declare class PlimsollError extends Error {
    readonly code: ErrorCode;
    constructor(code: ErrorCode, message: string, options?: {
        cause?: unknown;
    });
}
/** The message of anything thrown, without stack and on one line; what a file system answers in words. */
export declare function messageOf(thrown: unknown): string;
