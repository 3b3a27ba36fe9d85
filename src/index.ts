/*
 * src/
 *
 * The library, and the top of the sources. A run begins in entry/cli.ts or entry/action.ts, has its parts put together
 * in job/connections.ts, and is told in job/run.ts; api.ts is the same for programs, and this file is what they import.
 * Values are plain readonly data and JSON-safe; what goes wrong with one image or file is a Problem beside the result, and PlimsollError is thrown where there is no
 * result.
 * Begin with docs/architecture.md: the way of a run, a file per question, and who may import whom.
 */

import type { Inventory, VersionScheme } from './core/package.ts';
import { atOnce } from './core/time/turns.ts';
import { readInventory as read } from './packages/inventory.ts';
import { compareVersions as compare } from './packages/versions/index.ts';
import { newestTag as newest } from './tags/newest-tag.ts';

export { type CheckOptions, check, type InspectOptions, inspectImage } from './api.ts';
export { type ErrorCode, PlimsollError } from './core/errors.ts';
export type { Finding, FindingClass } from './core/finding.ts';
export type { Digest } from './core/image/digest.ts';
export { type Platform, parsePlatform } from './core/image/platform.ts';
export { formatReference, type ImageReference, parseReference } from './core/image/reference.ts';
export type { Inventory, Package, PackageChange } from './core/package.ts';
export type { ImageUse, PackagePin, ParsedFile, Role, Span } from './core/parsed-file.ts';
export type { Problem } from './core/problem.ts';
export type { RunRecord } from './core/run-record.ts';
export type { Cause, Question, Unchecked } from './core/unchecked.ts';
export { parseDockerfile } from './formats/dockerfile/parse.ts';
export { editFile, type FileEdit, type FileWish, parseFile, type ReadFile } from './formats/one-file.ts';
export { interpolateCompose } from './formats/yaml/interpolate.ts';
export { type Challenge, parseChallenge } from './oci/credentials/challenge.ts';
export type { Ceiling } from './tags/ranges.ts';

/** Compares two versions as the package manager would. Any two strings compare, and nothing throws. */
export function compareVersions(scheme: VersionScheme, a: string, b: string): -1 | 0 | 1 {
  return compare(scheme, a, b);
}

/**
 * The newest tag of the same shape as `current` and newer than it, or undefined. `allow`: `none`, `patch`, `minor`, `major`,
 * or a range as npm reads it. `repository` tells whose numbers they are: `docker.io/library/ubuntu`. Throws PlimsollError
 * 'RANGE' when `allow` is none of these.
 */
export function newestTag(
  current: string,
  tags: readonly string[],
  allow: string,
  repository?: string,
): string | undefined {
  return atOnce(newest(current, tags, allow, repository));
}

/** The distro and packages of a merged root file system; paths have no leading `/`. */
export function readInventory(files: ReadonlyMap<string, Uint8Array>): Inventory {
  return atOnce(read(files));
}
