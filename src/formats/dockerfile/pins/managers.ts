import { apkWord, aptWord, type PackageWord, rpmWord, zypperWord } from './package-word.ts';

/** How one family of package managers is called. */
export interface Manager {
  /** The name in {@link PackagePin.manager}; absent: the command's own name. */
  readonly name?: string;
  readonly commands: readonly string[];
  readonly verbs: readonly string[];
  /** Options that take the next word as their value, before and behind the verb. */
  readonly valued: readonly string[];
  /** Short options that take a value before the verb alone, or behind it alone. */
  readonly valuedBefore?: readonly string[];
  readonly valuedBehind?: readonly string[];
  /** Options behind which the words name no packages. */
  readonly otherKind?: readonly string[];
  /** Options that name the release to take packages from. */
  readonly target?: readonly string[];
  /** What takes every upgrade: a verb without operands, with any of these options where it needs one. */
  readonly upgrades: readonly { readonly verbs: readonly string[]; readonly options?: readonly string[] }[];
  /** Undefined: the word names no package of an archive. */
  readonly word: (word: string) => PackageWord | undefined;
}

/** Sources: apt-get(8), apk(8), dnf(8), yum(8), zypper(8); tdnf and microdnf take dnf's options. */
export const managers: readonly Manager[] = [
  {
    name: 'apt',
    commands: ['apt-get', 'apt', 'aptitude', 'apt-fast'],
    verbs: ['install', 'reinstall'],
    valued:
      '-o --option -c --config-file -t --target-release --default-release -a --host-architecture -P --build-profiles --solver --planner'.split(
        ' ',
      ),
    target: ['-t', '--target-release', '--default-release'],
    upgrades: [{ verbs: ['upgrade', 'dist-upgrade', 'full-upgrade', 'safe-upgrade'] }],
    word: aptWord,
  },
  {
    name: 'apk',
    commands: ['apk'],
    verbs: ['add'],
    valued:
      '-p --root -X --repository --repositories-file --keys-dir --cache-dir --cache-max-age --arch --wait --progress-fd --timeout -t --virtual'.split(
        ' ',
      ),
    upgrades: [{ verbs: ['upgrade'] }, { verbs: ['add'], options: ['-u', '--upgrade'] }],
    word: apkWord,
  },
  {
    commands: ['dnf', 'dnf5', 'dnf-3', 'yum', 'microdnf', 'tdnf'],
    verbs: ['install', 'update', 'upgrade', 'downgrade', 'reinstall'],
    valued:
      '-c --config -d --debuglevel -e --errorlevel -x --exclude --excludepkgs --disableexcludes --disableexcludepkgs --disablerepo --enablerepo --repo --repoid --repofrompath --installroot --releasever --setopt --advisory --advisories --bugzilla --bugzillas --cve --cves --sec-severity --secseverity --forcearch --comment --destdir --downloaddir --color --disableplugin --enableplugin -R --randomwait --rpmverbosity --from-repo'.split(
        ' ',
      ),
    upgrades: [{ verbs: ['upgrade', 'update', 'distro-sync', 'distrosync'] }],
    word: rpmWord,
  },
  {
    name: 'zypper',
    commands: ['zypper'],
    verbs: ['install', 'in'],
    valued: ['--releasever', '--installroot', '--plus-repo', '-p', '--plus-content', '--userdata', '--config', '-c'],
    valuedBefore:
      '-D --reposd-dir -C --cache-dir --raw-cache-dir --solv-cache-dir --pkg-cache-dir -R --root -x --xmlout-file'.split(
        ' ',
      ),
    valuedBehind: ['-r', '--repo', '--from', '-t', '--type', '--download', '--solver-focus'],
    otherKind: ['-t', '--type'],
    upgrades: [{ verbs: ['update', 'up', 'patch', 'dist-upgrade', 'dup'] }],
    word: zypperWord,
  },
];

const byCommand = new Map(
  managers.flatMap((manager) => manager.commands.map((command) => [command, manager] as const)),
);

/** The manager a command belongs to, by the last part of its path. */
export function managerOf(command: string): { readonly name: string; readonly manager: Manager } | undefined {
  const base = command.slice(command.lastIndexOf('/') + 1);
  const manager = byCommand.get(base);
  return manager && { manager, name: manager.name ?? (base.startsWith('dnf') ? 'dnf' : base) };
}
