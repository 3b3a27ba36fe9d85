import { spawnSync } from 'node:child_process';
import type { DebianRootfs } from './debian-rootfs.ts';
import { runTool } from './run-tool.ts';

export interface InstalledRow {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** What dpkg-query itself says is installed, by name. */
export function dpkgQuery({ admindir }: Pick<DebianRootfs, 'admindir'>): InstalledRow[] {
  const format = '${Package} ${Version} ${Architecture} ${db:Status-Status}\\n';
  return runTool('dpkg-query', [`--admindir=${admindir}`, '-W', '-f', format])
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , , status]) => status === 'installed')
    .map(([name = '', version = '', architecture = '']) => ({ name, version, architecture }))
    .sort(byName);
}

export interface ExpectedChange {
  readonly name: string;
  readonly kind: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two package databases, by dpkg-query and `dpkg --compare-versions`. */
export function dpkgChanges(older: DebianRootfs, newer: DebianRootfs): ExpectedChange[] {
  const byRow = (rootfs: DebianRootfs): Map<string, string> =>
    new Map(dpkgQuery(rootfs).map(({ name, version }) => [name, version]));
  const [before, after] = [byRow(older), byRow(newer)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .map((row) => ({ ...row, kind: kindOf(row.before, row.after) }))
    .sort(byName);
}

function kindOf(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return spawnSync('dpkg', ['--compare-versions', before, 'lt', after]).status === 0 ? 'upgraded' : 'downgraded';
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
