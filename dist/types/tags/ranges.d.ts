import { type TagShape } from './parse-tag.js';
/** How far a newer tag may be away, by the first number that may change. */
export type Ceiling = 'patch' | 'minor' | 'major';
/** The versions that a semver range allows. */
export interface TagRange {
    holds(shape: TagShape): boolean;
}
/**
 * What `versions` of the configuration, `--versions` and `newestTag` allow: one of the words, or a range as npm reads it
 * (github.com/npm/node-semver, "Ranges"). Throws PlimsollError 'RANGE' for anything else.
 */
export declare function versionsAllowed(text: string): 'none' | Ceiling | TagRange;
