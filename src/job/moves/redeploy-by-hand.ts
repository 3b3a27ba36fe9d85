import { PlimsollError } from '../../core/errors.ts';
import type { Finding, Held } from '../../core/finding.ts';
import type { Digest } from '../../core/image/digest.ts';
import { formatReference, type ImageReference } from '../../core/image/reference.ts';
import { type Workload, workloadPlace } from '../../core/place.ts';
import type { RedeployOutcome } from '../../core/redeploy.ts';
import type { RedeployPlan } from '../../engines/engine-hands.ts';
import { manifestsOf } from '../../look/platform-manifests.ts';
import { SignatureChecks } from '../../look/signature.ts';
import type { EngineWorkload, Scope, Source } from '../../sources/source.ts';
import type { DecidedUse } from '../../verdict/decided.ts';
import { forAnyClass, redeployRule } from '../../verdict/policy.ts';
import { heldForAnybody, howOf, mayEverRedeploy } from '../../verdict/redeploy-law.ts';
import type { EngineWish } from '../engines.ts';
import { heldUnsigned } from '../hold-unsigned.ts';
import type { RunDependencies, RunRequest } from '../look-at-scopes.ts';
import { run } from '../run.ts';
import { lookKey } from '../state-keys.ts';
import { type EvenIf, type MoveDependencies, moveOne, outcomeOf, plannedOutcome, wishOf } from './engine-moves.ts';
import { configsOf, described, moveOf, type RedeployCandidate } from './judge-redeploys.ts';

/** What a person wants moved. */
export interface HandWish {
  /** `ENGINE:NAME`, or a name that one engine alone has: of a container or service, or `project/service`. */
  readonly names: readonly string[];
  /** Instead of what the tag names. */
  readonly to?: Digest;
  readonly even: EvenIf;
  readonly dryRun: boolean;
  readonly wantsLog: boolean;
}

/** What came of it. `unanswered`: an engine or a registry could not be asked. */
export interface HandResult {
  readonly outcomes: readonly RedeployOutcome[];
  /** By the workload's name: what would be done, and the last lines of what was put back. */
  readonly plans: ReadonlyMap<string, RedeployPlan>;
  readonly logs: ReadonlyMap<string, readonly string[]>;
  readonly unanswered: readonly string[];
}

/** A workload that somebody named, with the engine it is on. */
export interface NamedWorkload {
  readonly scope: Scope;
  readonly wish: EngineWish;
  readonly workload: EngineWorkload;
}

/** The engines that are read for these names. Throws PlimsollError 'USAGE' for one that is unknown, or only watched. */
export function enginesFor(names: readonly string[], wishes: readonly EngineWish[]): readonly EngineWish[] {
  const acting = wishes.filter(({ redeploy }) => redeploy !== undefined);
  const wanted = new Set<EngineWish>();
  for (const text of names) {
    const { engine } = splitName(text, wishes);
    if (engine === undefined) for (const one of acting) wanted.add(one);
    else if (engine.redeploy === undefined) {
      throw new PlimsollError(
        'USAGE',
        `${text}: the mode of ${engine.name ?? engine.asked} is watch; it is told to redeploy only with "mode: redeploy" in the configuration`,
      );
    } else wanted.add(engine);
  }
  if (wanted.size > 0) return [...wanted];
  throw new PlimsollError(
    'USAGE',
    'no engine of the configuration has "mode: redeploy": nothing is told to redeploy without it',
  );
}

/** `ENGINE:NAME`; a name alone has no engine. */
function splitName(
  text: string,
  wishes: readonly EngineWish[],
): { readonly engine: EngineWish | undefined; readonly name: string } {
  const colon = text.indexOf(':');
  if (colon < 0) return { engine: undefined, name: text };
  const [given, name] = [text.slice(0, colon), text.slice(colon + 1)];
  const engine = wishes.find((one) => one.name === given || one.asked === `${given}:`);
  if (engine !== undefined) return { engine, name };
  const known = wishes.flatMap((one) => one.name ?? []).join(', ') || 'none with a name';
  throw new PlimsollError('USAGE', `${text}: there is no engine ${given} in the configuration; there are: ${known}`);
}

/** The workloads of these names, each once. Throws PlimsollError 'USAGE' for one that is nowhere, or in several places. */
export function workloadsNamed(
  names: readonly string[],
  scopes: readonly { readonly scope: Scope; readonly wish: EngineWish }[],
): readonly NamedWorkload[] {
  const wishes = scopes.map(({ wish }) => wish);
  const found = new Map<EngineWorkload, NamedWorkload>();
  for (const text of names) {
    const { engine, name } = splitName(text, wishes);
    const own = scopes.filter(({ wish }) => engine === undefined || wish === engine);
    const all = own.flatMap(({ scope, wish }) =>
      (scope.engine?.workloads ?? []).map((workload) => ({ scope, wish, workload })),
    );
    const exact = all.filter(({ workload }) => workload.name === name);
    const matching = exact.length > 0 ? exact : all.filter(({ workload }) => workloadPlace(workload) === name);
    const places = new Set(matching.map(({ scope, workload }) => `${scope.name}:${workload.kind === 'service'}`));
    if (places.size > 1) {
      const where = [...new Set(matching.map(({ scope }) => scope.name))].map((one) => `${one}:${name}`).join(', ');
      throw new PlimsollError('USAGE', `${text} is ambiguous: there are ${where}`);
    }
    if (matching.length === 0) {
      const where = own.map(({ scope }) => scope.name).join(', ');
      throw new PlimsollError(
        'USAGE',
        `${text}: nothing of that name runs on ${where}; "plimsoll workloads" lists what does`,
      );
    }
    for (const one of matching) found.set(one.workload, one);
  }
  return [...found.values()];
}

