import type { Finding, FindingClass, Held } from '../core/finding.ts';
import { type Digest, shortDigest } from '../core/image/digest.ts';
import type { ImageConfig } from '../core/image/image.ts';
import { limits } from '../core/limits/limits.ts';
import { type AskingEcosystem, type Gate, parseGate, type RedeploySettings } from '../core/redeploy.ts';
import type { WorkloadMode } from '../core/run-record.ts';
import { timestamp } from '../core/time/clock.ts';
import { isOpen, nextOpening, parseWindow, type TimeWindow } from '../core/time/window.ts';
import type { Seen } from '../look/examination.ts';
import { majorChange } from '../look/major-change.ts';
import type { EngineWorkload } from '../sources/source.ts';
import { type Matched, type Policy, type RedeployRule, reactionTo, redeployRule } from './policy.ts';

/** What is known of a move beside the finding that says that it could be made. */
export interface RedeployFacts {
  readonly workload: EngineWorkload;
  /** Of its engine; absent: the engine is only asked. */
  readonly settings: RedeploySettings | undefined;
  readonly policy: Policy;
  /** The digests that this state has seen under the tag. */
  readonly seen: readonly Seen[];
  /** Digests that were tried and put back, with where; and workloads on which two were, one after the other. */
  readonly failed: ReadonlyMap<string, string>;
  /** What the image that runs, and the one that would, say of themselves; undefined: it could not be had. */
  readonly images: { readonly before?: ImageConfig | undefined; readonly after?: ImageConfig | undefined };
  /** Tags that name them, as far as this run learnt. */
  readonly tags: { readonly before: readonly string[]; readonly after: readonly string[] };
  readonly now: number;
  readonly timezone: string;
}

/** How a workload is moved. */
export interface RedeployHow {
  readonly gate?: Gate;
  /** Seconds. */
  readonly gateTimeout: number;
  readonly dependsOn: readonly string[];
  /** A rule says that it may write where nobody puts it back. */
  readonly volumes: boolean;
}

/**
 * May a workload be moved? `no`: nobody asked for it, or not for this one; `by` says who: the engine's mode, the rules, or the
 * workload itself. `held`: it was asked for, and waits.
 */
export type RedeployVerdict =
  | { readonly is: 'yes'; readonly how: RedeployHow }
  | { readonly is: 'no'; readonly by: 'engine' | 'rules' | 'workload'; readonly reason: string }
  | { readonly is: 'held'; readonly held: Held };

/** Nothing younger is started by itself, also when it is a fix: what is bad about a digest is often known a day later. */
const usualAge = 24 * 60 * 60 * 1000;

/** By the operator's word, and nothing less; whatever narrows holds, and what could not be told is no yes. Pure. */
export function mayRedeploy(finding: Finding, facts: RedeployFacts): RedeployVerdict {
  const { workload, settings, policy, seen, failed, now, timezone } = facts;
  if (settings === undefined) return no('engine', 'the mode of its engine is watch');
  if (finding.snoozed) return no('rules', `it is snoozed until ${finding.snoozed.until}`);
  if (finding.reaction?.react.includes('ignore')) return no('rules', 'a rule ignores it');
  const rule = redeployRule(finding, policy);
  const asked = asks(finding, facts, settings, rule);
  if (!asked) return no('rules', `no rule asks for it: react: [redeploy] for ${finding.class}`);
  const { labels } = workload;
  if (labels?.narrows !== undefined) return no('workload', `the label ${labels.narrows} has it only watched`);
  if (workload.reference?.digest !== undefined) return no('workload', pinned);
  if (workload.hasData === true && !rule.volumes) {
    return no('workload', hasData);
  }
  const held =
    finding.held ??
    unsure(finding) ??
    failedBefore(finding, failed) ??
    releaseChange(finding) ??
    majorHeld(facts, rule) ??
    young(finding, seen, Math.max(rule.minimumAge ?? usualAge, durationOf(tuned('minimum-age', facts))), now) ??
    closed(
      [rule.window, parseWindow(tuned('window', facts))].filter((one) => one !== undefined),
      now,
      timezone,
    );
  if (held !== undefined) return { is: 'held', held };
  return { is: 'yes', how: howOf(facts, rule) };
}

