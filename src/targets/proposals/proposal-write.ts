import { messageOf } from '../../core/errors.ts';
import type { ProposalWishes } from '../../core/proposal-wishes.ts';
import type { BranchHead, Forge, ForgePull, ForgeRepository, PullName, RepositoryState } from '../../forges/forge.ts';
import { commitText } from '../../report/render/proposal-text.ts';
import type { ReadRepository } from '../../sources/discover-repositories.ts';
import { stagingBranch } from './branch-name.ts';
import { formatFacts, formatMarker, parseFacts, withFacts } from './marker.ts';
import type { Step } from './next-step.ts';
import { forgeFailure } from './proposal-plan.ts';
import { formatTrailer, parseTrailer } from './trailer.ts';
import type { WantedProposal } from './wanted.ts';

/** A proposal with everything that is written about it. */
export interface PreparedProposal {
  readonly wanted: WantedProposal;
  readonly title: string;
  readonly files: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** The body, once the commit is known. */
  body(marker: string, facts: string): string;
}

/** What writing one proposal needs: the forge, and what was read of the repository a moment ago. */
export interface WriteContext {
  readonly forge: Forge;
  readonly repository: ForgeRepository;
  readonly read: ReadRepository;
  readonly state: RepositoryState;
  readonly base: BranchHead;
  /** Said beside the outcome: what was done less than was wished. */
  readonly remarks: string[];
}

/**
 * Does one of the steps that leave an open pull request; returns its address, or undefined where the server would have to make its
 * branch anew and cannot. `open` is the one that is there.
 */
export function applyStep(
  step: Step,
  prepared: PreparedProposal,
  open: ForgePull | undefined,
  context: WriteContext,
): Promise<string | undefined> {
  if (step === 'create') return createProposal(prepared, context);
  if (step === 'open') return openForBranch(prepared, context);
  if (step === 'relabel' && open !== undefined) return relabelProposal(prepared, open, context);
  return rewriteProposal(prepared, open, context);
}

/** A file that is to be written and is not any more what was read; the base may have moved in others. */
export async function changedSince(
  { files }: PreparedProposal,
  { head, blobs }: ReadRepository,
  base: BranchHead,
  repository: ForgeRepository,
  forge: Forge,
): Promise<string | undefined> {
  if (base.commit === head.commit) return undefined;
  const paths = files.map(({ path }) => path);
  const now = await forge.blobsAt(repository, base.commit, paths);
  return paths.find((path, i) => now[i] !== blobs.get(path));
}

/** Branch, commit and pull request. */
async function createProposal(prepared: PreparedProposal, context: WriteContext): Promise<string> {
  const { forge, repository, base } = context;
  const { branch } = prepared.wanted.group;
  await forge.createBranch(repository, branch, base.commit);
  const head = await commitOrTakeBack(branch, prepared, context);
  return openPull(prepared, head, context);
}

/** A commit on a branch that we have just made. One whose commit the forge will never take is not left there, if nobody moved it. */
async function commitOrTakeBack(branch: string, prepared: PreparedProposal, context: WriteContext): Promise<string> {
  const { forge, repository, base } = context;
  try {
    return await commitOn(branch, base.commit, prepared, context);
  } catch (error) {
    const moves = [{ branch, before: base.commit, after: undefined }];
    if (['refused', 'denied'].includes(forgeFailure(error) ?? ''))
      await forge.moveBranches(repository, moves).catch(() => undefined);
    throw error;
  }
}

