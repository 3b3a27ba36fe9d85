import type { Finding } from '../core/finding.ts';
import type { RunRecord } from '../core/run-record.ts';
import type { TerminalOptions } from '../report/render/terminal.ts';
import { version } from './origin.ts';

export type RecordFormat = 'text' | 'json' | 'markdown' | 'html' | 'sarif' | 'codequality' | 'dotenv';

/**
 * One record, in the form asked for, with these of its findings; in pieces where it may be long. What sums it up is of the whole
 * record. Only the renderer that is used gets loaded.
 */
export async function renderRecord(
  record: RunRecord,
  format: RecordFormat,
  options: TerminalOptions,
  shown: readonly Finding[] = record.findings,
): Promise<string | Iterable<string>> {
  switch (format) {
    case 'json':
      return (await import('../report/render/json.ts')).reportPieces({ ...record, findings: shown });
    case 'markdown':
      return (await import('../report/render/markdown.ts')).renderMarkdown(record, shown);
    case 'html':
      return (await import('../report/render/html.ts')).renderHtml(record, shown);
    case 'sarif':
      return (await import('../report/render/sarif.ts')).renderSarif({ ...record, findings: shown }, version());
    case 'codequality':
      return (await import('../report/render/gitlab-reports.ts')).renderCodeQuality({ ...record, findings: shown });
    case 'dotenv':
      return (await import('../report/render/gitlab-reports.ts')).renderDotenv(record);
    case 'text':
      return (await import('../report/render/terminal.ts')).terminalPieces(record, options, shown);
  }
}