/** Opens sources that are read once, and hands them on as they were read. */
export async function readOnce(
  sources: readonly { readonly source: Source; readonly wish: EngineWish }[],
): Promise<readonly { readonly scope: Scope; readonly wish: EngineWish }[]> {
  const read: { readonly scope: Scope; readonly wish: EngineWish }[] = [];
  for (const { source, wish } of sources) {
    for await (const scope of source.open()) read.push({ scope, wish });
  }
  return read;
}

/** What moving by hand works with. */
export interface HandDependencies extends MoveDependencies {
  readonly run: RunDependencies;
  readonly wantsLog?: boolean;
}

/**
 * Moves what a person named to what its tag names now, or to a digest of theirs. Class, age, window and limits do not hold
 * then; all else does. One after the other: of a digest that is put back nothing else is moved.
 */
export async function redeployByHand(
  named: readonly NamedWorkload[],
  wish: HandWish,
  request: Pick<RunRequest, 'seen' | 'baseLines' | 'trees'>,
  deps: HandDependencies,
): Promise<HandResult> {
  const scopes = [...new Set(named.map(({ scope }) => scope))];
  const references = new Set(
    named.flatMap(({ workload }) => (workload.reference ? [lookKey(workload.reference)] : [])),
  );
  const source: Source = {
    type: 'engine',
    open: async function* () {
      yield* scopes;
    },
  };
  const { decided } = await run({ ...request, trees: [], sources: [source], targeted: { references } }, deps.run);
  const uses = new Map(decided.map((one) => [one.examined.use.key, one]));
  const failed = await deps.acts.failed();
  const checks = new SignatureChecks(deps.run);
  const outcomes: RedeployOutcome[] = [];
  const [plans, logs] = [new Map<string, RedeployPlan>(), new Map<string, readonly string[]>()];
  const unanswered: string[] = [];
  const putBack = new Map<Digest, string>();
  for (const one of named) {
    const { workload, scope } = one;
    const judged = await judge(one, uses.get(workload.key ?? ''), wish, { failed, checks }, deps);
    if (judged.is === 'unanswered') {
      unanswered.push(`${scope.name}/${workload.name}: ${judged.reason}`);
      continue;
    }
    if (judged.is === 'outcome') {
      outcomes.push(judged.outcome);
      continue;
    }
    const { candidate } = judged;
    const before = putBack.get(candidate.to.manifest);
    if (before !== undefined || deps.stopping()) {
      const reason =
        before === undefined ? 'the command was stopped before' : `the same digest was put back on ${before} just now`;
      outcomes.push(outcomeOf(candidate, { outcome: 'refused', reason }));
      continue;
    }
    const opened = await deps.open(one.wish);
    try {
      const asked = wishOf(candidate, one.wish.redeploy?.keepOld ?? 0, wish.even);
      if (wish.dryRun) {
        const planned = await opened.hands.plan(asked);
        if (planned.is === 'plan') plans.set(workload.name, planned.plan);
        outcomes.push(
          planned.is === 'plan'
            ? plannedOutcome(candidate, planned.plan)
            : outcomeOf(candidate, {
                outcome: planned.is,
                ...(planned.is === 'refused' && { reason: planned.reason }),
              }),
        );
        continue;
      }
      const { outcome, log } = await moveOne(candidate, asked, opened.hands, { ...deps, wantsLog: wish.wantsLog });
      outcomes.push(outcome);
      if (log.length > 0) logs.set(workload.name, log);
      if (outcome.outcome === 'undone') putBack.set(candidate.to.manifest, `${scope.name}/${workload.name}`);
    } finally {
      opened.close();
    }
  }
  return { outcomes, plans, logs, unanswered };
}

type Judged =
  | { readonly is: 'move'; readonly candidate: RedeployCandidate }
  | { readonly is: 'outcome'; readonly outcome: RedeployOutcome }
  | { readonly is: 'unanswered'; readonly reason: string };

