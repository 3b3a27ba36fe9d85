import { type ConfigChange, type Finding, findingClasses } from '../../core/finding.ts';
import { afterWords, type PackageChange } from '../../core/package.ts';
import { placeText, placeWithCount } from '../../core/place.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { cell, code, fenceFor, prose } from '../safe/markdown-text.ts';
import { visible } from '../safe/visible.ts';
import { linkedAdvisories } from '../say/advisory-links.ts';
import { otherProblems } from '../say/claims.ts';
import { summaryLines } from '../say/summary.ts';
import { subjectOf, targetOf } from '../say/target.ts';

const quiet = new Set(['unpinned', 'rebuild', 'no-op']);

/**
 * The report as GitHub-flavoured Markdown: what matters first, one section per finding, the quiet ones as a list. Of the
 * findings only `shown` are listed; the answer is of them all.
 */
export function renderMarkdown(record: RunRecord, shown: readonly Finding[] = record.findings): string {
  const { looked, answer, untold, hints, cost } = summaryLines(record);
  const loud = shown
    .filter((finding) => !quiet.has(finding.class))
    .sort((a, b) => findingClasses.indexOf(a.class) - findingClasses.indexOf(b.class));
  const rest = shown.filter((finding) => quiet.has(finding.class));
  const out = ['## Plimsoll', '', `**${prose(capitalise(answer))}.** ${prose(capitalise(looked))}.`, ''];
  const tables: Tables = new Map();
  for (const line of loud.flatMap((finding) => renderFinding(finding, tables))) out.push(line);
  if (rest.length > 0) {
    out.push(`<details><summary>${rest.length} more that ask for nothing</summary>`, '');
    for (const finding of rest) out.push(`- **${finding.class}** ${code(subjectOf(finding))} ${place(finding)}`);
    out.push('', '</details>', '');
  }
  const problems = otherProblems(record);
  if (untold.length > 0) out.push('### Not known', '', ...untold.map((line) => `- ${prose(line)}`), '');
  if (problems.length > 0) {
    out.push('### Problems', '');
    for (const { subject, message } of problems) {
      out.push(`- ${subject === undefined ? '' : `${code(subject)}: `}${prose(message)}`);
    }
    out.push('');
  }
  out.push(
    ...hints.map((hint) => `${prose(capitalise(hint))}.`),
    ...(hints.length > 0 ? [''] : []),
    `<sub>Cost: ${prose(cost)}</sub>`,
    '',
  );
  return out.join('\n');
}

function place(finding: Finding): string {
  const { workload } = finding;
  return workload
    ? `running on ${code(workload.engine)} as ${code(placeWithCount(finding))}`
    : `in ${code(placeText(finding))}`;
}

/** Rows of packages whose table stands above, by the finding that it stands at: many places may use one image. */
type Tables = Map<readonly PackageChange[], Finding>;

/** One finding as it stands in a report, and in the body of a pull request; a table that is in `tables` is not repeated. */
export function renderFinding(finding: Finding, tables: Tables = new Map()): string[] {
  const target = targetOf(finding);
  const to = target === undefined ? '' : ` → ${code(target)}`;
  const out = [`### ${finding.class}: ${code(subjectOf(finding))}${to}`, '', prose(finding.reason), ''];
  if (finding.held) out.push(`Held back (${finding.held.reason}): ${prose(finding.held.detail)}.`, '');
  out.push(
    `${capitalise(place(finding))}${finding.final === false ? ', a stage that is not part of the final image' : ''}`,
  );
  if (finding.upgradeLine !== undefined) out.push('', '```dockerfile', visible(finding.upgradeLine), '```');
  if (finding.edits !== undefined && finding.edits.length > 0) out.push('', ...diffBlock(finding));
  out.push(
    '',
    ...packagesPart(finding, tables),
    ...configTable('Config', finding.config ?? []),
    ...configTable('Labels', finding.labels ?? []),
  );
  if (finding.notes.length > 0) out.push(...finding.notes.map((note) => `> ${prose(note)}`), '');
  return out;
}

function diffBlock(finding: Finding): string[] {
  const lines = (finding.edits ?? []).flatMap(({ before, after }) => [`-${visible(before)}`, `+${visible(after)}`]);
  const fence = fenceFor(lines.join('\n'));
  return [`${fence}diff`, ...lines, fence];
}

function packagesPart(finding: Finding, tables: Tables): string[] {
  const { packages = [] } = finding;
  const above = tables.get(packages);
  if (above !== undefined) return [`The same packages as ${place(above)}, above.`, ''];
  if (packages.length > 0) tables.set(packages, finding);
  return packageTable(packages);
}

function packageTable(changes: readonly PackageChange[]): string[] {
  if (changes.length === 0) return [];
  const row = (change: PackageChange): string => {
    const name = change.architecture ? `${change.name}:${change.architecture}` : change.name;
    const version = (text: string | undefined): string => (text === undefined ? '' : cell(text));
    const kind = [
      change.kind,
      ...(change.security
        ? [`**${change.severity ?? 'security'}** ${linkedAdvisories(change.advisories, change.unlisted)}`.trim()]
        : []),
      ...(change.introduced?.length ? [`introduces ${linkedAdvisories(change.introduced)}`] : []),
      ...(change.foreign === undefined ? [] : [`not the distribution's (${prose(change.foreign)}): no feed`]),
    ].join(', ');
    const where = change.platforms ? ` on ${prose(change.platforms.join(', '))}` : '';
    return `| ${cell(name)} | ${version(change.before)} | ${version(afterWords(change))} | ${kind}${where} |`;
  };
  return ['| Package | Before | After | |', '| --- | --- | --- | --- |', ...changes.map(row), ''];
}

function configTable(title: string, changes: readonly ConfigChange[]): string[] {
  if (changes.length === 0) return [];
  const shown = (value: string | null): string => (value === null ? '' : cell(value));
  return [
    `| ${title} | Before | After |`,
    '| --- | --- | --- |',
    ...changes.map(({ key, before, after }) => `| ${cell(key)} | ${shown(before)} | ${shown(after)} |`),
    '',
  ];
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
