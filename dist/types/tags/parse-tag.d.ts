/** A tag taken apart: what must stay the same, and what may grow. */
export interface TagShape {
    /** Everything that a newer tag must share: the text around the numbers, how many numbers there are, which are dates. */
    readonly shape: string;
    /** As they are written, most significant first. */
    readonly numbers: readonly string[];
    /** Absent for a release. A word alone, such as `-dev`, may also name a variant: only the list of tags tells. */
    readonly pre?: PreRelease;
    /** Numbers behind the first group, in their order. */
    readonly behind: readonly Group[];
    /** Long-term support, of a release that is called by its name. */
    readonly lts?: boolean;
}
/** The part of a tag that says that a version is not finished. */
export interface PreRelease {
    /** One of `preWords`. */
    readonly word: string;
    /** As written, without the number and what separates it: `-dev`. */
    readonly text: string;
    /** Absent for a word alone. */
    readonly number?: bigint;
}
/**
 * `count`: rebuilds of one version, `-r3`, `-ls99`, `-14`, `-923.1669829893`, which begin anew with every version.
 * `version`: of something that has one of its own, `14-v0.2.0`. `line`: the same with words behind it that say that it
 * is a part of what is inside, `-3.12-bookworm`: its second number is another line of that part.
 */
export interface Group {
    readonly kind: 'count' | 'version' | 'line';
    /** A number that is not there is empty. */
    readonly numbers: readonly string[];
}
/** The words people use, in the order of semver's example (semver.org §11) and Maven's milestones. */
export declare const preWords: readonly string[];
/** The shape of a tag, or undefined for one without an order, such as `latest`, or a commit. */
export declare function parseTag(tag: string): TagShape | undefined;
