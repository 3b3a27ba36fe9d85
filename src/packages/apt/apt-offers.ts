import type { Package } from '../../core/package.ts';
import type { Offer } from '../archives/archive-family.ts';
import { compareDpkg } from '../versions/dpkg-version.ts';
import { type AptView, aptKey, priorityOf, suiteOf } from './apt-versions.ts';

/**
 * Every version of a package that `apt-get install NAME=VERSION` finds: those that are offered, whatever their
 * priority, and the one that is installed. First what `apt-get install NAME` takes by itself (apt_preferences(5)): the
 * highest priority, among equals the newest.
 */
export function aptOffers(name: string, packages: readonly Package[], view: AptView): readonly Offer[] {
  const { versions, native } = view;
  const offered = versions.get(aptKey(name, native, native)) ?? [];
  const installed = packages.find(
    (one) => one.name === name && (one.architecture === native || one.architecture === 'all'),
  );
  const all = offered.some(({ version }) => version === installed?.version)
    ? offered
    : [...offered, ...(installed ? [{ ...installed, homes: [] }] : [])];
  // Without being told to, apt goes back only from priority 1000 on.
  const rank = (version: string, priority: number): number =>
    installed !== undefined && priority < 1000 && compareDpkg(version, installed.version) < 0 ? -1000 : priority;
  return all
    .map((one) => {
      const priority = priorityOf(name, one, one.version === installed?.version, view);
      return { one, priority: rank(one.version, priority) };
    })
    .sort((a, b) => b.priority - a.priority || compareDpkg(b.one.version, a.one.version))
    .map(({ one }) => ({
      name,
      version: one.version,
      architecture: one.architecture,
      ...(one.source && { source: one.source }),
      suite: one.homes.length > 0 ? suiteOf(one) : 'installed',
    }));
}