async function judge(
  { scope, workload, wish: engine }: NamedWorkload,
  use: DecidedUse | undefined,
  { to: wanted, even }: HandWish,
  { failed, checks }: { readonly failed: ReadonlyMap<string, string>; readonly checks: SignatureChecks },
  { run: { inspector, registry } }: HandDependencies,
): Promise<Judged> {
  const { reference, image } = workload;
  const from = image.is === 'known' ? image.running.root : null;
  const who = { workload: described(scope.name, workload), from };
  const refused = (to: Digest | null, reason: string): Judged => ({
    is: 'outcome',
    outcome: outcomeOf({ ...who, to: { root: to } }, { outcome: 'refused', reason }),
  });
  if (image.is === 'local' || image.is === 'skipped' || reference === undefined) return refused(null, workload.why);
  const named = use && (wanted === undefined ? namedNow(use) : undefined);
  if (wanted === undefined && (use === undefined || named?.is === 'unknown')) {
    return { is: 'unanswered', reason: named?.is === 'unknown' ? named.reason : 'it could not be looked up' };
  }
  if (named?.is === 'current') {
    return { is: 'outcome', outcome: outcomeOf({ ...who, to: { root: named.digest } }, { outcome: 'current' }) };
  }
  const to = wanted ?? (named?.is === 'moved' ? named.root : undefined);
  if (to === undefined) return refused(null, 'its registry has nothing under its tag any more');
  let manifest: Digest | undefined;
  try {
    manifest = await manifestOf(reference, to, workload, registry);
  } catch (error) {
    return {
      is: 'unanswered',
      reason: `${formatReference({ ...reference, digest: to })}: ${(error as Error).message}`,
    };
  }
  if (manifest === undefined) return refused(to, 'it has no image for the platform that runs');
  const { policy } = scope;
  const asked = { ...policy, rules: [...policy.rules, anyRule] };
  const isAllowedData = workload.hasData === true && even.has('volumes');
  const { mode, why } = mayEverRedeploy(
    isAllowedData ? { ...workload, hasData: false } : workload,
    scope.name,
    engine.redeploy,
    asked,
  );
  if (mode !== 'redeploy') {
    const narrows = workload.labels?.narrows;
    if (narrows !== undefined) return refused(to, `the label ${narrows} has it only watched`);
    const isDataAlone = workload.hasData === true && workload.reference?.digest === undefined;
    return refused(to, isDataAlone ? `${why} (--even-if volumes)` : why);
  }
  const finding = use?.findings.find(({ latest }) => latest?.digest === to);
  const images = await configsOf(
    reference,
    { before: use && moveOf(use, workload)?.manifests.before, after: manifest },
    inspector,
  );
  const subject: Finding = finding ?? asFinding(workload, scope.name, to);
  const rule = redeployRule(subject, forAnyClass(policy));
  const facts = {
    workload,
    failed: wanted === undefined ? failed : new Map<string, string>(),
    images,
    tags: { before: [], after: [] },
  };
  const unsigned = await heldUnsigned(subject, { reference, to: { root: to, manifest } }, forAnyClass(policy), checks);
  const held = unsigned ?? heldForAnybody(subject, facts, rule).find((one) => !isAllowed(one, even));
  if (held !== undefined) return refused(to, `${held.detail}${held.reason === 'major' ? ' (--even-if major)' : ''}`);
  const how = howOf(facts, rule);
  const candidate: RedeployCandidate = {
    ...who,
    scope: scope.id,
    id: workload.key ?? '',
    class: finding?.class ?? '',
    reference,
    to: { root: to, manifest },
    ...(images.after && { newImage: images.after }),
    how: { ...how, volumes: how.volumes || even.has('volumes') },
  };
  return { is: 'move', candidate };
}

/** A person asks: as if a rule did. */
const anyRule = { match: { class: ['security', 'packages', 'config', 'content'] }, react: ['redeploy'] } as const;

function isAllowed({ reason }: Held, even: EvenIf): boolean {
  return reason === 'major' && even.has('major');
}

/** What its tag names now, as the run learnt it. */
function namedNow({
  examined: {
    use: { has },
    examination: { resolution },
  },
}: DecidedUse):
  | { readonly is: 'current'; readonly digest: Digest }
  | { readonly is: 'moved'; readonly root: Digest }
  | { readonly is: 'unknown'; readonly reason: string }
  | { readonly is: 'gone' } {
  switch (resolution.kind) {
    case 'current':
      return { is: 'current', digest: has?.digest ?? resolution.digest };
    case 'moved':
      return { is: 'moved', root: resolution.after };
    case 'unknown':
      return { is: 'unknown', reason: resolution.problem.message };
    default:
      return { is: 'gone' };
  }
}

async function manifestOf(
  reference: ImageReference,
  root: Digest,
  { platforms }: EngineWorkload,
  registry: RunDependencies['registry'],
): Promise<Digest | undefined> {
  const manifests = await manifestsOf(reference, root, platforms, registry);
  return manifests[0]?.digest;
}

/** A workload as rules look at it, where no difference asks for anything. */
export function asFinding(workload: EngineWorkload, engine: string, digest: Digest | null): Finding {
  const place: Workload = described(engine, workload);
  return {
    id: workload.key ?? '',
    news: [],
    subject: 'image',
    class: 'rebuild',
    security: null,
    remedy: 'redeploy',
    role: 'runs',
    workload: place,
    written: workload.written,
    ...(workload.reference && { reference: workload.reference }),
    pinned: 'none',
    platforms: [],
    ...(digest !== null && { latest: { digest } }),
    reason: '',
    notes: [],
    problem: null,
  };
}
