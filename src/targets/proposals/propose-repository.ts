import { createHash } from 'node:crypto';
import { messageOf } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { referenceKey } from '../../core/image/reference.ts';
import { limits } from '../../core/limits/limits.ts';
import type { ProposalOutcome } from '../../core/proposal.ts';
import type { ForgePull, ForgeRepository, OwnItem, RepositoryState } from '../../forges/forge.ts';
import { stagingBranch } from './branch-name.ts';
import { type Command, commandHelp } from './commands.ts';
import { groupFindings, isWorkflow, type ProposalGroup } from './group.ts';
import { nextStep, type Situation } from './next-step.ts';
import type { RepositoryPart } from './prepare-proposal.ts';
import { answer, commandsOn, type UnansweredCommand } from './proposal-commands.ts';
import {
  forgeFailure,
  type OwnProposal,
  ownProposals,
  type Silenced,
  silencedBy,
  withoutIgnored,
} from './proposal-plan.ts';
import { lookAt, type PossibleProposal, possibleProposals, situationOf } from './proposal-situation.ts';
import { obeyQuiet, outcomeOf, type StepContext, takeStep } from './proposal-step.ts';
import type { ProposeDependencies, ProposeSettings } from './propose-settings.ts';
import { ProposalCounter } from './pull-request-limits.ts';
import { sweepStaging } from './sweep-staging.ts';
import { recallSettled, rememberSettled } from './unchanged-proposals.ts';
import { type WantedProposal, wantedProposal } from './wanted.ts';

/** Brings one repository's pull requests to where its findings want them. Throws ForgeError when that cannot even be told. */
export async function proposeInRepository(
  parts: readonly RepositoryPart[],
  items: readonly OwnItem[],
  settings: ProposeSettings,
  deps: ProposeDependencies,
): Promise<readonly ProposalOutcome[]> {
  const [first] = parts;
  if (first === undefined) return [];
  const proposals = new RepositoryProposals(first.read.repository, parts, ownProposals(items), settings, deps);
  if (proposals.isNothing()) return [];
  const quiet = recallSettled(proposals.fingerprint(items), deps.cache);
  if (quiet !== undefined && !proposals.hasWishes) return quiet;
  await proposals.run();
  if (proposals.isSettled) rememberSettled(proposals.fingerprint(items), proposals.outcomes, deps.cache);
  return proposals.outcomes;
}

