import type { RunRecord } from '../core/record.ts';
import type { TerminalOptions } from '../report/terminal.ts';

/** One record, in the form asked for. Only the renderer that is used gets loaded. */
export async function renderRecord(
  record: RunRecord,
  format: 'text' | 'json' | 'markdown',
  options: TerminalOptions,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../report/json.ts')).renderJson(record);
    case 'markdown':
      return (await import('../report/markdown.ts')).renderMarkdown(record);
    case 'text':
      return (await import('../report/terminal.ts')).renderTerminal(record, options);
  }
}