/** What may be done to a workload whatever comes, and by whose word: a sentence. Pure. */
export function mayEverRedeploy(
  workload: EngineWorkload,
  engine: string,
  settings: RedeploySettings | undefined,
  policy: Policy,
): { readonly mode: WorkloadMode; readonly why: string } {
  const { mode, labels, reference, why } = workload;
  if (mode === 'ignore' || labels?.narrows !== undefined) return { mode, why };
  const asking = labels?.asks.find(({ ecosystem }) => settings?.adopt.has(ecosystem) ?? ecosystem === 'plimsoll');
  if (settings === undefined) {
    return {
      mode: 'watch',
      why: asking === undefined ? why : `the mode of its engine is watch, whatever the label ${asking.key} asks`,
    };
  }
  const rules = [...anyContent].map((kind) => ({ kind, rule: redeployRule(ofClass(workload, engine, kind), policy) }));
  const asked = rules.filter(({ rule }) => rule.isAsked).map(({ kind }) => kind);
  const isAdopted = asking !== undefined && settings.adopt.has(asking.ecosystem);
  const isIgnored = [...anyContent].every((kind) =>
    reactionTo(ofClass(workload, engine, kind), policy).react.includes('ignore'),
  );
  if (isIgnored) return { mode: 'watch', why: 'a rule ignores it' };
  if (asked.length === 0 && !isAdopted) {
    const unheard = labels?.asks[0]?.key;
    return {
      mode: 'watch',
      why:
        unheard === undefined
          ? 'no rule asks for more'
          : `no rule asks for more, and the label ${unheard} is not adopted`,
    };
  }
  if (reference?.digest !== undefined) return { mode: 'watch', why: pinned };
  if (workload.hasData === true && !rules.some(({ rule }) => rule.volumes)) return { mode: 'watch', why: hasData };
  return {
    mode: 'redeploy',
    why: asked.length > 0 ? `by a rule, for ${asked.join(', ')}` : `by the label ${asking?.key}`,
  };
}

function ofClass({ kind, name, compose, reference }: EngineWorkload, engine: string, of: FindingClass): Matched {
  const workload = { engine, kind, name, ...(compose && { compose }) };
  return { class: of, security: of === 'security', role: 'runs', workload, ...(reference && { reference }) };
}

const pinned = 'it is pinned to a digest where it is described: the file must move first';
const hasData =
  'it writes to a volume, or a folder of its host, and no rollback puts back what was written: it is only watched unless a rule names it or says volumes: true';

/** How a workload is moved when a person says so: by the rules and its labels. Pure. */
export function howOf(facts: Pick<RedeployFacts, 'workload' | 'images'>, rule: RedeployRule): RedeployHow {
  const gate = parseGate(tuned('gate', facts)) ?? rule.gate;
  const timeout = durationOf(tuned('gate.timeout', facts)) / 1000;
  const dependsOn = tuned('depends-on', facts);
  return {
    ...(gate !== undefined && { gate }),
    gateTimeout: timeout || (rule.gateTimeout ?? limits.engine.gateTime.most / 1000),
    dependsOn: dependsOn === '' ? [] : dependsOn.split(','),
    volumes: rule.volumes,
  };
}

/** What also holds when a person asks for it: digests that failed, other releases and other major versions. Pure. */
export function heldForAnybody(
  finding: Finding,
  facts: Pick<RedeployFacts, 'failed' | 'images' | 'tags' | 'workload'>,
  rule: RedeployRule,
): readonly Held[] {
  const waits = finding.held?.reason === 'young' || finding.held?.reason === 'unsettled';
  return [
    waits ? undefined : finding.held,
    failedBefore(finding, facts.failed),
    releaseChange(finding),
    majorHeld(facts, rule),
  ].filter((one) => one !== undefined);
}

function no(by: Extract<RedeployVerdict, { is: 'no' }>['by'], reason: string): RedeployVerdict {
  return { is: 'no', by, reason };
}

const anyContent: ReadonlySet<FindingClass> = new Set(['security', 'packages', 'config', 'content']);

