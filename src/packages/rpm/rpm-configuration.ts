import { globToRegExp } from '../../core/glob.ts';
import { limits } from '../../core/limits/limits.ts';
import { settingsText } from '../archives/excessive-settings.ts';
import { type IniSection, readIni } from '../archives/ini.ts';

/** What an image's dnf, yum, tdnf and zypper are configured with, before anything is made of it. */
export interface RpmConfiguration {
  /** `[main]` of all configuration files. */
  readonly main: ReadonlyMap<string, string>;
  /** One per repository id, enabled or not. */
  readonly sections: readonly {
    readonly section: IniSection;
    /** `etc/yum.repos.d/ubi.repo:3` */
    readonly place: string;
  }[];
  /** false: there are more overrides than were laid over the sections. */
  readonly isWhole: boolean;
}

type Files = ReadonlyMap<string, Uint8Array>;

const configurations = new Set(['etc/dnf/dnf.conf', 'etc/yum.conf', 'etc/tdnf/tdnf.conf']);
// Those of the distro first: the administrator's replace them.
const repositoryFolders = ['usr/share/dnf5/repos.d/', 'etc/distro.repos.d/', 'etc/zypp/repos.d/', 'etc/yum.repos.d/'];
const dropIns = ['usr/share/dnf5/libdnf.conf.d/', 'etc/dnf/libdnf5.conf.d/'];
const overrides = ['usr/share/dnf5/repos.override.d/', 'etc/dnf/repos.override.d/'];
/** Options that add to what was said before (dnf5.conf(5), "append options"). */
const lists: ReadonlySet<string> = new Set(['exclude', 'excludepkgs', 'includepkgs']);

/**
 * Reads the sections of `*.repo` files and of the main configuration, where one in a later folder replaces one with its
 * id, then what dnf5 (and microdnf since libdnf 0.75) lays over them: drop-ins below the main configuration, and overrides
 * of repositories, whose sections are globs of ids and of which the last wins. A drop-in or override in `/etc` replaces
 * the one of the same name that the distro ships. Source: dnf.conf(5); dnf5.conf(5), FILES; dnf5-config-manager(8).
 */
export function readRpmConfiguration(files: Files): RpmConfiguration {
  const main = new Map<string, string>();
  const sections = new Map<string, { section: IniSection; place: string }>();
  const inMain = [...files.keys()].filter((path) => configurations.has(path)).sort();
  const inFolders = repositoryFolders.flatMap((folder) =>
    [...files.keys()].filter((path) => path.startsWith(folder) && path.endsWith('.repo')).sort(),
  );
  // The file that people edit has the last word over what drops in beside it.
  for (const path of [...layered(files, dropIns, '.conf'), ...inMain, ...inFolders]) {
    for (const section of sectionsOf(files, path)) {
      if (section.name === 'main') lay(main, section.values);
      else sections.set(section.name, { section, place: `${path}:${section.line}` });
    }
  }
  const over = layered(files, overrides, '.repo').flatMap((path) => sectionsOf(files, path));
  const short = over
    .filter(({ name }) => name.length <= limits.settings.overrideName.most)
    .slice(0, limits.settings.overrides.most);
  for (const { name, values } of short) {
    const glob = globToRegExp(name.replaceAll('{', '?'));
    for (const [id, { section, place }] of sections) {
      if (!glob.test(id)) continue;
      const laid = new Map(section.values);
      lay(laid, values);
      sections.set(id, { section: { ...section, values: laid }, place });
    }
  }
  return { main, sections: [...sections.values()], isWhole: short.length === over.length };
}

/** In the order of their names, whatever folder they are in; of two with one name that of the later folder. */
function layered(files: Files, folders: readonly string[], suffix: string): readonly string[] {
  const byName = new Map<string, string>();
  for (const folder of folders) {
    for (const path of files.keys()) {
      if (path.startsWith(folder) && path.endsWith(suffix)) byName.set(path.slice(folder.length), path);
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

function lay(below: Map<string, string>, values: ReadonlyMap<string, string>): void {
  for (const [key, value] of values) {
    const known = below.get(key);
    below.set(key, lists.has(key) && known !== undefined ? `${known} ${value}` : value);
  }
}

function sectionsOf(files: Files, path: string): readonly IniSection[] {
  return readIni(settingsText(files.get(path)));
}
