import type { Finding, FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import type { PackageChange } from '../core/package.ts';
import { placeText, scopeTitle } from '../core/place.ts';
import type { RunTargets } from '../core/run-record.ts';
import { classesOf } from '../core/unchecked.ts';
import type { Resolution } from '../look/resolve.ts';
import type { FindingDetail, KeptChange } from '../state/memory.ts';
import type { Untold } from '../state/run-coverage.ts';
import type { NewLook, NewRun, RunTrigger, StoredFinding } from '../state/store.ts';
import type { DecidedUse } from '../verdict/decided.ts';
import type { PlacedNotice } from './notices.ts';
import { isComplete, type ReadBefore, readScopes } from './read-scopes.ts';
import type { Conclusion } from './run.ts';
import { keyOf, lookKey, scopeOf } from './state-keys.ts';

/** What is known of a run beside its result. */
export interface StoredRunFacts {
  readonly notices: readonly PlacedNotice[];
  readonly before: ReadBefore;
  /** Ids of scopes that nobody wants any more. */
  readonly dropped: readonly string[];
  readonly targeted?: RunTargets;
  readonly trigger: RunTrigger;
  readonly number?: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What a run leaves behind: what every tag names, what was found, what is news. Pure. */
export function toStoredRun(
  result: Conclusion,
  { notices, before, dropped, targeted, trigger, number, startedAt }: StoredRunFacts,
): NewRun {
  const { record, decided } = result;
  const looks = new Map<string, NewLook>();
  for (const { examined } of decided) {
    const { reference } = examined.use;
    const { resolution } = examined.examination;
    if (!reference) continue;
    const digest = namedByTag(resolution);
    if (digest === undefined) continue;
    const key = lookKey(reference);
    looks.set(key, { reference: key, platform: '*', digest });
  }
  const read = readScopes(result, before);
  return {
    startedAt,
    trigger,
    ...(number !== undefined && { number }),
    record,
    looks: [...looks.values()],
    findings: record.findings.map((one) => toStoredFinding(one, result)),
    workloads: record.workloads.map((one) => ({ ...one, scope: scopeOf({ workload: one }, record) })),
    notices: notices.map(({ kind, news, subject, places }) => ({ class: kind, reference: subject, news, places })),
    ...untoldOf(result),
    read,
    isComplete: isComplete(result, read, targeted),
    dropped,
    ...(targeted && { targeted }),
  };
}

function toStoredFinding(finding: Finding, { record, rebuilds }: Conclusion): StoredFinding {
  const { id, file = placeText(finding), line = 0, workload, written, remedy, security, held, reason, news } = finding;
  return {
    id,
    class: finding.class,
    reference: keyOf(finding),
    scope: scopeOf(finding, record),
    repository: scopeTitle(finding),
    file,
    line,
    ...(workload && { workload }),
    written,
    remedy,
    security,
    ...(held && { held: held.reason }),
    reason,
    news,
    detail: detailOf(finding, rebuilds.chains),
  };
}

function detailOf(finding: Finding, chains: Conclusion['rebuilds']['chains']): FindingDetail {
  const { current, latest, packages = [], platforms, reaction, held, proposal, proposed, problem } = finding;
  const { published, dispatch } = finding;
  const chain = published && chains.find(({ images }) => images.has(published.image));
  return {
    ...(current && { current: current.digest ?? current.version ?? '' }),
    ...((latest?.digest ?? latest?.version) && { latest: latest?.digest ?? latest?.version ?? '' }),
    ...(latest?.tag !== undefined && { tag: latest.tag }),
    platforms,
    packages: { first: packages.slice(0, limits.state.findingPackages.most).map(keptChange), all: packages.length },
    react: reaction?.react ?? [],
    ...(reaction && { when: reaction.when }),
    ...(held && { heldDetail: held.detail, ...(held.until !== undefined && { heldUntil: held.until }) }),
    ...(proposal && { proposal }),
    ...(proposed !== undefined && { proposed }),
    ...(problem && { problem: problem.message }),
    ...(published && { published }),
    ...(dispatch && { dispatch }),
    ...(chain && { chain: chain.text }),
  };
}

function keptChange(change: PackageChange): KeptChange {
  const { name, kind, before, after, replacedBy, security, severity, unlisted, foreign } = change;
  const advisories = change.advisories.slice(0, limits.state.findingAdvisories.most);
  const more = change.advisories.length - advisories.length;
  return {
    name,
    kind,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(replacedBy !== undefined && { replacedBy }),
    security,
    advisories,
    ...(more > 0 && { more }),
    ...(unlisted !== undefined && { unlisted }),
    ...(severity !== undefined && { severity }),
    ...(foreign !== undefined && { foreign }),
  };
}

/** What could not be asked today is not over because it was not found again. */
function untoldOf({ decided, decidedPins, rootfs, untoldPublished }: Conclusion): Pick<NewRun, 'unsure' | 'untold'> {
  const unsure = new Map<string, Untold>();
  const ofPlaces = new Map<string, Untold>();
  const add = (known: Map<string, Untold>, key: string, untold: Untold): void => {
    const before = known.get(key);
    known.set(key, untold === 'all' || before === 'all' ? 'all' : new Set([...(before ?? []), ...untold]));
  };
  for (const one of [...decided, ...rootfs]) {
    const untold = untoldClasses(one);
    if (untold === undefined) continue;
    const { use } = one.examined;
    add(ofPlaces, use.key, untold);
    add(unsure, keyOf(use), untold);
  }
  for (const one of untoldPublished) add(ofPlaces, one.id, new Set([one.class]));
  for (const { pin, findings } of decidedPins) {
    if (pin.verdict.kind !== 'unknown') continue;
    for (const { id } of findings) add(ofPlaces, id, 'all');
    for (const finding of findings) add(unsure, keyOf(finding), pinClasses);
  }
  return { unsure, untold: ofPlaces };
}

/** News of a pin has the reference of its base, so it is told apart by class only. */
const pinClasses: Untold = new Set(classesOf.pins);

/** The classes of a use that the run could not tell about. */
function untoldClasses({ examined, findings }: DecidedUse): Untold | undefined {
  const { resolution, lag, unanswered = [] } = examined.examination;
  // What the policy forbids was not asked for on purpose.
  if (resolution.kind === 'unknown') return resolution.problem.code === 'policy' ? undefined : 'all';
  if (findings.some(({ held }) => held?.reason === 'budget')) return 'all';
  const classes = new Set<FindingClass>();
  for (const { question } of [...unanswered, ...(lag?.unanswered ?? [])]) {
    for (const kind of classesOf[question]) classes.add(kind);
  }
  if (examined.newer?.kind === 'unknown') classes.add('newer-tag');
  // Without a finding about what moved there is nothing left that could be a fix.
  if (!findings.some(({ security, pinned }) => security === null && pinned !== undefined)) classes.delete('security');
  return classes.size > 0 ? classes : undefined;
}

/** What the tag names now, as far as the run learnt it. */
function namedByTag(resolution: Resolution): Digest | undefined {
  switch (resolution.kind) {
    case 'moved':
      return resolution.after;
    case 'current':
      return resolution.digest;
    case 'unpinned':
    case 'broken':
      return resolution.latest;
    default:
      return undefined;
  }
}
