import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RunRecord } from '../../core/run-record.ts';
import type { Unchecked } from '../../core/unchecked.ts';
import { visible } from '../safe/visible.ts';
import { type Level, levelOf } from '../say/level.ts';
import { subjectOf, targetOf } from '../say/target.ts';
import { jobOutputs } from './job-outputs.ts';

/* What a pipeline of GitLab reads of a job. */

const severities: Readonly<Record<Level, string>> = { error: 'critical', warning: 'major', note: 'info' };

/**
 * The findings as a code quality report, which a merge request shows beside the lines: one entry each, with the finding's id
 * as fingerprint, so that an edit above a line is no new one. What was not looked at has its entries, too: a list without them
 * would pass for a clean one. Source: GitLab Docs, "Code quality", "Report format".
 */
export function renderCodeQuality({ findings, unchecked }: RunRecord): string {
  const entries = [
    ...findings.filter(({ workload }) => workload === undefined).map(entryOf),
    ...unchecked.flatMap(uncheckedEntry),
  ];
  return `${JSON.stringify(entries.slice(0, limits.report.sarifResults.most), null, 2)}\n`;
}

function entryOf(finding: Finding): object {
  const { id, class: kind, reason, held, file = '', line = 1 } = finding;
  const target = targetOf(finding);
  const what = `${subjectOf(finding)}${target === undefined ? '' : ` → ${target}`}: ${reason}${held ? ` Held back: ${held.detail}.` : ''}`;
  return {
    description: visible(what),
    check_name: `plimsoll/${kind}`,
    fingerprint: `${id}/${kind}`,
    severity: severities[held ? 'note' : levelOf(kind)],
    location: placeOf(file, line),
  };
}

function uncheckedEntry(one: Unchecked): object[] {
  if (one.file === undefined) return [];
  const { file, line = 1, question, host, code, reason } = one;
  return [
    {
      description: visible(`Not known: ${reason}`),
      check_name: `plimsoll/unchecked/${question}`,
      fingerprint: [file, line, question, host, code].join('/'),
      severity: 'info',
      location: placeOf(file, line),
    },
  ];
}

function placeOf(path: string, line: number): object {
  return { path: path.toWellFormed(), lines: { begin: Math.max(1, line) } };
}

/**
 * What later jobs read, a variable a line, empty where there is nothing to say: `PLIMSOLL_NEEDS_REBUILD=true`. Texts that may be
 * long are left out. Source: GitLab Docs, "artifacts:reports:dotenv".
 */
export function renderDotenv(record: RunRecord): string {
  const outputs = jobOutputs(record);
  const names = ['needs-rebuild', 'fix-available', 'unknown', 'unchecked'] as const;
  return names.map((name) => `PLIMSOLL_${name.replaceAll('-', '_').toUpperCase()}=${outputs[name]}\n`).join('');
}
