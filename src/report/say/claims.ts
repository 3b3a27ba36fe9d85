/*
 * src/report/say/
 *
 * What is said, before it is known where it is shown. claims.ts has every sentence about how things stand, made of what
 * was looked at and what was not, so that none claims more; summary.ts is how every report ends. stories.ts joins
 * findings that say the same, message-story.ts makes a message of them, story-text.ts its texts within bounds.
 * Begin here for a sentence, with stories.ts for a message.
 */

import { type Finding, isBehind } from '../../core/finding.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunRecord } from '../../core/run-record.ts';
import type { Question, Unchecked } from '../../core/unchecked.ts';
import { visible } from '../safe/visible.ts';
import { count, filesAndEngines } from './quantity.ts';

/*
 * Every sentence that says how things stand is made here, from what was looked at and from what was not, so that no report
 * claims more than another, or more than the run learnt. Plain text, safe to show.
 */

type Known = Pick<RunRecord, 'summary' | 'findings' | 'unchecked'> & Partial<Pick<RunRecord, 'scopes'>>;

/** What a message adds where not everything is known; empty otherwise. */
export function untoldClause(record: Known | undefined): string {
  if (record === undefined) return '';
  const parts = [...unknownPart(record.summary), ...uncheckedPart(record)];
  return parts.length === 0 ? '' : ` ${capitalise(parts.join('; '))}.`;
}

/** The answer of a run in one line: what is to be done, then what is not known. */
export function verdictOf(record: Known): string {
  const { summary } = record;
  if (summary.uses + summary.pins === 0) {
    const isEngine = record.scopes?.some(({ kind, whole }) => kind === 'engine' && whole);
    const nothing = isEngine ? 'nothing runs there that a registry could be asked about' : 'no image use was found';
    return withUnread(`nothing to check: ${nothing}`, summary.unread);
  }
  const untold = [...unknownPart(summary), ...uncheckedPart(record)];
  return withUnread([standing(record), ...untold].filter((text) => text !== '').join('; '), summary.unread);
}

function standing(record: Known): string {
  const { summary, findings } = record;
  const { uses, running, unknown, unchecked, needsRebuild } = summary;
  const waiting = fixesWaiting(findings);
  if (needsRebuild === true)
    return summary.needsRedeploy === true ? 'a rebuild and a redeploy are needed' : 'a rebuild is needed';
  if (summary.needsRedeploy === true) return 'what runs is behind: a redeploy is needed';
  if (waiting !== undefined) return waiting;
  const held = heldBack(findings);
  if (held !== undefined) return held;
  if (unknown >= uses && uses > 0) return '';
  const unpinned = summary.findings.unpinned ?? 0;
  if (unpinned > 0) {
    const rest = uses - unpinned - unknown;
    const others =
      rest === 0
        ? ''
        : needsRebuild === false
          ? `; ${rest === 1 ? 'the other needs' : 'the others need'} no rebuild`
          : '';
    return `${unpinned} of ${count(uses, 'use')} ${unpinned === 1 ? 'is' : 'are'} unpinned: nothing to compare with${others}`;
  }
  const found = Object.values(summary.findings).reduce((sum, number) => sum + number, 0);
  const isRead = Object.keys(summary.unread).length === 0;
  if (found === 0 && unchecked === 0) return isRead ? 'everything is up to date' : 'what could be read is up to date';
  if (found - (summary.findings.unknown ?? 0) === 0) {
    const looked = uses - unknown;
    return unknown === 0
      ? 'up to date with its tag'
      : `${count(looked, 'use')} up to date with ${looked === 1 ? 'its tag' : 'their tags'}`;
  }
  const isRunning = [...(uses > running ? ['rebuild'] : []), ...(running > 0 ? ['redeploy'] : [])].join(' or ');
  const isSure = needsRebuild === false && summary.needsRedeploy === false && isRead;
  return isSure ? `no ${isRunning} is needed` : `no ${isRunning} is known to be needed`;
}

/** What is behind, and left as it is for now: that is no "nothing is needed". */
function heldBack(findings: readonly Finding[]): string | undefined {
  const held = findings.filter(
    ({ class: kind, held, snoozed, reaction }) =>
      isBehind(kind) && held !== undefined && snoozed === undefined && !reaction?.react.includes('ignore'),
  );
  if (held.length === 0) return undefined;
  const reasons = [...new Set(held.map((one) => one.held?.reason))].sort().join(', ');
  return `${count(held.length, 'use')} ${held.length === 1 ? 'is' : 'are'} behind and held back (${reasons})`;
}

