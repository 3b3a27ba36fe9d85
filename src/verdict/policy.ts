import type { Finding, FindingClass, Reaction } from '../core/finding.ts';
import { matchesImage } from '../core/image/image-glob.ts';
import type { Role } from '../core/parsed-file.ts';
import { fileGlob, repositoryGlob } from '../core/patterns.ts';
import { type PlaceFields, placeFields, type Workload, workloadPlace } from '../core/place.ts';
import type { GroupKind, ProposalWishes } from '../core/proposal-wishes.ts';
import type { Gate } from '../core/redeploy.ts';
import type { TimeWindow } from '../core/time/window.ts';
import type { PackagesFrom } from '../look/compare-manifests.ts';
import type { LookWishes } from '../look/shared-examinations.ts';
import type { SignerWish } from '../signatures/signer-wish.ts';
import type { Use } from '../sources/use.ts';

/** A rule of the configuration: all that is given in `match` must hold. */
export interface Rule {
  readonly match: {
    readonly image?: string | undefined;
    readonly file?: string | undefined;
    readonly class?: readonly FindingClass[] | undefined;
    readonly security?: boolean | undefined;
    readonly final?: boolean | undefined;
    readonly role?: readonly Role[] | undefined;
    /** A glob over `owner/name`; what is in no repository of a forge never matches. */
    readonly repository?: string | undefined;
    /** Globs over names of engines and of workloads (`project/service` too); what stands in a file never matches. */
    readonly engine?: string | undefined;
    readonly workload?: string | undefined;
  };
  readonly react?: Reaction['react'] | undefined;
  readonly when?: Reaction['when'] | undefined;
  /** How far a newer tag may be away: `none`, `patch`, `minor`, `major`, or a semver range it must lie in. */
  readonly versions?: string | undefined;
  /** Globs over tags. */
  readonly allowTags?: readonly string[] | undefined;
  readonly ignoreTags?: readonly string[] | undefined;
  /** What runs may be moved also where nobody can tell whether its major version stays. */
  readonly anyVersion?: true;
  /** When what runs may be moved. */
  readonly window?: TimeWindow | undefined;
  readonly gate?: Gate | undefined;
  /** Seconds. */
  readonly gateTimeout?: number | undefined;
  /** Also what writes where no rollback puts it back. */
  readonly volumes?: boolean | undefined;
  /** Milliseconds. */
  readonly minimumAge?: number | undefined;
  /** Who must have signed a digest before it is proposed; `none` undoes what an earlier rule asks for. */
  readonly verify?: SignerWish | 'none' | undefined;
  readonly packagesFrom?: PackagesFrom | undefined;
  readonly group?: GroupKind | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly reviewers?: readonly string[] | undefined;
  readonly teamReviewers?: readonly string[] | undefined;
  readonly assignees?: readonly string[] | undefined;
  readonly milestone?: number | undefined;
  readonly automerge?: boolean | undefined;
}

/** Give uses without a digest one: those in Dockerfiles (true), in the kinds of files that are named, or wherever that is possible. */
export type PinChoice = boolean | 'all' | Readonly<Record<string, boolean | undefined>>;

/** Is a use at such a place given a digest? */
export function pinsPlace(pin: PinChoice, place: PlaceFields): boolean {
  const { format = 'dockerfile' } = place;
  if (typeof pin === 'object') return pin[format] ?? false;
  return pin === 'all' || (pin && format === 'dockerfile');
}

/** The rules that hold in one tree. */
export interface Policy {
  /** Top to bottom; a later value of a key replaces an earlier one. */
  readonly rules: readonly Rule[];
  readonly pin: PinChoice;
  /** Globs over images: what may be used, when any are given, and what may not. */
  readonly allow?: readonly string[];
  readonly block?: readonly string[];
}

const defaults: Readonly<Record<FindingClass, Reaction>> = {
  'pin-broken': { react: ['propose', 'alert'], when: 'now' },
  security: { react: ['propose', 'alert'], when: 'now' },
  packages: { react: ['propose', 'alert'], when: 'weekly' },
  config: { react: ['propose', 'alert'], when: 'weekly' },
  content: { react: ['propose', 'alert'], when: 'weekly' },
  unknown: { react: ['record'], when: 'now' },
  rebuild: { react: ['record'], when: 'now' },
  'no-op': { react: ['record'], when: 'now' },
  unpinned: { react: ['record'], when: 'now' },
  stale: { react: ['record'], when: 'now' },
  lagging: { react: ['record'], when: 'now' },
  // Found only where a rule allows newer versions: who asks for them wants them proposed.
  'newer-tag': { react: ['propose'], when: 'weekly' },
  'end-of-life': { react: ['alert'], when: 'now' },
};

/** Proposed at once when nobody could tell whether they bring a security fix. */
const unsure: ReadonlySet<FindingClass> = new Set(['packages', 'content']);

