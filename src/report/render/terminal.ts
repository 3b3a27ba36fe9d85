/*
 * src/report/render/
 *
 * One record, many renderings: one file per audience, all pure. Of a report: terminal, JSON, Markdown, HTML, SARIF,
 * annotations and the summary of a job. Of other answers: fleet-report.ts (the state), pending-report.ts,
 * plan-report.ts (`--dry-run`), diagnoses.ts (`doctor`). Of pull requests: proposal-body.ts, proposal-text.ts,
 * dashboard-body.ts. Sentences that several have in common come from ../say/, text from outside goes through ../safe/.
 * Begin with terminal.ts.
 */

import type { ImageComparison } from '../../core/comparison.ts';
import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import { afterWords, type PackageChange } from '../../core/package.ts';
import { inScope, placeInScope, placeWithCount } from '../../core/place.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { visible } from '../safe/visible.ts';
import { advisoryList } from '../say/advisory-list.ts';
import { otherProblems } from '../say/claims.ts';
import { bytes } from '../say/quantity.ts';
import { summaryLines } from '../say/summary.ts';
import { subjectOf, targetOf } from '../say/target.ts';
import { columnsOf, folded } from './fold.ts';
import { classStyle, type Layout } from './style.ts';

/** How a report is laid out. */
export interface TerminalOptions extends Layout {
  /** Show every package row instead of the first ten. */
  readonly allRows: boolean;
}

const indent = '        ';

/** The report for a terminal: by file, one sentence per finding, the cost last. Ends with a newline. */
export function renderTerminal(record: RunRecord, options: TerminalOptions): string {
  return [...terminalPieces(record, options)].join('');
}

/**
 * The same, file by file: the report of a large fleet has megabytes, which nobody needs to hold at once. Of the findings only
 * `shown` are listed; the answer is of them all.
 */
export function* terminalPieces(
  record: RunRecord,
  options: TerminalOptions,
  shown: readonly Finding[] = record.findings,
): Generator<string> {
  const { style, width } = options;
  const classWidth = widest(shown.map((finding) => finding.class));
  const told = new Map<string, string>();
  for (const [file, findings] of byFile(shown)) {
    const lines = equalsOf(findings).flatMap((equals) => renderFinding(equals, classWidth, options, told));
    yield `${[style.bold(visible(file)), ...lines, ''].join('\n')}\n`;
  }
  const { looked, answer, untold, hints, cost } = summaryLines(record);
  const out = [
    ...problemLines(otherProblems(record), options),
    ...untold.map((line) => `${style.magenta('not known')} ${line}`),
  ];
  if (out.length > 0) out.push('');
  out.push(looked, style.bold(answer), ...hints.map(style.dim), style.dim(`cost: ${cost}`));
  yield `${out.flatMap((line) => folded(line, width, 2)).join('\n')}\n`;
}

function byFile(findings: readonly Finding[]): Map<string, Finding[]> {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const name = groupOf(finding);
    const others = files.get(name);
    if (others) others.push(finding);
    else files.set(name, [finding]);
  }
  return files;
}

/** Findings of one file that say the same of the same image, each with those of other lines. */
function equalsOf(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    // The same digests before and after have the same packages; those are not compared.
    const { class: kind, written, reason, current, latest, held, notes, proposal } = finding;
    const key = JSON.stringify([kind, written, reason, current, latest, held, notes, proposal?.url]);
    const known = finding.workload === undefined ? groups.get(key) : undefined;
    if (known === undefined) groups.set(finding.workload === undefined ? key : finding.id, [finding]);
    else known.push(finding);
  }
  return [...groups.values()];
}

