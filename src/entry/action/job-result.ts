import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { replaceFile } from '../../disk/replace-file.ts';
import { annotationsOf } from '../../report/render/annotations.ts';
import { jobOutputs } from '../../report/render/job-outputs.ts';
import { type JobNotes, renderJobSummary } from '../../report/render/job-summary.ts';
import { reportPieces } from '../../report/render/json.ts';
import { untoldLines } from '../../report/say/claims.ts';
import { inert } from '../inert.ts';
import { version } from '../origin.ts';
import type { Runner } from './runner.ts';

/** Where the results of a job go. */
export interface ResultPlaces {
  /** GITHUB_STEP_SUMMARY; undefined: nobody reads one. */
  readonly summaryFile: string | undefined;
  /** For code scanning, from the root of the repository; undefined: not asked for. */
  readonly sarifFile: string | undefined;
}

/** Hands a run's record on as GitHub Actions takes it: annotations, a summary, outputs, files. */
export async function publishResult(
  record: RunRecord,
  notes: JobNotes,
  { repository, temp }: Pick<Runner, 'repository' | 'temp'>,
  { summaryFile, sarifFile }: ResultPlaces,
): Promise<void> {
  const core = await import('@actions/core');
  const { shown, rest } = annotationsOf(record.findings, (finding) => isOwn(finding, repository));
  for (const { level, file, line, column, title, message } of shown) {
    core[level](inert(message), { title: inert(title), file, startLine: line, startColumn: column });
  }
  if (rest !== undefined) core.notice(rest);
  const untold = untoldLines(record);
  for (const line of untold.slice(0, limits.report.jobWarnings.most)) core.warning(inert(line), { title: 'Not known' });
  if (summaryFile) appendFileSync(summaryFile, renderJobSummary(record, notes));
  const report = path.join(temp, 'plimsoll-report.json');
  replaceFile(report, [...reportPieces(record)].join(''));
  for (const [name, value] of Object.entries(jobOutputs(record))) core.setOutput(name, value);
  core.setOutput('report', report);
  if (sarifFile !== undefined) {
    const { renderSarif } = await import('../../report/render/sarif.ts');
    // Code scanning wants the files of this repository only.
    const findings = record.findings.filter((finding) => isOwn(finding, repository));
    const unchecked = record.unchecked.filter((one) => isOwn(one, repository));
    replaceFile(sarifFile, renderSarif({ ...record, findings, unchecked }, version()));
    core.setOutput('sarif', sarifFile);
  }
}

function isOwn({ repository }: Pick<Finding, 'repository'>, own: string): boolean {
  return repository === undefined || repository.name.toLowerCase() === own.toLowerCase();
}