/** The distribution has a fix that the base has not, or the base one that what is published has not. */
const waiting: ReadonlySet<FindingClass> = new Set(['lagging', 'stale']);
const waitingFix: Reaction = { react: ['alert'], when: 'now' };

/** What rules look at. */
export type Matched = Pick<
  Finding,
  'class' | 'security' | 'reference' | 'file' | 'final' | 'role' | 'repository' | 'workload'
>;

/** What to do about a finding: the default of its class, changed by every rule that matches. */
export function reactionTo(finding: Matched, policy: Policy): Reaction {
  let reaction = waiting.has(finding.class) && finding.security === true ? waitingFix : defaults[finding.class];
  for (const rule of policy.rules) {
    if (!matches(rule, finding)) continue;
    const proposal = { ...reaction.proposal, ...wishesOf(rule) };
    reaction = {
      react: rule.react ?? reaction.react,
      when: rule.when ?? reaction.when,
      ...(Object.keys(proposal).length > 0 && { proposal }),
    };
  }
  if (finding.workload !== undefined) return unproposed(reaction, finding.class);
  const mayBeFix = unsure.has(finding.class) && finding.security === null && reaction.when !== 'now';
  return mayBeFix && reaction.react.includes('propose') ? { ...reaction, proposeNow: true } : reaction;
}

/** What runs is no text that a proposal could change. Whoever asks for newer versions of it wants to hear of them. */
function unproposed({ react, when }: Reaction, kind: FindingClass): Reaction {
  const others = react.map((one) => (one === 'propose' && kind === 'newer-tag' ? 'alert' : one));
  const left = [...new Set(others.filter((one) => one !== 'propose'))];
  return { react: left.length > 0 ? left : ['record'], when };
}

/** The keys of a rule that speak of the pull request. */
function wishesOf(rule: Rule): ProposalWishes {
  const { group, labels, reviewers, teamReviewers, assignees, milestone, automerge } = rule;
  const wishes = { group, labels, reviewers, teamReviewers, assignees, milestone, automerge };
  return Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
}

/**
 * The position of the last rule that asks for this reaction and holds for a finding of which is known what a state keeps;
 * undefined: none does. Neither its role nor whether it reaches the last stage is kept: a rule that asks for either may hold.
 */
export function ruleBehind(
  finding: Omit<Matched, 'role' | 'final'>,
  react: Reaction['react'],
  rules: readonly Rule[],
): number | undefined {
  const wanted = [...react].sort().join();
  const index = rules.findLastIndex(
    ({ match: { role: _, final: __, ...match }, react: own }) =>
      own !== undefined && [...own].sort().join() === wanted && matches({ match }, { ...finding, role: 'base' }),
  );
  return index < 0 ? undefined : index;
}

/** The age that a digest must have reached to be proposed, by the rules; milliseconds. */
export function minimumAgeFor(finding: Matched, policy: Policy): number {
  return lastOf(policy.rules, finding, ({ minimumAge }) => minimumAge) ?? 0;
}

/** Who must have signed what a finding would write, by the rules; undefined: anybody, or nobody. */
export function signerFor(finding: Matched, policy: Policy): SignerWish | undefined {
  const wish = lastOf(policy.rules, finding, ({ verify }) => verify);
  return wish === 'none' ? undefined : wish;
}

/** What is looked at where no rule says anything. */
const usual: LookWishes = { packagesFrom: 'layers', tags: { versions: 'none', allowTags: [], ignoreTags: [] } };

/** What is looked at for a use. What is found is not known yet, so no rule for a class counts but for newer tags. */
export function lookWishes({ place: where, role, reference }: Use, policy: Policy): LookWishes {
  const place = { ...placeFields(where), role, ...(reference && { reference }) };
  const refusal = refusedBy(policy, place);
  if (policy.rules.length === 0 && refusal === undefined) return usual;
  const anyClass = policy.rules.filter(({ match }) => match.class === undefined && match.security === undefined);
  const found: Matched = { ...place, class: 'unknown', security: null };
  const newer: Matched = { ...place, class: 'newer-tag', security: null };
  return {
    ...(refusal !== undefined && { refusal }),
    packagesFrom: lastOf(anyClass, found, ({ packagesFrom }) => packagesFrom) ?? usual.packagesFrom,
    tags: {
      versions: lastOf(policy.rules, newer, ({ versions }) => versions) ?? usual.tags.versions,
      allowTags: lastOf(policy.rules, newer, ({ allowTags }) => allowTags) ?? usual.tags.allowTags,
      ignoreTags: lastOf(policy.rules, newer, ({ ignoreTags }) => ignoreTags) ?? usual.tags.ignoreTags,
    },
  };
}

/** A later rule's value replaces an earlier one, lists too. */
function lastOf<T>(rules: readonly Rule[], finding: Matched, pick: (rule: Rule) => T | undefined): T | undefined {
  return rules.reduce<T | undefined>(
    (value, rule) => (matches(rule, finding) ? (pick(rule) ?? value) : value),
    undefined,
  );
}

