import type { Finding, FindingClass } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { formatReference } from '../core/image/reference.ts';
import type { Notice } from '../core/news.ts';
import { placeText, scopeName } from '../core/place.ts';
import { classesOf } from '../core/unchecked.ts';
import type { Resolution } from '../look/resolve.ts';
import type { Unread, Untold } from '../state/run-coverage.ts';
import type { NewLook, NewRun, StoredFinding } from '../state/store.ts';
import type { DecidedUse } from '../verdict/decided.ts';
import { unreadPlaces, unreadScopes } from '../verdict/run-problems.ts';
import { type ReadBefore, wholeScopes } from './notices.ts';
import type { RunResult } from './run.ts';

/** What a run leaves behind: what every tag names, what was found, what is news. Pure. */
export function toStoredRun(
  result: RunResult,
  notices: readonly Notice[],
  before: ReadBefore,
  startedAt: number,
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
  return {
    startedAt,
    looks: [...looks.values()],
    findings: record.findings.map(toStoredFinding),
    notices: notices.map(({ kind, news, subject }) => ({ class: kind, reference: subject, news })),
    ...untoldOf(result),
    whole: wholeScopes(result, before),
    unread: unreadOf(result),
  };
}

/** What the run was to look at and did not see. */
export function unreadOf({ record, files, repositories }: RunResult): Unread {
  const troubles = unreadScopes(record);
  const partial = repositories.filter(({ isPartial }) => isPartial).map(({ tree }) => tree);
  const filesOf = (name: string): ReadonlySet<string> =>
    new Set(files.flatMap(({ tree, file }) => (tree.name === name ? [file] : [])));
  return {
    scopes: new Set(troubles.flatMap(({ subject }) => subject ?? [])),
    isOpen: troubles.some(({ code }) => code === 'owner-unreadable'),
    places: unreadPlaces(record).flatMap(({ place }) => place ?? []),
    partly: new Map(partial.map((name) => [name, filesOf(name)])),
  };
}

function toStoredFinding(finding: Finding): StoredFinding {
  const { id, file = placeText(finding), line = 0, written, remedy, security, held, reason, news } = finding;
  return {
    id,
    class: finding.class,
    reference: keyOf(finding),
    repository: scopeName(finding),
    file,
    line,
    written,
    remedy,
    security,
    ...(held && { held: held.reason }),
    reason,
    news,
  };
}

/** What could not be asked today is not over because it was not found again. */
function untoldOf({ decided, decidedPins, rootfs }: RunResult): Pick<NewRun, 'unsure' | 'places'> {
  const unsure = new Map<string, Untold>();
  const places = new Map<string, Untold>();
  const add = (known: Map<string, Untold>, key: string, untold: Untold): void => {
    const before = known.get(key);
    known.set(key, untold === 'all' || before === 'all' ? 'all' : new Set([...(before ?? []), ...untold]));
  };
  for (const one of [...decided, ...rootfs]) {
    const untold = untoldClasses(one);
    if (untold === undefined) continue;
    const { use } = one.examined;
    add(places, use.key, untold);
    add(unsure, keyOf(use), untold);
  }
  for (const { pin, findings } of decidedPins) {
    if (pin.verdict.kind !== 'unknown') continue;
    for (const { id } of findings) add(places, id, 'all');
    for (const finding of findings) add(unsure, keyOf(finding), pinClasses);
  }
  return { unsure, places };
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

/** The name under which looks are kept: the tag, whatever digest a use pins it to. */
export function lookKey({ registry, repository, tag }: { registry: string; repository: string; tag?: string }): string {
  return formatReference({ registry, repository, tag: tag ?? 'latest' });
}

/** The reference that a finding is about, as state knows it. */
export function keyOf({ reference, written }: Pick<Finding, 'reference' | 'written'>): string {
  return reference ? lookKey(reference) : written;
}
