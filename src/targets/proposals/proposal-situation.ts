import type { Forge, ForgePull, ForgeRepository, RepositoryState } from '../../forges/forge.ts';
import { isBranchOf } from './branch-name.ts';
import { type Command, toldMark } from './commands.ts';
import { keysUnderAnyGrouping, type ProposalGroup } from './group.ts';
import { type Marker, type ProposalFacts, parseFacts } from './marker.ts';
import type { Situation } from './next-step.ts';
import type { RepositoryPart } from './prepare-proposal.ts';
import { branchState, bringsNews, changeOf, isOurs, type OwnProposal, pullOf, type Silenced } from './proposal-plan.ts';
import { parseTrailer, type Trailer } from './trailer.ts';
import { type WantedProposal, wantedProposal } from './wanted.ts';

/** One proposal that there is, should be, or should not be any more. */
export interface PossibleProposal {
  readonly key: string;
  readonly part: RepositoryPart;
  readonly group: ProposalGroup | undefined;
  readonly wanted: WantedProposal | undefined;
  readonly branch: string;
  /** Into which it would be merged, or was to be. */
  readonly base: string;
}

/** Groups first, the most urgent before the others; then what is there and belongs to no group. */
export function possibleProposals(
  groups: ReadonlyMap<RepositoryPart, readonly ProposalGroup[]>,
  own: readonly OwnProposal[],
  state: RepositoryState,
): PossibleProposal[] {
  const found = new Map<string, PossibleProposal>();
  for (const [part, all] of groups) {
    for (const group of all) {
      const { key, branch, base } = group;
      found.set(key, { key, part, group, wanted: wantedProposal(group), branch, base });
    }
  }
  const parts = [...groups.keys()];
  const [fallback] = parts;
  const add = (key: string | undefined, branch: string): void => {
    if (key === undefined || fallback === undefined || found.has(key) || !isBranchOf(branch, key)) return;
    const pull = state.pulls.find((one) => one.state === 'open' && one.head === branch && !one.isForeign);
    const base = pull?.base ?? fallback.read.head.name;
    const part = parts.find(({ read }) => read.head.name === base);
    // Against a branch that this run has not read, or not all of: another run's business.
    if (part === undefined ? state.bases.get(base) !== undefined : part.read.isPartial) return;
    found.set(key, { key, part: part ?? fallback, group: undefined, wanted: undefined, branch, base });
  };
  for (const { isOwn, head } of state.pulls) {
    if (isOwn) add(own.find(({ marker }) => isBranchOf(head, marker.key))?.marker.key, head);
  }
  for (const [branch, commit] of state.branches) {
    if (commit?.isOwn) add(parseTrailer(commit.message)?.key, branch);
  }
  return [...found.values()];
}

/** What the forge has of a possible proposal at this moment: its pull request, its branch, and what both say of themselves. */
export interface ProposalOnForge {
  readonly pull: ForgePull | undefined;
  readonly proposal: Situation['proposal'];
  readonly marker: Marker | undefined;
  readonly facts: ProposalFacts | undefined;
  readonly branch: Situation['branch'];
  readonly head: string | undefined;
  /** Of our last commit on the branch. */
  readonly trailer: Trailer | undefined;
}

/** Asks the forge for a branch's commits only when its head is not plainly ours. */
export async function lookAt(
  { key, branch, base }: PossibleProposal,
  state: RepositoryState,
  repository: ForgeRepository,
  forge: Forge,
): Promise<ProposalOnForge> {
  const { pull, state: proposal, marker } = pullOf(state.pulls, key, branch);
  const head = state.branches.get(branch);
  const isKnown = head === undefined || isOurs(head, key);
  const between = isKnown ? [] : await forge.commitsBetween(repository, base, branch);
  const last = isKnown ? head : between?.findLast((commit) => isOurs(commit, key));
  return {
    pull,
    proposal,
    marker,
    facts: pull === undefined ? undefined : parseFacts(pull.body),
    branch: branchState(head, key, between),
    head: head?.oid,
    trailer: last === undefined ? undefined : parseTrailer(last.message),
  };
}

/** What decides beside what the forge has: what was closed before, how many are allowed, what people ask for. */
export interface SituationFacts {
  readonly silenced: Silenced;
  readonly room: Situation['room'];
  /** The digest in the open pull request was deleted. */
  readonly isGone: boolean;
  readonly asked: readonly Command['kind'][];
}

/** Everything that decides, in the words of the table. Pure. */
export function situationOf(
  { pull, proposal, marker, facts, branch, head, trailer }: ProposalOnForge,
  { key, part, group, wanted, base }: PossibleProposal,
  state: RepositoryState,
  { silenced, room, isGone, asked }: SituationFacts,
): Situation {
  // What the branch holds is what is proposed, whatever the text says.
  const targets = (branch === 'ours' ? trailer : undefined)?.targets ?? marker?.targets ?? '';
  return {
    group: wanted !== undefined ? 'wanted' : group !== undefined && group.waiting.length > 0 ? 'waiting' : 'obsolete',
    base: state.bases.get(base) === undefined ? 'gone' : 'there',
    branch,
    proposal,
    change:
      wanted === undefined || (pull === undefined && targets === wanted.targets)
        ? 'same'
        : changeOf(wanted, { targets }, facts, isGone),
    news: wanted === undefined || bringsNews(wanted, silenced) ? 'fresh' : 'closed',
    conflicts: pull?.conflicts === true,
    room,
    regrouped: wanted === undefined && keysUnderAnyGrouping(part.findings, base).has(key),
    told: pull?.comments.some((one) => one.isOwn && one.body.includes(toldMark(wanted?.targets ?? 'none'))) ?? false,
    marker: marker === undefined || (marker.head === head && trailer?.targets === marker.targets) ? 'right' : 'stale',
    asked: asked.includes('rebase') ? 'rebase' : asked.includes('recheck') ? 'recheck' : 'nothing',
  };
}
