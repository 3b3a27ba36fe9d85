import { type ProblemCode, type RegistryCode } from './problem-code.js';
/**
 * Expected trouble with one image, file, repository or channel, as a value. Problems travel beside the result
 * and end in the report; they are never thrown.
 */
export interface Problem {
    /** A stable word for programs, such as `file-too-large` or `registry-denied`. */
    readonly code: ProblemCode;
    /** One sentence for people: what was tried, what came back, what to do. */
    readonly message: string;
    /** What it is about: `file:line`, a reference, a path inside an image. */
    readonly subject?: string;
    /** Who could have answered, where that is not in the image or file itself: a host with its port, or a folder. */
    readonly host?: string;
    /** The file it is in, and the tree or repository of that. */
    readonly place?: {
        readonly scope: string;
        readonly file: string;
    };
}
/** Trouble on the way to one image. */
export interface RegistryProblem extends Problem {
    readonly code: RegistryCode;
}
/** Anything thrown while asking a registry, as a problem for the report. */
export declare function problemOf(error: unknown, subject: string): RegistryProblem;
