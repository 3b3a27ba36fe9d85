import { limits } from '../../core/limits/limits.ts';
import type { DistroRelease, Package } from '../../core/package.ts';
import type { Problem } from '../../core/problem.ts';
import type { IniSection } from '../archives/ini.ts';
import { folderAddress, type RefusedAddress, repositoryAddress } from '../archives/repository-address.ts';
import type { UnreadRepository } from '../archives/unread-repository.ts';
import { readOsRelease } from '../os-release.ts';
import { readRpmConfiguration } from './rpm-configuration.ts';
import { expandVariables, type RpmVariables, rpmVariables, unknownVariable } from './rpm-variables.ts';

/** One repository that an image's dnf, yum, tdnf or zypper reads. */
export interface RpmRepository {
  readonly id: string;
  /** Folders, each with a final `/`; or a list that names them. */
  readonly from: { readonly kind: 'baseurl' | 'mirrorlist' | 'metalink'; readonly urls: readonly string[] };
  /** `repo_gpgcheck`: the signature beside repomd.xml must be good. */
  readonly checksSignature: boolean;
  /** `gpgkey`: paths in the image without a leading `/`; other addresses as written. */
  readonly keys: readonly string[];
  /** The lowest wins; 99 unless it says otherwise. */
  readonly priority: number;
  /** Patterns of what is not taken, and of what alone is taken; its own and those of the main configuration. */
  readonly excludes: readonly string[];
  readonly includes: readonly string[];
  /** Its packages may replace those of a module. */
  readonly moduleHotfixes: boolean;
  /** `etc/yum.repos.d/ubi.repo:3` */
  readonly place: string;
}

/** The repositories that an image enables, those that nobody can ask for it, and what its settings say besides. */
export interface RpmRepositories {
  readonly repositories: readonly RpmRepository[];
  readonly unread: readonly UnreadRepository[];
  readonly problems: readonly Problem[];
  readonly variables: RpmVariables;
  /** `[main]` of the configuration. */
  readonly main: ReadonlyMap<string, string>;
}

/**
 * The repositories that an image enables, by what its dnf, yum, tdnf or zypper is configured with. Never throws.
 */
export function readRpmRepositories(
  files: ReadonlyMap<string, Uint8Array>,
  os: DistroRelease | undefined,
  packages: readonly Package[],
): RpmRepositories {
  const variables = rpmVariables(files, os, packages);
  const { main, sections, isWhole } = readRpmConfiguration(files);
  const repositories: RpmRepository[] = [];
  const unread: UnreadRepository[] = [];
  const problems: Problem[] = [];
  if (!isWhole) {
    const message =
      'the image overrides its package repositories in more sections, or under longer ids, than are read; which of them dnf takes, and what from them, is not known';
    problems.push({ code: 'rpm-overrides-unread', message });
  }
  for (const { section, place } of sections) {
    if (isNo(section.values.get('enabled'))) continue;
    if (repositories.length + unread.length >= limits.settings.repositories.most) {
      const message = `the image has more package repositories than the first ${limits.settings.repositories.most}; what the others offer is not known`;
      problems.push({ code: 'rpm-too-many-repositories', message });
      break;
    }
    const one = toRepository(section, place, main, variables);
    if ('problem' in one) unread.push(one);
    else repositories.push(one);
  }
  if (repositories.length === 0 && unread.length === 0) {
    const message =
      'the image enables no package repository, so there is nothing to compare its packages with; look at the image it was built from';
    problems.push({ code: 'no-repositories', message });
  }
  return { repositories, unread, problems, variables, main };
}

/**
 * The keys in the image that repositories with `repo_gpgcheck` name, enabled or not: paths without a leading `/`. Those
 * with a variable that os-release and the image's own variables do not tell are left out.
 */
export function rpmKeyFiles(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const { main, sections: written } = readRpmConfiguration(files);
  const sections = [main, ...written.map(({ section }) => section.values)];
  const isChecked = sections.some((values) => isYes(values.get('repo_gpgcheck')));
  if (!isChecked) return [];
  const variables = rpmVariables(files, readOsRelease(files), []);
  return sections
    .flatMap((values) => words(expandVariables(values.get('gpgkey') ?? '', variables)))
    .filter((key) => key.startsWith('file:') && unknownVariable(key) === undefined)
    .map(fileOf);
}

