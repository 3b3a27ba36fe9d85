import type { Package } from '../../core/package.ts';
import type { Steps } from '../../core/time/turns.ts';
import type { Candidate, Offer } from '../archives/archive-family.ts';
import { compareApk } from '../versions/apk-version.ts';
import { type ApkDependency, satisfiesApk } from './apk-constraint.ts';
import type { ApkRepository } from './apk-repositories.ts';

/** One version of one package, and the repository that has it. */
export interface ApkOffer extends Offer {
  readonly repository: ApkRepository;
}

/** What an image's apk can see. */
export interface ApkView {
  /** All that the repositories have of one name, in no order. */
  readonly offered: (name: string) => readonly ApkOffer[];
  readonly world: ReadonlyMap<string, readonly ApkDependency[]>;
  /** Of the image; packages for it, and `noarch`, can be installed. */
  readonly architecture: string;
}

/**
 * What `apk add NAME=VERSION` finds. First what apk takes by itself: from a repository with the tag that the world file
 * asks for, then the newest; a tagged repository serves nobody else (apk-world(5), apk-repositories(5)).
 */
export function apkOffers(name: string, view: ApkView): readonly ApkOffer[] {
  const tags = new Set((view.world.get(name) ?? []).flatMap(({ tag }) => (tag === undefined ? [] : [tag])));
  const isTagged = (one: ApkOffer): boolean => one.repository.tag !== undefined;
  return view
    .offered(name)
    .filter(({ repository, architecture }) => {
      const { tag } = repository;
      return (tag === undefined || tags.has(tag)) && (architecture === view.architecture || architecture === 'noarch');
    })
    .sort((a, b) => Number(isTagged(b)) - Number(isTagged(a)) || compareApk(b.version, a.version));
}

/**
 * What `apk upgrade` would move as far as the world file lets it: per installed package the first offer that its
 * constraints take, when it is newer. What a solver would add, remove or keep back is not computed. The archive does not
 * say what is a security fix.
 */
export function* apkCandidates(packages: readonly Package[], view: ApkView): Steps<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const one of packages) {
    yield;
    const constraints = view.world.get(one.name) ?? [];
    const candidate = apkOffers(one.name, view).find(({ version }) =>
      constraints.every(
        ({ conflict, operator, version: wanted }) => !conflict && satisfiesApk(version, operator, wanted),
      ),
    );
    if (candidate === undefined || compareApk(candidate.version, one.version) <= 0) continue;
    candidates.push({
      name: one.name,
      architecture: one.architecture,
      installed: one.version,
      candidate: candidate.version,
      ...(one.source && { installedSource: one.source }),
      ...(candidate.source && { candidateSource: candidate.source }),
      suite: candidate.suite,
      security: null,
      advisories: [],
    });
  }
  return candidates;
}