/** The branch anew on today's base, in one step, and what the pull request says with it; or the pull request it lacked. */
async function rewriteProposal(
  prepared: PreparedProposal,
  pull: ForgePull | undefined,
  context: WriteContext,
): Promise<string | undefined> {
  const { forge, repository, state, base } = context;
  const { group, targets } = prepared.wanted;
  const { branch, key } = group;
  const last = state.branches.get(branch);
  const before = last?.oid;
  const staging = stagingBranch(key);
  let head: string;
  try {
    await forge.moveBranches(repository, [
      { branch: staging, before: state.branches.get(staging)?.oid, after: base.commit },
    ]);
    head = await commitOrTakeBack(staging, prepared, context);
    const moves = [
      { branch, before, after: head },
      { branch: staging, before: head, after: undefined },
    ];
    // One by one, a run that is killed in between leaves the second branch, which the next one sweeps away.
    for (const step of forge.can.atomicMoves ? [moves] : moves.map((one) => [one]))
      await forge.moveBranches(repository, step);
  } catch (error) {
    if (forgeFailure(error) !== 'unsupported' || last === undefined) throw error;
    // A server that cannot move branches: one more commit on top, which a plain fast-forward can do, if that changes anything.
    const isSame = parseTrailer(last.message)?.targets === targets;
    if (isSame && pull !== undefined) return undefined;
    head = isSame ? last.oid : await commitOn(branch, last.oid, prepared, context);
    if (!isSame) context.remarks.push('the server lets no branch be made anew, so it got one more commit');
  }
  if (pull === undefined) return openPull(prepared, head, context);
  await forge.changePull(repository, pull.number, { title: titleOf(prepared, context), body: bodyOf(prepared, head) });
  await adjust(prepared, pull, context);
  return pull.url;
}

/** A pull request for a branch that has our commit. */
function openForBranch(prepared: PreparedProposal, context: WriteContext): Promise<string> {
  const head = context.state.branches.get(prepared.wanted.group.branch)?.oid ?? '';
  return openPull(prepared, head, context);
}

/** Only the words, which was not what the branch holds. */
async function relabelProposal(prepared: PreparedProposal, pull: ForgePull, context: WriteContext): Promise<string> {
  const { forge, repository } = context;
  const change = { title: titleOf(prepared, context), body: bodyOf(prepared, pull.headCommit) };
  await forge.changePull(repository, pull.number, change);
  return pull.url;
}

/** Closes it so that a later run knows it was us, says why, and takes the branch away. */
export async function closeProposal(
  pull: ForgePull,
  why: string,
  { forge, repository, state }: Pick<WriteContext, 'forge' | 'repository' | 'state'>,
): Promise<void> {
  const facts = parseFacts(pull.body);
  const body = facts === undefined ? pull.body : withFacts(pull.body, { ...facts, withdrawn: true });
  // The body first: closed without it, it would look as if a person had closed it.
  await forge.changePull(repository, pull.number, { body, state: 'closed' });
  await forge.comment(repository, pull.number, `Closed: ${why}.`);
  await deleteBranch(pull.head, { forge, repository, state });
}

/** Deletes a branch if it is where it was seen. Throws ForgeError, but not where the forge cannot delete it safely. */
export async function deleteBranch(
  branch: string,
  { forge, repository, state }: Pick<WriteContext, 'forge' | 'repository' | 'state'>,
): Promise<void> {
  const before = state.branches.get(branch)?.oid;
  if (before === undefined) return;
  try {
    await forge.moveBranches(repository, [{ branch, before, after: undefined }]);
  } catch (error) {
    // A server that has no other way than an unchecked delete keeps the branch.
    if (forgeFailure(error) !== 'unsupported') throw error;
  }
}

async function commitOn(
  branch: string,
  onto: string,
  prepared: PreparedProposal,
  context: WriteContext,
): Promise<string> {
  const { forge, repository, read } = context;
  const { group, targets, targetList } = prepared.wanted;
  const trailers = [formatTrailer({ key: group.key, targets })];
  if (read.commit.signoff) {
    const { name, email } = await forge.account(repository.name);
    trailers.push(`Signed-off-by: ${name} <${email}>`);
  }
  const reasons = group.wanted.map(({ reason }) => reason);
  const text = commitText(titleOf(prepared, context), { reasons, targetList }, trailers);
  return forge.commit(repository, { branch, onto, ...text, files: prepared.files });
}