function fileOf(key: string): string {
  return key.replace(/^file:\/*/, '');
}

function toRepository(
  { name: id, values }: IniSection,
  place: string,
  main: ReadonlyMap<string, string>,
  variables: RpmVariables,
): RpmRepository | UnreadRepository {
  const written = (['metalink', 'mirrorlist', 'baseurl'] as const).flatMap((kind) => {
    const urls = words(expandVariables(values.get(kind) ?? '', variables)).slice(0, limits.settings.addresses.most);
    return urls.length > 0 ? [{ kind, urls }] : [];
  });
  // dnf takes the addresses that stand there before any list.
  const from = written.find(({ kind }) => kind === 'baseurl') ?? written[0];
  const unread = (
    code: RefusedAddress['code'] | 'empty' | 'entitlement' | 'patterns' | 'variable',
    what: string,
  ): UnreadRepository => {
    const problem: Problem = {
      code: `rpm-repository-${code}`,
      message: `the repository ${id} at ${place} ${what}`,
      subject: id,
    };
    return { uri: (from?.urls[0] ?? '').replace(/\/\/[^/@]*@/, '//').slice(0, 300), suite: id, problem };
  };
  if (from === undefined) return unread('empty', 'names no address: baseurl, mirrorlist and metalink are empty');
  if (words(values.get('sslclientcert')).length > 0) {
    return unread(
      'entitlement',
      'needs a client certificate (an entitlement), which is not sent; what it offers is not known',
    );
  }
  const unknown = from.urls.map(unknownVariable).find((one) => one !== undefined);
  if (unknown !== undefined) {
    return unread('variable', `has ${unknown.slice(0, 60)} in its address, which no file of the image sets`);
  }
  const urls = from.urls.map(repositoryAddress);
  const below = expandVariables(values.get('path') ?? '', variables).replace(/^\/+/, '');
  const good = urls.flatMap((one) => ('code' in one ? [] : [inFolder(one, from.kind, below)]));
  const [bad] = urls.flatMap((one) => ('code' in one ? [one] : []));
  if (good.length === 0) return unread(bad?.code ?? 'unreadable', bad?.message ?? 'is no address');
  const list = (key: string): readonly string[] => [...words(values.get(key)), ...words(main.get(key))];
  const excludes = [...list('exclude'), ...list('excludepkgs')];
  const includes = list('includepkgs');
  if (excludes.length + includes.length > limits.settings.packagePatterns.most) {
    return unread(
      'patterns',
      `excludes or includes packages by more than ${limits.settings.packagePatterns.most} patterns, which are not read`,
    );
  }
  if ([...excludes, ...includes].some((pattern) => pattern.length > limits.settings.packagePattern.most)) {
    return unread(
      'patterns',
      `excludes or includes packages by a pattern of more than ${limits.settings.packagePattern.most} characters`,
    );
  }
  return {
    id,
    from: { kind: from.kind, urls: good.map(({ href }) => href) },
    checksSignature: isYes(values.get('repo_gpgcheck') ?? main.get('repo_gpgcheck')),
    keys: words(expandVariables(values.get('gpgkey') ?? '', variables)).map(fileOf),
    priority: integer(values.get('priority')) ?? 99,
    excludes,
    includes,
    moduleHotfixes: isYes(values.get('module_hotfixes')),
    place,
  };
}

/** zypper's `path`: where in the folder of the address the repository lies. */
function inFolder(url: URL, kind: RpmRepository['from']['kind'], below: string): URL {
  if (kind !== 'baseurl') return url;
  const folder = folderAddress(url);
  return below === '' || /(?:^|\/)\.\.(?:\/|$)|[?#]/.test(below)
    ? folder
    : folderAddress(new URL(`./${below}`, folder));
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(?:1|yes|true|on)$/i.test(value.trim());
}

function isNo(value: string | undefined): boolean {
  return value !== undefined && /^(?:0|no|false|off)$/i.test(value.trim());
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function words(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}
