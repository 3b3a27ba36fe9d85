/**
 * The newest tag of the same shape as `current` and newer than it, or undefined. Same shape: the same text around the
 * numbers and as many of them. `allow` says which number may change, `none`, `patch` (the third and those behind it, and
 * rebuilds such as `-r3`), `minor` (also the second) or `major`, or is a semver range that the newer tag must lie in. A
 * pre-release is offered only to a pre-release, a release of Ubuntu without long-term support never to one that has it.
 *
 * `repository`, when it is known, tells whose numbers they are: `docker.io/library/ubuntu`. Throws PlimsollError 'RANGE'
 * when `allow` is neither.
 */
export declare function newestTag(current: string, tags: readonly string[], allow: string, repository?: string): string | undefined;
/** Can anything be newer than this tag? Not than `latest`, or a commit's hash. */
export declare function hasOrder(tag: string): boolean;
