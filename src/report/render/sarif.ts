import { type Finding, type FindingClass, findingClasses } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { visible } from '../safe/visible.ts';
import { untoldLines } from '../say/claims.ts';
import { classWords } from '../say/class-words.ts';
import { levelOf } from '../say/level.ts';
import { count } from '../say/quantity.ts';
import { subjectOf, targetOf } from '../say/target.ts';

/**
 * The report as SARIF 2.1.0 for code scanning: a rule per class, a result per finding. Its fingerprint is the finding's
 * id, so that an edit above a line is no new alert. Findings that ask for nothing are notes, and held ones say so.
 */
export function renderSarif(record: RunRecord, version: string): string {
  const all = record.findings.filter(({ file, workload }) => file !== '' && workload === undefined);
  const running = record.findings.filter(({ workload }) => workload !== undefined).length;
  const results = all.slice(0, limits.report.sarifResults.most);
  const left = all.length - results.length;
  const cut =
    left > 0
      ? [
          `${count(left, 'more finding')} not listed here, as code scanning takes no more than ${limits.report.sarifResults.most} results`,
        ]
      : [];
  const elsewhere =
    running > 0 ? [`${count(running, 'finding')} about what runs not listed here, as results are places in files`] : [];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Plimsoll', semanticVersion: version, rules: findingClasses.map(ruleOf) } },
        invocations: [
          {
            executionSuccessful: true,
            startTimeUtc: record.startedAt,
            endTimeUtc: record.finishedAt,
            // What was not looked at is no result, and must not pass for a clean one (SARIF 2.1.0 §3.20.21).
            toolExecutionNotifications: [...untoldLines(record), ...cut, ...elsewhere].map((text) => ({
              level: 'warning',
              message: { text },
            })),
          },
        ],
        results: results.map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf(kind: FindingClass): object {
  return {
    id: kind,
    shortDescription: { text: classWords[kind].section },
    help: { text: `What "${kind}" means is in docs/classes.md of Plimsoll.` },
    defaultConfiguration: { level: levelOf(kind) },
    // Shown as severity where a rule is about security: 0.1 to 10.
    properties: { tags: [...(kind === 'security' ? ['security'] : []), 'container'], ...severityOf(kind) },
  };
}

function severityOf(kind: FindingClass): object {
  return kind === 'security' ? { 'security-severity': '7.0' } : {};
}

function resultOf(finding: Finding): object {
  const { id, class: kind, reason, file = '', line = 1, column = 1, held } = finding;
  const target = targetOf(finding);
  const what = `${subjectOf(finding)}${target === undefined ? '' : ` → ${target}`}: ${reason}${held ? ` Held back: ${held.detail}.` : ''}`;
  return {
    ruleId: kind,
    ruleIndex: findingClasses.indexOf(kind),
    level: held ? 'note' : levelOf(kind),
    message: { text: visible(what) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: placeOf(file),
          region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
        },
      },
    ],
    partialFingerprints: { 'plimsoll/v1': `${id}/${kind}` },
    ...fixOf(finding),
  };
}

/** A relative reference (RFC 3986): every part encoded, so that no file name becomes an address. */
function placeOf(file: string): { readonly uri: string } {
  const parts = file.split('/').map((part) => encodeURIComponent(part.toWellFormed()));
  return { uri: parts.join('/') };
}

/** What an editor can do about it by itself (SARIF 2.1.0 §3.27.30); only where it is known what stands around the change. */
function fixOf({ edits = [], held, proposed, file: own, line, column, written, format }: Finding): object {
  if (held !== undefined || edits.length === 0) return {};
  const changes = edits.map(({ file, line: at, before, after }) => {
    const isLine = format === 'dockerfile' && before.length < limits.file.editLine.most;
    const start = isLine ? 1 : file === own && at === line && before === written ? column : undefined;
    return { file, at, before, after, start };
  });
  if (changes.some(({ start }) => start === undefined)) return {};
  const byFile = [...Map.groupBy(changes, ({ file }) => file)];
  const artifactChanges = byFile.map(([file, own]) => ({
    artifactLocation: placeOf(file),
    replacements: own.map(({ at, before, after, start = 1 }) => ({
      deletedRegion: { startLine: at, startColumn: start, endLine: at, endColumn: start + before.length },
      insertedContent: { text: after },
    })),
  }));
  return { fixes: [{ description: { text: visible(`Write ${proposed ?? 'what is current'}`) }, artifactChanges }] };
}