/** The file in its tree, or the engine. */
function groupOf({ tree = '.', title = tree, file, workload }: Finding): string {
  return file === undefined ? (workload?.engine ?? tree) : inScope(file, title);
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

/** `told`: what was said of which change, and where; the same rows need no second reading. */
function renderFinding(
  [finding, ...others]: readonly [Finding, ...Finding[]],
  classWidth: number,
  options: TerminalOptions,
  told: Map<string, string>,
): string[] {
  const { style } = options;
  const place = (finding.workload ? visible(placeWithCount(finding)) : `${finding.line}:${finding.column}`).padEnd(6);
  const held = finding.held ? style.dim(` held: ${finding.held.reason}`) : '';
  const target = targetOf(finding);
  const arrow = target === undefined ? '' : ` → ${visible(target)}`;
  const name = `${classStyle(finding.class, style)(finding.class)}${' '.repeat(classWidth - finding.class.length)}`;
  const start = `  ${style.dim(place)}${finding.workload ? ' ' : ''}${name}`;
  const head = headLines([start, `  ${visible(subjectOf(finding))}`, `${arrow}${held}`], options);
  const also = alsoAt(others, options);
  // Its host is named once, with the reason, behind all findings.
  const isSilent = finding.class === 'unknown' && finding.problem?.code === 'registry-unreachable';
  if (finding.class === 'unpinned' || isSilent) return [...head, ...also];
  const rows = [...(finding.packages ?? []), ...(finding.config ?? [])].length;
  const { class: kind, current, latest, packages, config, notes, upgradeLine } = finding;
  const same = JSON.stringify([kind, current, latest, packages, config, held, notes, upgradeLine]);
  const before = told.get(same);
  if (before !== undefined && rows > 1)
    return [...head, ...sentence(`the same as at ${before}`, options, style.dim), ...also];
  told.set(same, placeInScope(finding));
  return [...head, ...sentence(finding.reason, options), ...details(finding, options), ...also];
}

/** Place and class, what it is about, what it becomes: in one line, or each that does not fit in one of its own. */
function headLines(parts: readonly string[], { width = Number.POSITIVE_INFINITY }: TerminalOptions): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && part !== '' && columnsOf(last + part) > width) lines.push(`${indent}${part.trimStart()}`);
    else lines[Math.max(lines.length - 1, 0)] = `${last}${part}`;
  }
  return lines.map((line) => line.trimEnd());
}

function alsoAt(others: readonly Finding[], options: TerminalOptions): string[] {
  if (others.length === 0) return [];
  const shown = others.slice(0, limits.report.equalPlaces.most).map(({ line, column }) => `${line}:${column}`);
  const more = others.length > shown.length ? [`${others.length - shown.length} more`] : [];
  return sentence(`also at ${[...shown, ...more].join(', ')}`, options, options.style.dim);
}

function details(finding: Finding, options: TerminalOptions): string[] {
  const { style } = options;
  return [
    // What is not known because it waits has said so already.
    ...(finding.held && !finding.reason.includes(finding.held.detail)
      ? sentence(`held back: ${finding.held.detail}`, options, style.dim)
      : []),
    ...packageRows(finding.packages ?? [], options),
    ...(finding.config ?? []).flatMap(({ key, before, after }) =>
      sentence(`${key}: ${before ?? '(none)'} → ${after ?? '(none)'}`, options),
    ),
    ...(finding.remedy === 'redeploy' && finding.workload?.redeploy !== undefined
      ? [`${indent}${style.bold(visible(finding.workload.redeploy))}`]
      : []),
    ...(finding.upgradeLine === undefined ? [] : [`${indent}${style.bold(visible(finding.upgradeLine))}`]),
    ...(finding.proposal?.state === 'open'
      ? [`${indent}${visible(`${finding.proposal.name}: ${finding.proposal.url}`)}`]
      : []),
    ...finding.notes.flatMap((note) => sentence(note, options, style.dim)),
  ];
}

function shown(value: string | null): string {
  return value === null ? '(none)' : visible(value);
}

/** A file that is no Dockerfile at all has a problem in every line; three say so as well as three hundred. */
function problemLines(problems: readonly Problem[], options: TerminalOptions): string[] {
  const { style } = options;
  const seen = new Map<string, number>();
  const lines = problems.flatMap((problem) => {
    const file = placeOf(problem);
    const number = (seen.get(file) ?? 0) + 1;
    seen.set(file, number);
    if (number > limits.report.fileProblems.most) return [];
    // Many messages begin with what they are about.
    const { subject = '', message } = problem;
    const about = subject === '' || message.startsWith(`${subject}:`) ? '' : `${visible(subject)}: `;
    return `${style.magenta('problem')} ${about}${visible(message)}`;
  });
  const hidden = [...seen].filter(([, number]) => number > limits.report.fileProblems.most);
  const rest = hidden.map(([file, number]) =>
    style.dim(`… and ${number - limits.report.fileProblems.most} more in ${visible(file)}`),
  );
  return [...lines, ...rest];
}

/** The subject without the line. */
function placeOf({ subject = '' }: Problem): string {
  return subject.replace(/:\d+$/, '');
}

