/**
 * The library behind the command line. Values are plain readonly data and JSON-safe; what goes wrong with one image or
 * file is a Problem beside the result, and PlimsollError is thrown where there is no result.
 */
import type { Inventory, VersionScheme } from './core/package.js';
export type { Digest } from './core/digest.js';
export { type ErrorCode, PlimsollError } from './core/errors.js';
export type { Finding, FindingClass } from './core/finding.js';
export type { Inventory, Package, PackageChange } from './core/package.js';
export { type Platform, parsePlatform } from './core/platform.js';
export type { Problem } from './core/problem.js';
export type { RunRecord } from './core/record.js';
export { formatReference, type ImageReference, parseReference } from './core/reference.js';
export type { Cause, Question, Unchecked } from './core/unchecked.js';
export type { ImageUse, PackagePin, ParsedFile } from './core/use.js';
export { parseDockerfile } from './formats/dockerfile/parse.js';
export { type CheckOptions, check, type InspectOptions, inspectImage } from './library.js';
export { type Challenge, parseChallenge } from './oci/challenge.js';
export { newestTag } from './tags/newest-tag.js';
export type { Ceiling } from './tags/ranges.js';
/** Compares two versions as the package manager would. Any two strings compare, and nothing throws. */
export declare function compareVersions(scheme: VersionScheme, a: string, b: string): -1 | 0 | 1;
/** The distro and packages of a merged root file system; paths have no leading `/`. */
export declare function readInventory(files: ReadonlyMap<string, Uint8Array>): Inventory;
