import type { RunRecord } from '../core/run-record.ts';
import type { TerminalOptions } from '../report/render/terminal.ts';
import { version } from './origin.ts';

export type RecordFormat = 'text' | 'json' | 'markdown' | 'html' | 'sarif' | 'codequality' | 'dotenv';

/** One record, in the form asked for; in pieces where it may be long. Only the renderer that is used gets loaded. */
export async function renderRecord(
  record: RunRecord,
  format: RecordFormat,
  options: TerminalOptions,
): Promise<string | Iterable<string>> {
  switch (format) {
    case 'json':
      return (await import('../report/render/json.ts')).reportPieces(record);
    case 'markdown':
      return (await import('../report/render/markdown.ts')).renderMarkdown(record);
    case 'html':
      return (await import('../report/render/html.ts')).renderHtml(record);
    case 'sarif':
      return (await import('../report/render/sarif.ts')).renderSarif(record, version());
    case 'codequality':
      return (await import('../report/render/gitlab-reports.ts')).renderCodeQuality(record);
    case 'dotenv':
      return (await import('../report/render/gitlab-reports.ts')).renderDotenv(record);
    case 'text':
      return (await import('../report/render/terminal.ts')).terminalPieces(record, options);
  }
}
