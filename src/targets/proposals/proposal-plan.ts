import type { Finding } from '../../core/finding.ts';
import type { ForgeCommit, ForgePull, OwnItem } from '../../forges/forge.ts';
import { isBranchOf } from './branch-name.ts';
import type { ProposalGroup } from './group.ts';
import { type Marker, type ProposalFacts, parseFacts, parseMarker } from './marker.ts';
import type { Situation } from './next-step.ts';
import { parseTrailer } from './trailer.ts';
import type { WantedProposal } from './wanted.ts';

/** A pull request of ours as the list shows it, read by its marker. */
export interface OwnProposal {
  readonly item: OwnItem;
  readonly marker: Marker;
  readonly facts: ProposalFacts | undefined;
}

/** The list filters by author; what has no marker of ours is somebody's use of our account. */
export function ownProposals(items: readonly OwnItem[]): OwnProposal[] {
  return items.flatMap((item) => {
    const marker = item.kind === 'pull' ? parseMarker(item.body) : undefined;
    return marker === undefined ? [] : [{ item, marker, facts: parseFacts(item.body) }];
  });
}

/** What people closed without merging: of that nothing is said again. */
export interface Silenced {
  readonly news: ReadonlySet<string>;
  readonly targets: ReadonlySet<string>;
}

/**
 * What people do not want: the news and targets of what they closed without merging. What we closed ourselves silences
 * nothing.
 */
export function silencedBy(proposals: readonly OwnProposal[]): Silenced {
  const closed = proposals.filter(
    ({ item, facts }) => item.state === 'closed' && facts?.withdrawn !== true && facts?.ignored === undefined,
  );
  return {
    news: new Set(closed.flatMap(({ facts }) => facts?.news ?? [])),
    targets: new Set(closed.map(({ marker }) => marker.targets)),
  };
}

/** Would it tell people anything that they have not closed? */
export function bringsNews({ news, targets }: WantedProposal, silenced: Silenced): boolean {
  if (news.length === 0) return !silenced.targets.has(targets);
  return news.some((key) => !silenced.news.has(key.slice(0, 16)));
}

/** Groups that people asked us to be quiet about are as good as held back. `today` is an RFC 3339 date. */
export function withoutIgnored(
  groups: readonly ProposalGroup[],
  proposals: readonly OwnProposal[],
  today: string,
  imageOf: (finding: Finding) => string | undefined,
): ProposalGroup[] {
  const quiet = proposals.filter(
    ({ item, facts }) => item.state !== 'open' && facts?.ignored !== undefined && facts.ignored.until > today,
  );
  const keys = new Set(quiet.map(({ marker }) => marker.key));
  const images = new Set(
    quiet.flatMap(({ facts }) => (facts?.ignored?.scope === 'image' ? facts.to.map(([reference]) => reference) : [])),
  );
  return groups.map((group) => {
    if (keys.has(group.key)) return { ...group, wanted: [], waiting: [...group.waiting, ...group.wanted] };
    const isQuiet = (finding: Finding): boolean => images.has(imageOf(finding) ?? '');
    return {
      ...group,
      wanted: group.wanted.filter((finding) => !isQuiet(finding)),
      waiting: [...group.waiting, ...group.wanted.filter(isQuiet)],
    };
  });
}

/** Has an open proposal's target moved on, and does that matter? Pure. */
export function changeOf(
  wanted: WantedProposal,
  marker: Pick<Marker, 'targets'>,
  facts: ProposalFacts | undefined,
  isGone: boolean,
): Situation['change'] {
  if (marker.targets === wanted.targets) return facts?.draft === true && !wanted.draft ? 'now' : 'same';
  if (isGone || facts === undefined) return 'now';
  const urgent = wanted.group.wanted.filter(({ class: kind }) => kind === 'security' || kind === 'pin-broken');
  const told = new Set(facts.news);
  const lists = new Set(urgent.map(({ news }) => news));
  if ([...lists].some((news) => news.some((key) => !told.has(key.slice(0, 16))))) return 'now';
  return facts.substance === wanted.facts.substance ? 'silent' : 'batch';
}

/**
 * What a branch is to us. Edited is a commit that the base has not and that is neither ours nor a merge of the base:
 * `between` are those commits, undefined when they could not all be listed.
 */
export function branchState(
  head: ForgeCommit | undefined,
  key: string,
  between: readonly ForgeCommit[] | undefined,
): Situation['branch'] {
  if (head === undefined) return 'none';
  if (isOurs(head, key)) return 'ours';
  if (between === undefined) return 'edited';
  if (between.length === 0) return 'empty';
  const ids = new Set(between.map(({ oid }) => oid));
  const isMerge = ({ parents }: ForgeCommit): boolean => parents.length === 2 && !parents.every((one) => ids.has(one));
  return between.every((commit) => isOurs(commit, key) || isMerge(commit)) ? 'ours' : 'edited';
}

/** Is a commit by us, and for the proposal with this key? */
export function isOurs({ isOwn, message }: ForgeCommit, key: string): boolean {
  return isOwn && parseTrailer(message)?.key === key;
}

/** The pull request that speaks for a key: an open one, else the newest. */
export function pullOf(
  pulls: readonly ForgePull[],
  key: string,
  branch: string,
): {
  readonly pull: ForgePull | undefined;
  readonly state: Situation['proposal'];
  readonly marker: Marker | undefined;
} {
  const all = pulls.filter((pull) => pull.head === branch && !pull.isForeign).sort((a, b) => b.number - a.number);
  const pull = all.find(({ state }) => state === 'open') ?? all.find(({ isOwn }) => isOwn);
  if (pull === undefined) return { pull, state: 'none', marker: undefined };
  const marker = pull.isOwn ? parseMarker(pull.body) : undefined;
  if (pull.state === 'open' && (marker?.key !== key || !isBranchOf(branch, key))) {
    return { pull, state: 'taken', marker: undefined };
  }
  const withdrawn = parseFacts(pull.body)?.withdrawn === true;
  const state =
    pull.state === 'open'
      ? withdrawn
        ? 'reopened'
        : 'open'
      : pull.state === 'merged'
        ? 'merged'
        : withdrawn
          ? 'withdrawn'
          : 'closed';
  return { pull, state, marker };
}

/** The forge's own word for why something was not done; undefined for any other trouble. */
export function forgeFailure(error: unknown): string | undefined {
  const { failure } = (error ?? {}) as { failure?: unknown };
  return typeof failure === 'string' ? failure : undefined;
}
