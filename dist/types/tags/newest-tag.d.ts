export type Ceiling = 'patch' | 'minor' | 'major';
/**
 * The newest tag of the same shape as `current` and newer than it, or undefined. Same shape: the same text around the
 * numbers and as many of them. `allow` says which number may change: the first from `major`, the second from `minor`, the
 * others (and rebuilds such as `-r3`) from `patch`. A pre-release is offered only to a pre-release, a release without
 * long-term support never to one that has it.
 */
export declare function newestTag(current: string, tags: readonly string[], allow: Ceiling): string | undefined;
/** Can anything be newer than this tag? Not than `latest`, or a commit's hash. */
export declare function hasOrder(tag: string): boolean;