/** Fixes that a distribution has and bases have not, each source once, with what brings them. */
function fixesWaiting(findings: readonly Finding[]): string | undefined {
  const lagging = findings.filter(
    ({ class: kind, security, snoozed, reaction }) =>
      kind === 'lagging' && security === true && snoozed === undefined && !reaction?.react.includes('ignore'),
  );
  const fixes = new Set(
    lagging.flatMap(({ packages = [] }) =>
      packages.filter(({ security }) => security === true).map(({ source, name }) => source ?? name),
    ),
  );
  if (lagging.length === 0) return undefined;
  const some = (remedy: Finding['remedy']): boolean => lagging.some((one) => one.remedy === remedy);
  const them = fixes.size > 1 ? 'them' : 'it';
  const how = some('upgrade-line')
    ? 'add the upgrade line and build'
    : some('rebuild')
      ? 'rebuild without cache'
      : lagging.every(({ role }) => role === 'runs')
        ? `only a newer image brings ${them}`
        : `only a newer base brings ${them}`;
  const many = count(Math.max(1, fixes.size), 'security fix', 'security fixes');
  return `${many} ${fixes.size > 1 ? 'wait' : 'waits'} in the distribution: ${how}`;
}

function unknownPart({ unknown, uses }: RunRecord['summary']): string[] {
  return unknown === 0 ? [] : [`${unknown} of ${count(uses, 'use')} could not be looked up`];
}

function uncheckedPart({ summary, unchecked }: Known): string[] {
  const { uses } = summary;
  if (summary.unchecked === 0) return [];
  const asked = new Set(unchecked.map(({ question }) => question));
  const what =
    asked.size === 1 && asked.has('fixes') ? 'the distribution could not be asked' : 'not everything could be asked';
  const hosts = hostsOf(unchecked);
  const who = hosts.length > 3 ? `${hosts.slice(0, 3).join(', ')} and ${hosts.length - 3} more` : hosts.join(', ');
  return [`for ${summary.unchecked} of ${count(Math.max(uses, summary.unchecked), 'use')} ${what} (${who})`];
}

function withUnread(text: string, unread: RunRecord['summary']['unread']): string {
  const parts = unreadWords(unread);
  return parts === '' ? text : `${text}; not read: ${parts}`;
}

/** What a run was to read and could not: `1 engine, 2 file`; empty for nothing. */
export function unreadWords(unread: RunRecord['summary']['unread']): string {
  return Object.entries(unread)
    .map(([reason, number]) => `${number} ${reason}`)
    .join(', ');
}

function hostsOf(unchecked: readonly Unchecked[]): readonly string[] {
  return [...new Set(unchecked.flatMap(({ causes }) => causes.map(({ host }) => visible(host))))];
}

const questionWords: Readonly<Record<Question, string>> = {
  fixes: 'fixes',
  pins: 'package pins',
  'end-of-life': 'the end of the release',
  'newer-tag': 'newer tags',
  signature: 'signatures',
};

/** One sentence per host that did not answer, with what is not known because of it. */
export function untoldLines({ findings, unchecked }: Known): string[] {
  const hosts = new Map<
    string,
    { readonly uses: Set<string>; readonly questions: Set<string>; readonly reason: string }
  >();
  const add = (host: string, use: string, question: string, reason: string): void => {
    const known = hosts.get(host) ?? { uses: new Set(), questions: new Set(), reason };
    known.uses.add(use);
    known.questions.add(question);
    hosts.set(host, known);
  };
  for (const { class: kind, subject, id, reference, problem } of findings) {
    // What has no name that can be asked for has said so where it stands.
    if (kind !== 'unknown' || subject === 'package' || reference === undefined || problem === null) continue;
    // Nobody was asked for what the operator forbids.
    if (problem.code === 'policy') continue;
    add(reference.registry, id, 'the image', problem.message);
  }
  for (const { id, question, causes } of unchecked) {
    for (const { host, reason } of causes) add(host, id, questionWords[question], reason);
  }
  return [...hosts].map(
    ([host, { uses, questions, reason }]) =>
      `${visible(host)}: ${[...questions].join(', ')} not known for ${count(uses.size, 'use')}: ${visible(reason)}`,
  );
}

