import type { Inventory, VersionScheme } from './core/package.js';
export { type CheckOptions, check, type InspectOptions, inspectImage } from './api.js';
export { type ErrorCode, PlimsollError } from './core/errors.js';
export type { Finding, FindingClass } from './core/finding.js';
export type { Digest } from './core/image/digest.js';
export { type Platform, parsePlatform } from './core/image/platform.js';
export { formatReference, type ImageReference, parseReference } from './core/image/reference.js';
export type { Inventory, Package, PackageChange } from './core/package.js';
export type { ImageUse, PackagePin, ParsedFile, Role, Span } from './core/parsed-file.js';
export type { Problem } from './core/problem.js';
export type { RunRecord } from './core/run-record.js';
export type { Cause, Question, Unchecked } from './core/unchecked.js';
export { parseDockerfile } from './formats/dockerfile/parse.js';
export { editFile, type FileEdit, type FileWish, parseFile, type ReadFile } from './formats/one-file.js';
export { interpolateCompose } from './formats/yaml/interpolate.js';
export { type Challenge, parseChallenge } from './oci/credentials/challenge.js';
export type { Ceiling } from './tags/ranges.js';
/** Compares two versions as the package manager would. Any two strings compare, and nothing throws. */
export declare function compareVersions(scheme: VersionScheme, a: string, b: string): -1 | 0 | 1;
/**
 * The newest tag of the same shape as `current` and newer than it, or undefined. `allow`: `none`, `patch`, `minor`, `major`,
 * or a range as npm reads it. `repository` tells whose numbers they are: `docker.io/library/ubuntu`. Throws PlimsollError
 * 'RANGE' when `allow` is none of these.
 */
export declare function newestTag(current: string, tags: readonly string[], allow: string, repository?: string): string | undefined;
/** The distro and packages of a merged root file system; paths have no leading `/`. */
export declare function readInventory(files: ReadonlyMap<string, Uint8Array>): Inventory;
