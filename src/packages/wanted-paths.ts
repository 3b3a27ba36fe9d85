import { createHash } from 'node:crypto';
import { globToRegExp } from '../core/glob.ts';
import { limits } from '../core/limits/limits.ts';
import { apkPaths } from './apk/apk-paths.ts';
import { aptPaths } from './apt/apt-paths.ts';
import { namedKeys } from './apt/apt-repository.ts';
import { readAptSources } from './apt/apt-sources.ts';
import { excessiveSettings } from './archives/excessive-settings.ts';
import { databases } from './databases/index.ts';
import { osReleasePaths } from './os-release.ts';
import { lockListPaths } from './rpm/policy/rpm-policy.ts';
import { rpmPaths } from './rpm/rpm-paths.ts';
import { rpmKeyFiles } from './rpm/rpm-repositories.ts';

/** Raise it when a layer's extract changes its meaning while the globs stay the same: what is summed, kept or resolved. */
const formatVersion = 4;

const globs: readonly string[] = [
  ...osReleasePaths,
  ...databases.flatMap((database) => database.paths),
  ...aptPaths,
  ...apkPaths,
  ...rpmPaths,
];
const wanted = union(globs);
const leading = union(globs.flatMap(ancestors));

/** Is the content of this file (no leading `/`) needed for an inventory, or for what its repositories offer? */
export function wantedPath(path: string): boolean {
  return wanted.test(path);
}

/** Could a wanted path lie below this one? True for `''`, the root. */
export function leadsToWantedPath(path: string): boolean {
  return path === '' || leading.test(path);
}

/** What is read of an image for the sake of its packages: wanted files, and those that their settings name. */
export const packageInterest = { wants: wantedPath, leadsToWanted: leadsToWantedPath, named: namedPaths };

/** Names the rules by which extracts were made, for cache keys: another number, another extract of the same layer. */
export const extractorNumber: string = createHash('sha256')
  .update(JSON.stringify([formatVersion, ...globs]))
  .digest('hex')
  .slice(0, 12);

function union(patterns: readonly string[]): RegExp {
  return new RegExp([...new Set(patterns)].map((glob) => globToRegExp(glob).source).join('|'));
}

/** `{a/b,c}/d` → `a/b`, `c`, `a`: every choice spelled out, since a choice may hold a slash. */
function ancestors(glob: string): string[] {
  return spellOut(glob).flatMap((path) => {
    const parts = path.split('/');
    return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
  });
}

function spellOut(glob: string): string[] {
  const match = /^(?<head>[^{]*)\{(?<choices>[^}]*)\}(?<tail>.*)$/.exec(glob);
  if (match?.groups === undefined) return [glob];
  const { head = '', choices = '', tail = '' } = match.groups;
  return choices.split(',').flatMap((choice) => spellOut(`${head}${choice}${tail}`));
}

/**
 * Where the files lie that the settings of a root file system name: keyrings, by Signed-By of sources.list(5) and
 * `gpgkey=file://…` of dnf.conf(5), and the list of versions that dnf's plugin locks. Paths without a leading `/`, else as written. Never throws.
 */
export function namedPaths(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  if (excessiveSettings(files)) return [];
  const apt = readAptSources(files, '').repositories.flatMap(({ trust }) => namedKeys(trust).paths);
  return [...new Set([...apt, ...rpmKeyFiles(files), ...lockListPaths(files)])].slice(
    0,
    limits.settings.namedFiles.most,
  );
}