/** The same without the reasons, which change from run to run: the same facts are the same lines. */
export function untoldHosts(unchecked: readonly Unchecked[]): string[] {
  const asked = unchecked.flatMap(({ id, question, causes }) => causes.map(({ host }) => ({ host, id, question })));
  const hosts = [...Map.groupBy(asked, ({ host }) => host)].sort(([a], [b]) => (a < b ? -1 : 1));
  return hosts.map(([host, all]) => {
    const questions = [...new Set(all.map(({ question }) => questionWords[question]))].sort();
    const uses = new Set(all.map(({ id }) => id)).size;
    return `${host}: ${questions.join(', ')} not known for ${count(uses, 'use')}`;
  });
}

/** Problems that those lines do not tell already. */
export function otherProblems({ problems, unchecked }: Pick<RunRecord, 'problems' | 'unchecked'>): readonly Problem[] {
  const told = new Set(unchecked.flatMap(({ causes }) => causes.map(({ host }) => host)));
  return problems.filter(({ host }) => host === undefined || !told.has(host));
}

/** What a channel hears first: how much is behind, as far as it was looked at. */
export function baselineClaims(
  {
    images,
    files,
    engines = 0,
    behind,
    told = behind,
  }: {
    readonly images: number;
    readonly files: number;
    readonly engines?: number;
    readonly behind: number;
    readonly told?: number;
  },
  record: Known | undefined,
): { readonly title: string; readonly nothing: string; readonly calm: string } {
  const isWhole = record !== undefined && record.summary.unknown + record.summary.unchecked === 0;
  const number = behind > 0 ? behind.toLocaleString('en-US') : isWhole ? 'none' : 'none known to be';
  return {
    title: `Watching ${count(images, 'image')} in ${filesAndEngines(files, engines)}, ${number} behind${told < behind ? `, ${told === 0 ? 'none' : told.toLocaleString('en-US')} of them told here` : ''}`,
    nothing:
      record === undefined
        ? 'Nothing is known to be behind.'
        : `${capitalise(standing(record) || 'nothing is known')}.`,
    calm: isWhole ? 'Nothing is urgent.' : 'Nothing is known to be urgent.',
  };
}

/** What `status` says where it knows of nothing. `isRead`: the newest run read everything that it was to read. */
export function nothingBehind(known: {
  readonly unlooked: number;
  readonly untold: number;
  readonly isRead: boolean;
}): string {
  const { unlooked, untold, isRead } = known;
  if (unlooked + untold === 0 && isRead) return 'nothing is behind';
  const parts = [
    ...(unlooked > 0 ? [`${count(unlooked, 'image')} could not be looked into`] : []),
    ...(untold > 0 || !isRead ? ['not everything could be looked at'] : []),
  ];
  return `nothing is known to be behind; ${parts.join('; ')}`;
}

/** How far the images of a state were looked into. */
export interface Coverage {
  /** Images that the newest run, or one before it, looked into. */
  readonly looked: number;
  readonly images: number;
  /** RFC 3339; absent: no run yet. */
  readonly newestRun?: string;
  /** Those of `looked` that this run could not look up: what is known of them is older. */
  readonly unanswered: number;
}

/** What `where` says first: nothing carries it, as far as images were looked into. */
export function nothingCarries(asked: string, { looked, images }: Pick<Coverage, 'looked' | 'images'>): string {
  return looked < images
    ? `none of the ${looked} images that were looked into carries ${visible(asked)}`
    : `no image in the state carries ${visible(asked)}`;
}

/** With what every answer of `where` ends. */
export function coverageLine({ looked, images, newestRun, unanswered }: Coverage): string {
  const when = newestRun === undefined ? 'no run yet' : `newest run ${newestRun.slice(0, 16).replace('T', ' ')}Z`;
  const older = unanswered > 0 ? `, which could not look up ${count(unanswered, 'image')} of them` : '';
  return `looked into ${looked} of ${count(images, 'image')}, ${when}${older}; base images as they are published, without what RUN adds`;
}

/** What `pending` says of one image. */
export function pendingClaim(packages: readonly { readonly security: boolean | null }[], complete: boolean): string {
  const fixes = packages.filter(({ security }) => security === true).length;
  const isKnown = packages.every(({ security }) => security !== null);
  const found =
    packages.length === 0
      ? complete
        ? 'nothing is pending'
        : 'nothing was found to be pending'
      : `${count(packages.length, 'package')} pending, ${fixes} of them ${isKnown ? 'security' : 'known to be security'}`;
  return complete ? found : `${found}; not everything could be read, so there may be more`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