async function openPull(prepared: PreparedProposal, head: string, context: WriteContext): Promise<string> {
  const { forge, repository, base } = context;
  const { group, draft } = prepared.wanted;
  const pull = { head: group.branch, base: base.name, title: titleOf(prepared, context), body: bodyOf(prepared, head) };
  const opened = await forge.openPull(repository, { ...pull, draft: draft && forge.can.drafts });
  if (draft && !opened.draft) context.remarks.push('this repository has no drafts, so it is an ordinary one');
  await dress(prepared.wanted, opened, context);
  return opened.url;
}

/** Labels, people and auto-merge; each may fail without the others. */
async function dress(
  wanted: WantedProposal,
  pull: PullName,
  { forge, repository, remarks }: WriteContext,
): Promise<void> {
  const { labels, people, teams, assignees, milestone } = wishesOf(wanted);
  const { can, present } = forge;
  const { number } = pull;
  const attempts: readonly (readonly [isWanted: boolean, can: boolean, what: string, () => Promise<void>])[] = [
    [labels.length > 0, can.labels, 'labels', () => forge.addLabels(repository, number, labels)],
    [
      people.length + teams.length > 0,
      can.reviewers,
      'reviewers',
      () => forge.requestReviews(repository, number, { people, teams }),
    ],
    [
      assignees.length > 0 || milestone !== undefined,
      can.assignees,
      'assignees and milestones',
      () => forge.assign(repository, number, { people: assignees, milestone }),
    ],
    [wanted.automerge, can.automerge, 'auto-merge', () => forge.setAutomerge(repository, pull, true)],
  ];
  for (const [isWanted, isPossible, what, attempt] of attempts) {
    if (!isWanted) continue;
    try {
      if (isPossible) await attempt();
      else remarks.push(`${present.name} has no ${what}`);
    } catch (error) {
      remarks.push(messageOf(error));
    }
  }
}

/** Draft and auto-merge follow what the proposal has become. */
async function adjust(
  { wanted }: PreparedProposal,
  pull: ForgePull,
  { forge, repository, remarks }: WriteContext,
): Promise<void> {
  const { can } = forge;
  try {
    if (pull.automerge && !wanted.automerge) await forge.setAutomerge(repository, pull, false);
    const wasOurDraft = parseFacts(pull.body)?.draft === true;
    if (can.drafts && wanted.draft !== pull.isDraft && (wanted.draft || wasOurDraft))
      await forge.setDraft(repository, pull, wanted.draft);
    if (can.automerge && !pull.automerge && wanted.automerge) await forge.setAutomerge(repository, pull, true);
  } catch (error) {
    remarks.push(messageOf(error));
  }
}

interface Wishes {
  readonly labels: readonly string[];
  readonly people: readonly string[];
  readonly teams: readonly string[];
  readonly assignees: readonly string[];
  readonly milestone: number | undefined;
}

function wishesOf({ group }: WantedProposal): Wishes {
  const all = group.wanted.map(({ reaction }): ProposalWishes => reaction?.proposal ?? {});
  const list = (pick: (wishes: ProposalWishes) => readonly string[] | undefined): string[] => [
    ...new Set(all.flatMap((wishes) => pick(wishes) ?? [])),
  ];
  return {
    labels: list(({ labels }) => labels),
    people: list(({ reviewers }) => reviewers),
    teams: list(({ teamReviewers }) => teamReviewers),
    assignees: list(({ assignees }) => assignees),
    milestone: all.find(({ milestone }) => milestone !== undefined)?.milestone,
  };
}

function titleOf({ title }: PreparedProposal, { read }: WriteContext): string {
  return `${read.commit.prefix}${title}`;
}

function bodyOf({ wanted, body }: PreparedProposal, head: string): string {
  const marker = formatMarker({ key: wanted.group.key, head, targets: wanted.targets });
  return body(marker, formatFacts(wanted.facts));
}