/** Why an image may not be used at all; undefined when it may. */
function refusedBy({ allow = [], block = [] }: Policy, finding: Pick<Matched, 'reference'>): string | undefined {
  const blocked = block.find((glob) => matchesImage(glob, finding.reference));
  if (blocked !== undefined) return `policy.block has ${blocked}`;
  if (allow.length === 0 || allow.some((glob) => matchesImage(glob, finding.reference))) return undefined;
  const more = allow.length > 5 ? ` and ${allow.length - 5} more` : '';
  return `policy.allow has only ${allow.slice(0, 5).join(', ')}${more}`;
}

function matches({ match, react }: Pick<Rule, 'match' | 'react'>, finding: Matched): boolean {
  // Whoever says how to redeploy speaks of what runs, and of no file.
  if (react?.includes('redeploy') && finding.workload === undefined) return false;
  if (match.class !== undefined && !match.class.includes(finding.class)) return false;
  if (match.security !== undefined && match.security !== finding.security) return false;
  if (match.final !== undefined && match.final !== (finding.final ?? false)) return false;
  if (match.role !== undefined && !match.role.includes(finding.role)) return false;
  if (match.repository !== undefined) {
    if (finding.repository === undefined || !repositoryGlob(match.repository).test(finding.repository.name))
      return false;
  }
  if (match.engine !== undefined || match.workload !== undefined) {
    if (finding.workload === undefined || !matchesWorkload(match, finding.workload)) return false;
  }
  if (match.file !== undefined && !(finding.file !== undefined && fileGlob(match.file).test(finding.file)))
    return false;
  return match.image === undefined || matchesImage(match.image, finding.reference);
}

/** Does what runs have such an engine, and such a name? */
export function matchesWorkload(match: Pick<Rule['match'], 'engine' | 'workload'>, workload: Workload): boolean {
  const { engine, workload: named } = match;
  if (engine !== undefined && !repositoryGlob(engine).test(workload.engine)) return false;
  if (named === undefined) return true;
  const glob = repositoryGlob(named);
  return glob.test(workload.name) || glob.test(workloadPlace(workload));
}

/** The same rules for whoever asks by hand: whatever it brings. */
export function forAnyClass(policy: Policy): Policy {
  const rules = policy.rules.map((rule) => ({
    ...rule,
    match: { ...rule.match, class: undefined, security: undefined },
  }));
  return { ...policy, rules };
}

/** What the rules say of moving what runs. */
export interface RedeployRule {
  /** Some rule that holds asks for it. */
  readonly isAsked: boolean;
  readonly window?: TimeWindow;
  readonly gate?: Gate;
  /** Seconds. */
  readonly gateTimeout?: number;
  /** Milliseconds; absent where no rule says it. */
  readonly minimumAge?: number;
  /** Also what writes where no rollback puts it back: a rule says so, or names the workload itself. */
  readonly volumes: boolean;
  readonly anyVersion: boolean;
}

/** What the rules say of asking for a rebuild. */
export interface DispatchRule {
  readonly isAsked: boolean;
  /** Milliseconds; absent where no rule says it. */
  readonly minimumAge?: number;
}

/** What the rules say of a stale image, the last word holding. Only where a fix is among what the base brings, unless a rule asks for others by name. */
export function dispatchRule(finding: Matched, policy: Policy): DispatchRule {
  const isAsked = lastOf(policy.rules, finding, ({ react, match }) =>
    react === undefined
      ? undefined
      : react.includes('dispatch') && (finding.security === true || match.security !== undefined),
  );
  const minimumAge = lastOf(policy.rules, finding, (rule) => rule.minimumAge);
  return { isAsked: isAsked ?? false, ...(minimumAge !== undefined && { minimumAge }) };
}

/** What the rules say of moving a workload with such a finding, the last word holding. */
export function redeployRule(finding: Matched, policy: Policy): RedeployRule {
  const of = <T>(pick: (rule: Rule) => T | undefined): T | undefined => lastOf(policy.rules, finding, pick);
  const [window, gate, gateTimeout] = [of((one) => one.window), of((one) => one.gate), of((one) => one.gateTimeout)];
  const minimumAge = of((one) => one.minimumAge);
  const { workload } = finding;
  const isNamed = ({ match: { workload: named }, react }: Rule): boolean =>
    react?.includes('redeploy') === true &&
    workload !== undefined &&
    (named === workload.name || named === workloadPlace(workload));
  return {
    isAsked: of((rule) => (rule.react === undefined ? undefined : rule.react.includes('redeploy'))) ?? false,
    ...(window && { window }),
    ...(gate && { gate }),
    ...(gateTimeout !== undefined && { gateTimeout }),
    ...(minimumAge !== undefined && { minimumAge }),
    volumes: of((rule) => rule.volumes ?? (isNamed(rule) || undefined)) ?? false,
    anyVersion: of((rule) => rule.anyVersion) ?? false,
  };
}
