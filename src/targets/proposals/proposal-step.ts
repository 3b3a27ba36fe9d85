import type { ProposalOutcome } from '../../core/proposal.ts';
import type { ForgePull, ForgeRepository, RepositoryState } from '../../forges/forge.ts';
import { newerTargetComment } from '../../report/render/proposal-comment.ts';
import { toldMark } from './commands.ts';
import { parseFacts } from './marker.ts';
import type { Row, Situation, Step } from './next-step.ts';
import { prepareProposal } from './prepare-proposal.ts';
import { answer, quietBody, type UnansweredCommand } from './proposal-commands.ts';
import type { PossibleProposal } from './proposal-situation.ts';
import { applyStep, changedSince, closeProposal, deleteBranch, type WriteContext } from './proposal-write.ts';
import type { ProposeDependencies, ProposeSettings } from './propose-settings.ts';
import type { ProposalCounter } from './pull-request-limits.ts';

/** What the steps in one repository share. */
export interface StepContext {
  readonly repository: ForgeRepository;
  readonly settings: Pick<ProposeSettings, 'dryRun'>;
  readonly deps: Pick<ProposeDependencies, 'forge' | 'now'>;
  readonly counter: ProposalCounter;
  /** Counted before a write is tried: what was refused may have been done all the same. */
  writes: number;
  /** Something is to be looked at again although nothing was written. */
  isUncertain: boolean;
}

/** Does one row of the table, or says what would be done; undefined when that is worth no word. Throws ForgeError. */
export async function takeStep(
  { step, why }: Row,
  { room }: Pick<Situation, 'room'>,
  possible: PossibleProposal,
  pull: ForgePull | undefined,
  state: RepositoryState,
  shared: StepContext,
): Promise<ProposalOutcome | undefined> {
  const { repository } = shared;
  const { forge } = shared.deps;
  const { branch, wanted } = possible;
  const say = (kind: ProposalOutcome['kind'], more: Partial<ProposalOutcome> = {}): ProposalOutcome =>
    outcomeOf(kind, possible, why, repository, {
      ...(pull && { url: pull.url, ...(pull.state !== 'open' && { isOver: true }) }),
      ...more,
    });
  if (quietSteps[step] !== true && shared.settings.dryRun) return rehearse(step, possible, pull, shared, say);
  switch (step) {
    case 'keep':
      return say('unchanged');
    case 'leave':
      return say('left-alone');
    case 'nothing':
      return wanted === undefined ? undefined : say('left-alone');
    case 'hold-limit':
      return say('held', { held: 'limit' });
    case 'hold-window':
      return say('held', { held: 'window' });
    case 'clean':
      shared.writes++;
      await deleteBranch(branch, { forge, repository, state });
      // What is wanted all the same is looked at again without its leftovers.
      if (wanted === undefined) return undefined;
      return room === 'yes' ? say('left-alone') : say('held', { held: room });
    case 'tell':
      shared.writes++;
      if (pull !== undefined) {
        const text = newerTargetComment(why, wanted?.targetList, toldMark(wanted?.targets ?? 'none'));
        await forge.comment(repository, pull.number, text);
      }
      return say('left-alone');
    case 'close':
      shared.writes++;
      if (pull !== undefined) await closeProposal(pull, why, { forge, repository, state });
      shared.counter.closed(pull && parseFacts(pull.body)?.class);
      return say('closed');
    default:
      return write(step, why, possible, pull, state, shared);
  }
}

/** Steps that write nothing. */
const quietSteps: { readonly [S in Step]?: true } = {
  keep: true,
  leave: true,
  nothing: true,
  'hold-limit': true,
  'hold-window': true,
};