/** What is answered where a command was obeyed; otherwise the reason why nothing came of it is. */
const done: Partial<Readonly<Record<Command['kind'], string>>> = {
  rebase: 'Done: the branch is made anew on its base as it is now.',
  recheck: 'Done: it has the newest target now.',
};
const notUnderstood = `Nothing was done: that is no command. There are ${commandHelp.map(([text]) => `\`${text}\``).join(', ')}.`;

/** One repository while its proposals are brought to where its findings want them. */
class RepositoryProposals {
  readonly #repository: ForgeRepository;
  readonly #parts: readonly RepositoryPart[];
  readonly #own: readonly OwnProposal[];
  readonly #groups: ReadonlyMap<RepositoryPart, readonly ProposalGroup[]>;
  readonly #settings: ProposeSettings;
  readonly #deps: ProposeDependencies;
  readonly #silenced: Silenced;
  readonly #wishes: ReadonlySet<string>;
  readonly #done = new Map<string, ProposalOutcome | undefined>();
  readonly #permissions = new Map<string, Promise<boolean>>();
  readonly #shared: StepContext;

  constructor(
    repository: ForgeRepository,
    parts: readonly RepositoryPart[],
    own: readonly OwnProposal[],
    settings: ProposeSettings,
    deps: ProposeDependencies,
  ) {
    const today = new Date(deps.now).toISOString().slice(0, 10);
    this.#repository = repository;
    this.#parts = parts;
    this.#own = own;
    this.#settings = settings;
    this.#deps = deps;
    this.#wishes = deps.wishes?.(repository.id) ?? new Set();
    const all = parts.map((part) => [part, groupFindings(part.findings, part.read.head.name)] as const);
    const wished = new Set(
      all.flatMap(([, groups]) => groups.flatMap(({ key, branch }) => (this.#wishes.has(branch) ? [key] : []))),
    );
    // What somebody asks for again was never closed, and never ignored.
    const speaking = own.filter(({ item, marker }) => item.state === 'open' || !wished.has(marker.key));
    this.#groups = new Map(all.map(([part, groups]) => [part, withoutIgnored(groups, speaking, today, imageOf)]));
    const open = own.filter(({ item }) => item.state === 'open').map(({ facts }) => facts?.class);
    this.#silenced = silencedBy(speaking);
    const counter = new ProposalCounter(settings.limits, open, {
      isFirst: own.length === 0,
      newFormats: deps.newFormats ?? new Set(),
    });
    this.#shared = { repository, settings, deps, counter, writes: 0, isUncertain: false };
  }

  get hasWishes(): boolean {
    return this.#wishes.size > 0;
  }

  get outcomes(): readonly ProposalOutcome[] {
    return [...this.#done.values()].filter((one) => one !== undefined);
  }

  /** Nothing was written, nothing waits for time to pass: the same facts will ask for nothing again. */
  get isSettled(): boolean {
    return (
      this.#shared.writes === 0 &&
      !this.#shared.isUncertain &&
      this.outcomes.every(({ kind }) => kind === 'unchanged' || kind === 'left-alone') &&
      this.#own.every(({ facts }) => facts?.ignored === undefined)
    );
  }

  /** Nothing wanted, nothing open, no branch of ours: then nobody needs to be asked. */
  isNothing(): boolean {
    const groups = [...this.#groups.values()].flat();
    const open = this.#own.some(({ item }) => item.state === 'open');
    return !open && this.#repository.ownBranches.length === 0 && groups.every(({ wanted }) => wanted.length === 0);
  }

  fingerprint(items: readonly OwnItem[]): string {
    const groups = [...this.#groups.values()].flat().map((group) => {
      const wanted = wantedProposal(group);
      return [group.key, wanted?.targets, wanted?.batches, wanted?.draft, group.waiting.length > 0];
    });
    const heads = this.#parts.map(({ read }) => read.head);
    const facts = [this.#repository.id, this.#repository.ownBranches, heads, items, groups];
    return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  }

  async run(): Promise<void> {
    const known = new Set(this.#repository.ownBranches.map(({ name }) => name));
    for (let pass = 1; ; pass++) {
      const state = await this.#look(known);
      const raced = await this.#pass(state, pass === limits.tree.passes.most);
      if (!raced) return;
    }
  }

  async #look(known: ReadonlySet<string>): Promise<RepositoryState> {
    const groups = [...this.#groups.values()].flat();
    const wanted = groups.flatMap(({ key, branch }) => [branch, stagingBranch(key)]);
    const bases = this.#parts.map(({ read }) => read.head.name);
    const { forge } = this.#deps;
    const state = await forge.state(this.#repository, { bases, branches: [...new Set([...wanted, ...known])] });
    const others = state.pulls.filter((pull) => pull.isOwn && pull.state === 'open' && !bases.includes(pull.base));
    if (others.length === 0) return state;
    const names = [...new Set(others.map(({ base }) => base))];
    const more = await forge.state(this.#repository, { bases: names, branches: [] });
    return { ...state, bases: new Map([...state.bases, ...more.bases]) };
  }

  /** True: somebody was faster somewhere, and it is worth looking again. */
  async #pass(state: RepositoryState, isLast: boolean): Promise<boolean> {
    let raced = false;
    let refused: string | undefined;
    for (const possible of possibleProposals(this.#groups, this.#own, state)) {
      if (this.#done.has(possible.key)) continue;
      if (refused !== undefined) {
        if (possible.wanted)
          this.#done.set(possible.key, outcomeOf('failed', possible, refused, this.#repository, { cause: 'denied' }));
        continue;
      }
      try {
        this.#done.set(possible.key, await this.#settle(possible, state));
      } catch (error) {
        const failure = forgeFailure(error);
        if (failure === undefined) throw error;
        // A pull request that is refused may be there already, opened by a run that did not hear of it.
        const mayPass = failure === 'raced' || failure === 'refused';
        if (mayPass && !isLast) raced = true;
        else
          this.#done.set(
            possible.key,
            outcomeOf('failed', possible, messageOf(error), this.#repository, { cause: failure }),
          );
        // Whoever may not write this may not write the rest either.
        if (failure === 'denied') refused = messageOf(error);
      }
    }
    if (refused === undefined && !this.#settings.dryRun)
      this.#shared.writes += await sweepStaging(this.#repository, state, this.#deps.forge);
    return raced;
  }

  async #settle(possible: PossibleProposal, state: RepositoryState): Promise<ProposalOutcome | undefined> {
    const { wanted } = possible;
    const [workflow] = wanted?.group.wanted.filter(isWorkflow) ?? [];
    const barred = workflow && (await this.#deps.forge.barred(this.#repository, workflow.file ?? ''));
    if (barred !== undefined) return outcomeOf('left-alone', possible, barred, this.#repository, {});
    const onForge = await lookAt(possible, state, this.#repository, this.#deps.forge);
    const { pull, proposal, facts } = onForge;
    const open = proposal === 'open' || proposal === 'reopened' ? pull : undefined;
    const asked = open === undefined ? [] : await this.#asked(open);
    const closed = await obeyQuiet(asked, pull, onForge.branch, possible, state, this.#shared);
    if (closed !== undefined) return closed;
    if (open?.conflicts === null) this.#shared.isUncertain = true;
    const situation = situationOf(onForge, possible, state, {
      silenced: this.#silenced,
      room: this.#wishes.has(possible.branch) ? 'yes' : this.#roomFor(wanted),
      isGone: wanted !== undefined && open !== undefined && (await this.#isGone(wanted, facts?.to ?? [])),
      asked: [
        ...asked.map(({ command }) => command.kind),
        ...(this.#wishes.has(possible.branch) ? ['recheck' as const] : []),
      ],
    });
    const row = nextStep(situation);
    const outcome = await takeStep(row, situation, possible, pull, state, this.#shared);
    for (const one of this.#settings.dryRun ? [] : asked) {
      if (pull === undefined) break;
      this.#shared.writes++;
      const words = outcome?.kind === 'updated' ? done[one.command.kind] : undefined;
      const isUnknown = one.command.kind === 'unknown';
      await answer(
        one,
        isUnknown
          ? notUnderstood
          : (words ?? `${capitalise(outcome?.kind === 'left-alone' ? outcome.reason : row.why)}.`),
        pull,
        this.#repository,
        this.#deps.forge,
      );
    }
    return outcome;
  }

  #roomFor(wanted: WantedProposal | undefined): Situation['room'] {
    if (wanted === undefined) return 'yes';
    const { name } = this.#repository;
    const waits = wanted.batches.length > 0 && wanted.batches.every((when) => this.#deps.isBatchDone(name, when));
    if (waits) return 'window';
    return this.#shared.counter.hasRoomFor(wanted) ? 'yes' : 'limit';
  }

  /** The digest in an open pull request was deleted from its registry: merged, it would break the build. */
  async #isGone(wanted: WantedProposal, to: readonly (readonly [string, string])[]): Promise<boolean> {
    const current = new Map(wanted.facts.to);
    for (const [reference, digest] of to) {
      const latest = current.get(reference);
      if (latest !== undefined && latest !== digest && (await this.#deps.isGone(reference, digest))) return true;
    }
    return false;
  }

  #asked(pull: ForgePull): Promise<readonly UnansweredCommand[]> {
    return commandsOn(pull, (login) => {
      const known = this.#permissions.get(login) ?? this.#deps.forge.mayWrite(this.#repository, login);
      this.#permissions.set(login, known);
      return known;
    });
  }
}

function imageOf({ reference }: Finding): string | undefined {
  return reference === undefined ? undefined : referenceKey(reference);
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
