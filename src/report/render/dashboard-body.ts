import { type Finding, findingClasses } from '../../core/finding.ts';
import { placeText } from '../../core/place.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProposalOutcome } from '../../core/proposal.ts';
import type { Unchecked } from '../../core/unchecked.ts';
import { code, prose } from '../safe/markdown-text.ts';
import { safeUrl } from '../safe/safe-url.ts';
import { untoldHosts } from '../say/claims.ts';
import { count } from '../say/quantity.ts';
import { subjectOf, targetOf } from '../say/target.ts';

/** What stands in the issue besides our own words. */
export interface DashboardParts {
  readonly marker: string;
  /** The start of a line with an empty box. */
  readonly checkbox: (branch: string) => string;
  /** What the forge calls a proposal. */
  readonly proposal: string;
  /** Characters that the forge takes. */
  readonly most: number;
  /** Questions about the repository that nobody answered. */
  readonly unchecked?: readonly Unchecked[];
  /** Files and folders of the repository that could not be read. */
  readonly unread?: readonly Problem[];
}

/**
 * The issue of one repository: what is open, waits, could not be told or read, and is ignored. Neither times nor costs are in it: the
 * same facts are the same bytes. Undefined when there is nothing to say. Pure.
 */
export function renderDashboard(
  findings: readonly Finding[],
  proposals: readonly ProposalOutcome[],
  { marker, checkbox, proposal, most, unchecked = [], unread = [] }: DashboardParts,
): string | undefined {
  const line = (one: ProposalOutcome, describe: (one: ProposalOutcome) => string): string => {
    const link = one.url && safeUrl(one.url);
    const name = link === undefined ? code(one.branch) : `[${prose(one.branch)}](${link})`;
    return `${checkbox(one.branch)} ${name}: ${describe(one)}`;
  };
  const known = new Map(findings.map((finding) => [`${finding.id} ${finding.class}`, finding]));
  // Why an open one was written in this run is no fact of the next.
  const contents = (one: ProposalOutcome): string => {
    const held = one.findings.flatMap(({ id, class: kind }) => known.get(`${id} ${kind}`) ?? []);
    return (
      [...new Set(held.map((finding) => `**${finding.class}** ${move(finding)}`))].join(', ') || 'nothing any more'
    );
  };
  const of = (...kinds: readonly ProposalOutcome['kind'][]): readonly string[] =>
    proposals
      .filter(({ kind, branch }) => kinds.includes(kind) && branch !== '')
      .map((one) => line(one, isOpen(one) ? contents : ({ reason }) => prose(reason)));
  const isQuiet = (finding: Finding): boolean => finding.snoozed !== undefined || isIgnored(finding);
  const inProposals = new Set(proposals.flatMap((one) => one.findings.map(({ id, class: kind }) => `${id} ${kind}`)));
  const rest = findings
    .filter((one) => !isQuiet(one) && !inProposals.has(`${one.id} ${one.class}`))
    .sort((a, b) => findingClasses.indexOf(a.class) - findingClasses.indexOf(b.class));
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Open', of('created', 'updated', 'unchanged')],
    ['Waiting', [...of('held'), ...rest.filter(({ held }) => held).map(item)]],
    ['Left alone: closed, or changed by a person', of('left-alone', 'closed')],
    ['Could not be opened', of('failed')],
    ['Could not be told', rest.filter((one) => one.class === 'unknown').map(item)],
    ['Could not be read', unreadFiles(unread)],
    ['Could not be asked', untoldHosts(unchecked).map((text) => `- ${prose(text)}`)],
    [`Without a ${proposal}`, rest.filter((one) => !one.held && one.class !== 'unknown' && isLoud(one)).map(item)],
    ['Ignored', findings.filter(isQuiet).map(item)],
  ];
  const shown = sections.filter(([, lines]) => lines.length > 0);
  if (shown.length === 0) return undefined;
  const head = [
    marker,
    'What Plimsoll knows of this repository as of its last run with news. Tick a box, and the next run does that one now: it is brought up to date, opened without waiting, or opened again.',
  ];
  return cut([...head, ...shown.flatMap(([title, lines]) => [`\n### ${title}\n`, ...lines])], most);
}

/** A file with an error in every line is told by its first. */
function unreadFiles(unread: readonly Problem[]): readonly string[] {
  const files = Map.groupBy(unread, ({ place, subject }) => place?.file ?? subject ?? '');
  return [...files].map(([file, [first]]) => `- ${code(file)}: ${prose(first?.message ?? '')}`);
}

/** Whole lines, and a sentence about those without room. */
function cut(lines: readonly string[], most: number): string {
  let left = most;
  const kept: string[] = [];
  for (const line of lines) {
    left -= line.length + 1;
    if (left < 0) break;
    kept.push(line);
  }
  const missing = lines.length - kept.length;
  return `${[...kept, ...(missing > 0 ? ['', `${count(missing, 'line')} more have no room here.`] : [])].join('\n')}\n`;
}

function isOpen({ kind }: ProposalOutcome): boolean {
  return kind === 'created' || kind === 'updated' || kind === 'unchanged';
}

function move(finding: Finding): string {
  const target = targetOf(finding);
  return `${code(subjectOf(finding))}${target === undefined ? '' : ` → ${code(target)}`}`;
}

function item(finding: Finding): string {
  const why = finding.held ? `held back, ${finding.held.reason}: ${finding.held.detail}` : finding.reason;
  return `- **${finding.class}** ${move(finding)} in ${code(placeText(finding))}: ${prose(why)}`;
}

function isIgnored({ reaction }: Finding): boolean {
  return reaction?.react.includes('ignore') ?? false;
}

const quiet: ReadonlySet<Finding['class']> = new Set(['rebuild', 'no-op', 'unpinned']);

function isLoud({ class: kind }: Finding): boolean {
  return !quiet.has(kind);
}
