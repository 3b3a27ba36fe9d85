import { globToRegExp } from '../../../core/glob.ts';
import type { RpmRepository } from '../rpm-repositories.ts';

/** What a pattern may name: `name`, `name.arch`, `name-version`, `name-version-release` and the last with `.arch`. Source: dnf(8), "Specifying Packages". */
interface Named {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** What dnf sees of a repository: what alone is included, without what is excluded. Source: dnf.conf(5), excludepkgs, includepkgs. */
export function packageFilter({
  excludes,
  includes,
}: Pick<RpmRepository, 'excludes' | 'includes'>): (one: Named) => boolean {
  const isExcluded = packageMatcher(excludes);
  const isIncluded = includes.length === 0 ? () => true : packageMatcher(includes);
  return (one) => isIncluded(one) && !isExcluded(one);
}

/** Does one of the patterns of `exclude` or `includepkgs` name this package? */
export function packageMatcher(patterns: readonly string[]): (one: Named) => boolean {
  const matches = textMatcher(patterns);
  return patterns.length === 0 ? () => false : (one) => formsOf(one).some(matches);
}

/** Is this text one of the patterns, or what a glob among them means? */
export function textMatcher(patterns: readonly string[]): (text: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !/[*?[{]/.test(pattern)));
  const globs = patterns
    .filter((pattern) => !exact.has(pattern))
    .map((pattern) => globToRegExp(pattern.replaceAll('{', '?')));
  return (text) => exact.has(text) || globs.some((glob) => glob.test(text));
}

function formsOf({ name, version, architecture }: Named): readonly string[] {
  const bare = version.replace(/^\d+:/, '');
  const withEpoch = version === bare ? `0:${bare}` : version;
  const short = bare.replace(/-[^-]*$/, '');
  return [
    name,
    `${name}.${architecture}`,
    `${name}-${short}`,
    ...[bare, withEpoch].flatMap((evr) => [`${name}-${evr}`, `${name}-${evr}.${architecture}`]),
  ];
}
