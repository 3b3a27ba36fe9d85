import type { Package } from '../../core/package.ts';
import type { Steps } from '../../core/time/turns.ts';
import type { Candidate } from '../archives/archive-family.ts';
import { compareDpkg } from '../versions/dpkg-version.ts';
import { aptVerdict } from './apt-verdict.ts';
import { type AptVersion, type AptView, aptKey, priorityOf, suiteOf } from './apt-versions.ts';

/**
 * What `apt list --upgradable` lists: installed packages whose candidate is newer. The candidate follows
 * apt_preferences(5): the highest priority, among equals the newest version, nothing older than what is installed below
 * priority 1000. Held packages are listed, as apt does, and marked. What a solver would add, remove or keep back is not
 * computed.
 */
export function* aptCandidates(packages: readonly Package[], view: AptView): Steps<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const one of packages) {
    yield;
    const { name, architecture, version: installed, source } = one;
    const candidate = aptCandidate(one, view);
    if (candidate === undefined || compareDpkg(candidate.version, installed) <= 0) continue;
    candidates.push({
      name,
      architecture,
      installed,
      candidate: candidate.version,
      ...(source && { installedSource: source }),
      ...(candidate.source && { candidateSource: candidate.source }),
      suite: suiteOf(candidate),
      ...aptVerdict({ name, architecture, before: installed, after: candidate.version }, view),
      ...(one.held && { held: true as const }),
    });
  }
  return candidates;
}

/** The version that apt would take of a package that is installed; its own when none is better. */
export function aptCandidate(installed: Package, view: AptView): AptVersion | undefined {
  const versions = view.versions.get(aptKey(installed.name, installed.architecture, view.native)) ?? [];
  let best: AptVersion | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const one of withInstalled(installed, versions)) {
    const isInstalled = one.version === installed.version;
    const priority = priorityOf(installed.name, one, isInstalled, view);
    if (priority <= 0 || priority <= highest) continue;
    if (priority < 1000 && compareDpkg(one.version, installed.version) < 0) continue;
    highest = priority;
    best = one;
  }
  return best;
}

function withInstalled(
  { version, architecture, source }: Package,
  versions: readonly AptVersion[],
): readonly AptVersion[] {
  if (versions.some((one) => one.version === version)) return versions;
  const own = { version, architecture, ...(source && { source }), homes: [] };
  return [...versions, own].sort((a, b) => compareDpkg(b.version, a.version));
}
