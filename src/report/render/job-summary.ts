import { type Finding, findingClasses } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import { placeText, scopeTitle } from '../../core/place.ts';
import type { ProposalOutcome } from '../../core/proposal.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { escapeHtml } from '../safe/escape-html.ts';
import { cell, code, prose } from '../safe/markdown-text.ts';
import { withoutReferences } from '../safe/references.ts';
import { safeUrl } from '../safe/safe-url.ts';
import { visible } from '../safe/visible.ts';
import { otherProblems } from '../say/claims.ts';
import { classWords } from '../say/class-words.ts';
import { count } from '../say/quantity.ts';
import { summaryLines } from '../say/summary.ts';
import { subjectOf, targetOf } from '../say/target.ts';
import { renderFinding } from './markdown.ts';

/** What stands above the findings in the summary of a job. */
export interface JobNotes {
  /** `check`, `alert`, `pull-request`, and why. */
  readonly mode: string;
  /** What a person has to do or to know, one sentence each. */
  readonly remarks: readonly string[];
}

const quiet = new Set<Finding['class']>(['unpinned', 'rebuild', 'no-op']);

/** The page of a job: the answer, what to do, one row per finding, then the details of each. Cut at a detail. Pure. */
export function renderJobSummary(
  record: RunRecord,
  { mode, remarks }: JobNotes,
  most = limits.report.jobSummary.most,
): string {
  const { looked, answer, untold, hints, cost } = summaryLines(record);
  const findings = [...record.findings].sort(
    (a, b) => findingClasses.indexOf(a.class) - findingClasses.indexOf(b.class),
  );
  const loud = findings.filter(({ class: kind }) => !quiet.has(kind));
  const head = [
    `## Plimsoll: ${prose(answer)}`,
    '',
    `${prose(capitalise(looked))}. ${prose(capitalise(mode))}.`,
    '',
    ...remarks.flatMap((text) => ['> [!IMPORTANT]', `> ${prose(capitalise(text))}.`, '']),
    ...hints.flatMap((text) => [`${prose(capitalise(text))}.`, '']),
    ...proposalList(record.proposals ?? []),
    ...overview(findings),
    ...untoldList(untold),
    ...problemList(record),
  ];
  const foot = ['', `<sub>${prose(cost)}</sub>`, ''];
  return cut(head.join('\n'), loud.map(detail), foot.join('\n'), most);
}

/** As many details as have room, and a sentence about the others. */
function cut(head: string, details: readonly string[], foot: string, most: number): string {
  const kept: string[] = [];
  const reserve = 200;
  const start = clipBytes(head, most - Buffer.byteLength(foot) - reserve);
  let left = most - Buffer.byteLength(start) - Buffer.byteLength(foot) - reserve;
  for (const one of details) {
    left -= Buffer.byteLength(one) + 1;
    if (left < 0) break;
    kept.push(one);
  }
  const missing = details.length - kept.length;
  const lists =
    start.length < head.length
      ? ['The lists above have no room for all: the output "report" names the whole report.']
      : [];
  const rest = missing > 0 ? [`${count(missing, 'finding')} more: the output "report" names the whole report.`] : [];
  return [start, ...lists, ...kept, ...rest, foot].join('\n');
}

/** Whole lines only: a cut table is still one. */
function clipBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const part = Buffer.from(text).subarray(0, most).toString('utf8');
  return `${part.slice(0, part.lastIndexOf('\n'))}\n`;
}

function overview(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rows = findings.slice(0, limits.report.jobRows.most).map((finding) => {
    const target = targetOf(finding);
    const what = `${cell(subjectOf(finding))}${target === undefined ? '' : ` → ${cell(target)}`}`;
    return `| ${finding.class} | ${what} | ${cell(placeOf(finding))} | ${nextOf(finding)} |`;
  });
  const rest =
    findings.length > limits.report.jobRows.most
      ? [`${count(findings.length - limits.report.jobRows.most, 'row')} more.`, '']
      : [];
  return ['| | Image | Where | What happens |', '| --- | --- | --- | --- |', ...rows, '', ...rest];
}

function placeOf(finding: Finding): string {
  const name = scopeTitle(finding);
  return `${name === '.' ? '' : `${name}: `}${placeText(finding)}`;
}

/** A word on what becomes of it. */
function nextOf({ proposal, held, snoozed, reaction, remedy }: Finding): string {
  const url = proposal && safeUrl(proposal.url);
  if (url !== undefined)
    return `[${proposal?.state === 'closed' ? 'closed ' : ''}${prose(proposal?.name ?? '')}](${url})`;
  if (reaction?.react.includes('ignore')) return 'ignored by a rule';
  if (snoozed) return `snoozed until ${prose(snoozed.until)}`;
  if (held) return `waits (${held.reason})`;
  return {
    edit: 'an edit',
    rebuild: 'a rebuild',
    'upgrade-line': 'a line to add',
    'newer-base': 'another base',
    redeploy: 'a restart with the new image',
    none: '',
  }[remedy];
}

function proposalList(proposals: readonly ProposalOutcome[]): string[] {
  if (proposals.length === 0) return [];
  const items = proposals.map(({ kind, repository, branch, url, reason }) => {
    const link = url && safeUrl(url);
    const what = link === undefined ? code(branch || repository) : `[${prose(branch)}](${link})`;
    return `- ${kind}: ${what}: ${prose(reason)}`;
  });
  return ['### Pull requests', '', ...items, ''];
}

function untoldList(untold: readonly string[]): string[] {
  if (untold.length === 0) return [];
  return [
    '### Not known',
    '',
    ...untold.slice(0, limits.report.jobRows.most).map((line) => `- ${prose(line)}`),
    ...more(untold),
    '',
  ];
}

function problemList(record: RunRecord): string[] {
  const problems = otherProblems(record);
  if (problems.length === 0) return [];
  const shown = problems.slice(0, limits.report.jobRows.most).map(({ subject, message }) => {
    return `- ${subject === undefined ? '' : `${code(subject)}: `}${prose(message)}`;
  });
  return ['### Problems', '', ...shown, ...more(problems), ''];
}

function more(all: readonly unknown[]): string[] {
  return all.length > limits.report.jobRows.most ? [`- and ${all.length - limits.report.jobRows.most} more`] : [];
}

function detail(finding: Finding): string {
  const target = targetOf(finding);
  const title = `${classWords[finding.class].section}: ${subjectOf(finding)}${target === undefined ? '' : ` → ${target}`}`;
  // No Markdown inside the tag, but whatever else a forge reads in text.
  const shown = escapeHtml(withoutReferences(visible(title)));
  return [`<details><summary>${shown}</summary>`, '', ...renderFinding(finding).slice(2), '', '</details>', ''].join(
    '\n',
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