/** A rule, or the workload's own label where the operator adopts it. */
function asks(finding: Finding, facts: RedeployFacts, { adopt }: RedeploySettings, { isAsked }: RedeployRule): boolean {
  const classes = tuned('redeploy', facts)
    .split(',')
    .filter((one) => one !== '');
  const narrowed = classes.length === 0 || classes.includes(finding.class);
  if (isAsked) return narrowed;
  const asking = (facts.workload.labels?.asks ?? []).filter(
    ({ ecosystem, key }) => adopt.has(ecosystem) && !isOfNewImage(key, facts),
  );
  return asking.some(({ ecosystem }) => anyContent.has(finding.class) && wanted(ecosystem, classes).has(finding.class));
}

/** Watchtower moves whatever is new; ours only fixes, unless the label says more. */
function wanted(ecosystem: AskingEcosystem, classes: readonly string[]): ReadonlySet<string> {
  if (classes.length > 0) return new Set(classes);
  return ecosystem === 'watchtower' ? anyContent : new Set(['security']);
}

/** A label of ours that says how; empty where the workload has none, or either image has it itself. */
function tuned(name: string, { workload, images }: Pick<RedeployFacts, 'workload' | 'images'>): string {
  const key = `plimsoll.${name}`;
  return isOfNewImage(key, { images }) ? '' : (workload.labels?.tuning[key] ?? '');
}

function isOfNewImage(key: string, { images: { after } }: Pick<RedeployFacts, 'images'>): boolean {
  return after !== undefined && Object.hasOwn(after.labels, key);
}

function unsure({ security }: Finding): Held | undefined {
  if (security !== null) return undefined;
  const detail =
    'whether it brings a security fix could not be told, and what nobody could judge is not started by itself';
  return { reason: 'policy', detail };
}

function failedBefore({ id, latest, perPlatform = [] }: Finding, failed: RedeployFacts['failed']): Held | undefined {
  const digests = [latest?.digest, ...perPlatform.map((one) => one.latest)].filter((one) => one !== undefined);
  const digest = digests.find((one) => failed.has(one));
  if (digest !== undefined) {
    const detail = `${shortDigest(digest as Digest)} was put back (${failed.get(digest)}); it is tried again after "plimsoll retry", or when another digest comes`;
    return { reason: 'failed', detail };
  }
  const twice = failed.get(id);
  return twice === undefined ? undefined : { reason: 'failed', detail: twice };
}

function releaseChange({ os }: Finding): Held | undefined {
  return os && { reason: 'major', detail: `the release of its distribution changes from ${os.before} to ${os.after}` };
}

function majorHeld(
  { images, tags, workload }: Pick<RedeployFacts, 'images' | 'tags' | 'workload'>,
  { anyVersion }: RedeployRule,
): Held | undefined {
  const change = majorChange(images, tags);
  if (change.is === 'other') return { reason: 'major', detail: change.detail };
  const tag = workload.reference?.tag ?? 'latest';
  if (change.is === 'same' || tag !== 'latest' || anyVersion) return undefined;
  const detail =
    'nothing says which version "latest" is, so it may be another major one; a rule with versions: any moves it all the same';
  return { reason: 'major', detail };
}

function young({ latest }: Finding, seen: readonly Seen[], age: number, now: number): Held | undefined {
  const digest = latest?.digest;
  const first = seen.find((one) => one.digest === digest)?.first ?? now;
  if (digest === undefined || now - first >= age) return undefined;
  const detail = `${shortDigest(digest)} was first seen ${timestamp(first)}, and is redeployed when it has been known for ${Math.round(age / 360_000) / 10} hours`;
  return { reason: 'young', detail, until: timestamp(first + age) };
}

function closed(windows: readonly TimeWindow[], now: number, timezone: string): Held | undefined {
  const shut = windows.filter((one) => !isOpen(one, now, timezone));
  if (shut.length === 0) return undefined;
  const until = timestamp(Math.max(...shut.map((one) => nextOpening(one, now, timezone))));
  return { reason: 'window', detail: 'it is redeployed only in its window', until };
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Milliseconds; 0 for no text. */
function durationOf(text: string): number {
  return text === '' ? 0 : Number.parseInt(text, 10) * (units[text.at(-1) ?? ''] ?? 0) * 1000;
}
