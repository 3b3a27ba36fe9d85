import type { Inventory } from '../core/package.ts';

/** A package manager that an image brings along. */
export interface PackageManager {
  /** As PackagePin.manager has it. */
  readonly name: string;
  /** The instruction that takes every upgrade the archives offer, and leaves nothing behind. */
  readonly upgradeLine: string;
}

interface Known extends PackageManager {
  /** Any of these packages brings the manager's program. */
  readonly broughtBy: readonly string[];
}

/**
 * In the order of preference where an image has several. Sources: apt-get(8), apk(8), dnf(8), zypper(8); cleaning up as
 * Docker's best practices for each.
 */
const known: readonly Known[] = [
  {
    name: 'apt',
    broughtBy: ['apt'],
    upgradeLine: 'RUN apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*',
  },
  { name: 'apk', broughtBy: ['apk-tools'], upgradeLine: 'RUN apk upgrade --no-cache' },
  { name: 'dnf', broughtBy: ['dnf', 'dnf5'], upgradeLine: 'RUN dnf upgrade -y && dnf clean all' },
  { name: 'microdnf', broughtBy: ['microdnf'], upgradeLine: 'RUN microdnf upgrade -y && microdnf clean all' },
  { name: 'yum', broughtBy: ['yum'], upgradeLine: 'RUN yum upgrade -y && yum clean all' },
  { name: 'dnf', broughtBy: ['tdnf'], upgradeLine: 'RUN tdnf upgrade -y && tdnf clean all' },
  { name: 'zypper', broughtBy: ['zypper'], upgradeLine: 'RUN zypper --non-interactive update && zypper clean --all' },
];

/** The manager that can upgrade packages inside the image; none in distroless, chiselled and production images. */
export function packageManagerOf({ packages }: Pick<Inventory, 'packages'>): PackageManager | undefined {
  const names = new Set(packages.map(({ name }) => name));
  return known.find(({ broughtBy }) => broughtBy.some((name) => names.has(name)));
}