/** Text as indented lines that fit the terminal; colours begin behind the indentation. */
function sentence(text: string, { width }: TerminalOptions, paint = (line: string): string => line): string[] {
  const lines = folded(`${indent}${visible(text)}`, width, indent.length);
  return lines.map((line) => `${indent}${paint(line.slice(indent.length))}`);
}

const marks: Readonly<Record<PackageChange['kind'], string>> = {
  added: '+',
  removed: '-',
  upgraded: '↑',
  downgraded: '↓',
  rebuilt: '~',
};

function packageRows(changes: readonly PackageChange[], options: TerminalOptions): string[] {
  const { style, allRows: all, width = Number.POSITIVE_INFINITY } = options;
  const rows =
    all || changes.length <= limits.report.packageRows.most + 1
      ? changes
      : changes.slice(0, limits.report.packageRows.most);
  const name = (change: PackageChange): string =>
    visible(change.architecture ? `${change.name}:${change.architecture}` : change.name);
  const wide = widest(rows.map(name));
  const beforeWide = widest(rows.map((change) => visible(change.before ?? '')));
  const afterWide = widest(rows.map((change) => visible(afterWords(change) ?? '')));
  const lines = rows.flatMap((change) => {
    const before = visible(change.before ?? '').padEnd(beforeWide);
    const arrow = change.before !== undefined && change.after !== undefined ? '→' : ' ';
    const where = change.platforms ? style.dim(`  on ${visible(change.platforms.join(', '))}`) : '';
    const versions = `${before} ${arrow} ${visible(afterWords(change) ?? '').padEnd(afterWide)}`;
    const start = `${marks[change.kind]} ${name(change).padEnd(wide)}  ${versions}`;
    const line = `${start}  ${meaning(change)}`.trimEnd();
    const paint = (text: string): string => (change.security ? style.red(text) : text);
    if (indent.length + line.length <= width) return [`${indent}${paint(line)}${where}`];
    // A narrow terminal would break the row anywhere: what it means goes below, and so do the versions if they must.
    const isStartWide = indent.length + start.trimEnd().length > width;
    const head = isStartWide
      ? [
          `${marks[change.kind]} ${name(change)}`,
          `    ${visible(change.before ?? '')} ${arrow} ${visible(afterWords(change) ?? '')}`,
        ]
      : [start.trimEnd()];
    const rest = meaning(change) === '' ? [] : sentence(meaning(change), { ...options, width: width - 4 }, paint);
    return [...head.map((text) => `${indent}${paint(text)}`), ...rest.map((text) => `    ${text}${where}`)];
  });
  const hidden = changes.length - rows.length;
  return hidden > 0
    ? [...lines, `${indent}${style.dim(`… and ${hidden} more packages (--all-packages shows them)`)}`]
    : lines;
}

/** Why a row matters: how bad, which advisories, what it brings along. */
function meaning({ security, severity, advisories, introduced, foreign, unlisted }: PackageChange): string {
  return [
    ...(security === true ? [severity ?? 'security', advisoryList(advisories, 4, unlisted)] : []),
    ...(introduced?.length ? [`introduces ${advisoryList(introduced)}`] : []),
    ...(foreign === undefined ? [] : [`not the distribution's (${visible(foreign)}): no feed`]),
  ]
    .filter((text) => text !== '')
    .join('  ');
}

/** Two images side by side: the verdict, what differs, and the facts around it. */
export function renderPair(
  [before, after]: readonly [string, string],
  finding: Finding,
  comparison: ImageComparison,
  options: TerminalOptions,
): string {
  const { style } = options;
  const { size, layers, sharedLayers, created } = comparison;
  const day = (time: string | null): string => (time === null ? 'unknown' : visible(time.slice(0, 10)));
  const out = [
    `${style.dim('before')}  ${visible(before)}`,
    `${style.dim('after')}   ${visible(after)}`,
    ...folded(`${classStyle(finding.class, style)(finding.class)}  ${visible(finding.reason)}`, options.width, 2),
    '',
    ...details(finding, options).map((line) => line.slice(indent.length - 2)),
    ...(finding.labels ?? []).map(
      ({ key, before: b, after: a }) => `  ${style.dim(`${visible(key)}: ${shown(b)} → ${shown(a)}`)}`,
    ),
    ...folded(
      `  ${layers.before} → ${layers.after} layers (${sharedLayers} shared), ${bytes(size.before)} → ${bytes(size.after)}, built ${day(created.before)} → ${day(created.after)}`,
      options.width,
      2,
    ).map(style.dim),
  ];
  return `${out.join('\n')}\n`;
}
