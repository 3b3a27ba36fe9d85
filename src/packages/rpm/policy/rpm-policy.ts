/*
 * src/packages/rpm/policy/
 *
 * What an image's own settings keep as it is or keep out: excludes and priorities (this file), versionlock of dnf and
 * yum (versionlock.ts), locks and vendors of zypper (zypp-locks.ts, zypp-vendors.ts), and the patterns that name
 * packages (rpm-patterns.ts). Sources: dnf.conf(5), dnf-plugins-core's versionlock, zypper(8), libzypp.
 * Begin here.
 */

import { limits } from '../../../core/limits/limits.ts';
import type { Problem } from '../../../core/problem.ts';
import { settingsText } from '../../archives/excessive-settings.ts';
import { readIni } from '../../archives/ini.ts';
import { takesAll } from '../rpm-offers.ts';
import type { RpmPolicy } from '../rpm-view.ts';
import { readLockList, readLockToml, type VersionLocks } from './versionlock.ts';
import { readZyppLocks } from './zypp-locks.ts';
import { zyppVendors } from './zypp-vendors.ts';

type Files = ReadonlyMap<string, Uint8Array>;

/** What an image's settings keep back, as far as they could be read. */
export interface RpmPolicyReading {
  readonly policy: RpmPolicy;
  /** What is locked in a way that could not be read: then nobody knows what is pending. */
  readonly problems: readonly Problem[];
}

/** The plugin of dnf 4, which yum of EL 8 and later is, and that of yum before. */
const plugins = [
  { configuration: 'etc/dnf/plugins/versionlock.conf', list: 'etc/dnf/plugins/versionlock.list' },
  { configuration: 'etc/yum/pluginconf.d/versionlock.conf', list: 'etc/yum/pluginconf.d/versionlock.list' },
];
const tomlPath = 'etc/dnf/versionlock.toml';
const zyppLocksPath = 'etc/zypp/locks';

/** Lists of locks that the configuration of a plugin names, wherever they lie: paths without a leading `/`. */
export function lockListPaths(files: Files): readonly string[] {
  return plugins.flatMap(({ configuration, list }) => listIn(files, configuration) ?? (files.has(list) ? [list] : []));
}

/** The list that a plugin reads; undefined: there is no configuration, `[]`: it is off. */
function listIn(files: Files, configuration: string): readonly string[] | undefined {
  const bytes = files.get(configuration);
  if (bytes === undefined) return undefined;
  const main = readIni(settingsText(bytes)).find(({ name }) => name === 'main')?.values;
  if (isNo(main?.get('enabled'))) return [];
  const path = (main?.get('locklist') ?? '').replace(/^\/+/, '');
  return path === '' ? [] : [path];
}

/**
 * What an image's dnf, yum or zypper leaves alone among what it is offered: locked versions, packages of other names that
 * replace one (dnf.conf(5), `obsoletes`), and for zypper other vendors' builds. `main` is the configuration's. Never throws.
 */
export function readRpmPolicy(files: Files, main: ReadonlyMap<string, string>): RpmPolicyReading {
  const problems: Problem[] = [];
  const unread = (path: string, why: string): void => {
    const message = `the locks of ${path} could not be read (${why}), so what is pending is not known`;
    problems.push({ code: 'rpm-locks-unread', message, subject: path });
  };
  const reads = (path: string, read: (text: string) => VersionLocks): VersionLocks | undefined => {
    const bytes = files.get(path);
    if (bytes === undefined) {
      unread(path, 'it is named and not there');
      return undefined;
    }
    // A list may lie where no settings are looked for, and count as none of them.
    const locks: VersionLocks =
      bytes.length > limits.settings.size.most
        ? { kind: 'unread', why: 'it is longer than is read' }
        : read(settingsText(bytes));
    if (locks.kind === 'unread') unread(path, locks.why);
    return locks;
  };
  const isOff = isNo(main.get('plugins'));
  const locks = [
    ...(isOff ? [] : [...new Set(lockListPaths(files))].map((path) => reads(path, readLockList))),
    ...(files.has(tomlPath) ? [reads(tomlPath, readLockToml)] : []),
  ].flatMap((one) => (one?.kind === 'locks' ? [one] : []));
  const allows: RpmPolicy['allows'] = (build) => locks.every((one) => one.allows(build));
  const wants: RpmPolicy['wants'] = (build) => locks.some((one) => one.wants(build));
  if (![...files.keys()].some((path) => path.startsWith('etc/zypp/'))) {
    return {
      policy: { ...takesAll, allows, wants, replacements: isNo(main.get('obsoletes')) ? 'none' : 'all' },
      problems,
    };
  }
  const zypp = readZyppLocks(settingsText(files.get(zyppLocksPath)));
  if (zypp.unread.length > 0) unread(zyppLocksPath, `in a form that is not followed: ${zypp.unread[0]}`);
  const { mayFollow, isWhole } = zyppVendors(files);
  if (!isWhole) {
    const message =
      'etc/zypp/vendors.d names more classes of vendors than are read; whose builds zypper takes for whose is not known';
    problems.push({ code: 'zypp-vendors-unread', message });
  }
  return {
    policy: {
      allows: (build) => allows(build) && zypp.allows(build),
      keeps: zypp.keeps,
      wants,
      replacements: 'first',
      mayFollow,
    },
    problems,
  };
}

function isNo(value: string | undefined): boolean {
  return /^(?:0|no|false|off)$/i.test(value ?? '');
}