/** What the run would have done; counted as in it, since its limits hold for what would come next. */
function rehearse(
  step: Step,
  { wanted }: PossibleProposal,
  pull: ForgePull | undefined,
  { counter }: StepContext,
  say: (kind: ProposalOutcome['kind']) => ProposalOutcome,
): ProposalOutcome | undefined {
  if (step === 'clean') return undefined;
  if (step === 'tell') return say('left-alone');
  if (step === 'close') {
    counter.closed(pull && parseFacts(pull.body)?.class);
    return say('closed');
  }
  if (pull?.state === 'open') return say('updated');
  if (wanted !== undefined) counter.made(wanted);
  return say('created');
}

async function write(
  step: Step,
  why: string,
  possible: PossibleProposal,
  pull: ForgePull | undefined,
  state: RepositoryState,
  shared: StepContext,
): Promise<ProposalOutcome> {
  const { repository } = shared;
  const { forge } = shared.deps;
  const { part, wanted } = possible;
  const base = state.bases.get(part.read.head.name);
  const say = (kind: ProposalOutcome['kind'], reason: string, more?: Partial<ProposalOutcome>): ProposalOutcome =>
    outcomeOf(kind, possible, reason, repository, more);
  if (wanted === undefined || base === undefined) return say('failed', 'there is nothing to write');
  const prepared = prepareProposal(wanted, part, forge);
  if (typeof prepared === 'string') return say('failed', prepared);
  const changed = await changedSince(prepared, part.read, base, repository, forge);
  if (changed !== undefined) {
    shared.isUncertain = true;
    return say('left-alone', `${changed} was changed since it was read; the next run looks again`);
  }
  const remarks: string[] = [];
  const context: WriteContext = { forge, repository, read: part.read, state, base, remarks };
  const open = pull?.state === 'open' ? pull : undefined;
  shared.writes++;
  const url = await applyStep(step, prepared, open, context);
  if (url === undefined) {
    const todo = `merge ${base.name} into it, or delete it for a new one`;
    return say('left-alone', `${why}, and the server lets no branch be made anew: ${todo}`, open && { url: open.url });
  }
  if (open === undefined) shared.counter.made(wanted);
  const reason = [why, ...remarks].join('; ');
  return say(open === undefined ? 'created' : 'updated', reason, { url, batches: wanted.batches });
}

/** Does what closes a pull request because somebody asked for quiet; an outcome when one did. Throws ForgeError. */
export async function obeyQuiet(
  asked: readonly UnansweredCommand[],
  pull: ForgePull | undefined,
  own: Situation['branch'],
  possible: PossibleProposal,
  state: RepositoryState,
  shared: StepContext,
): Promise<ProposalOutcome | undefined> {
  const { repository } = shared;
  const { forge, now } = shared.deps;
  if (pull === undefined || shared.settings.dryRun) return undefined;
  for (const one of [...asked].reverse()) {
    const quiet = quietBody(one.command, pull, now);
    if (quiet === undefined) continue;
    shared.writes++;
    await forge.changePull(repository, pull.number, { body: quiet.body, state: 'closed' });
    await answer(one, quiet.words, pull, repository, forge);
    if (own !== 'edited') await deleteBranch(pull.head, { forge, repository, state });
    shared.counter.closed(parseFacts(pull.body)?.class);
    const facts = parseFacts(quiet.body);
    const silenced = {
      until: facts?.ignored?.until ?? null,
      news: possible.wanted?.news ?? [],
      images: facts?.ignored?.scope === 'image' ? facts.to.map(([reference]) => reference) : [],
    };
    return outcomeOf('closed', possible, 'somebody asked for it', repository, { url: pull.url, silenced });
  }
  return undefined;
}

/** What became of a possible proposal, with the findings in it. */
export function outcomeOf(
  kind: ProposalOutcome['kind'],
  { wanted, branch, group }: PossibleProposal,
  reason: string,
  { name }: Pick<ForgeRepository, 'name'>,
  more: Partial<ProposalOutcome> = {},
): ProposalOutcome {
  const findings = (wanted?.group.wanted ?? group?.waiting ?? []).map(({ id, class: kind }) => ({ id, class: kind }));
  return { kind, repository: name, branch, reason, findings, news: wanted?.news ?? [], batches: [], ...more };
}
