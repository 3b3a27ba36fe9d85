import type { Finding } from '../core/finding.ts';
import type { Message, Story } from '../core/message.ts';
import { isNotice } from '../core/news.ts';
import type { RunRecord } from '../core/run-record.ts';
import type { OpenChannel } from '../notify/deliver.ts';
import { terminalPieces } from '../report/render/terminal.ts';
import { visible } from '../report/safe/visible.ts';
import type { Output } from './output.ts';

/** The channel of a `run` that has no other, for what cron mails is one too: told once, recorded once it was written. */
export function printed(output: Output): OpenChannel {
  return {
    name: 'stdout',
    rules: { mode: 'run', only: {} },
    // Paper needs no introduction.
    isIntroduced: true,
    channel: {
      pace: 0,
      render: (message) => [
        { news: [...new Set(message.stories.flatMap(({ news }) => news))], payload: message, text: '' },
      ],
      post: async ({ news, payload }) => {
        const { record, stories } = payload as Message;
        const notices = stories.filter(({ class: kind, isOver }) => isNotice(kind) && !isOver);
        if (record !== undefined && !output.isTerminal) await printNews(record, notices, new Set(news), output);
        return { kind: 'accepted' };
      },
      close: async () => undefined,
    },
  };
}

/** What is over has no finding; on a terminal the whole report is printed anyway. */
async function printNews(
  record: RunRecord,
  notices: readonly Story[],
  news: ReadonlySet<string>,
  output: Output,
): Promise<void> {
  const findings = record.findings.filter((one) => one.news.some((key) => news.has(key)));
  for (const { class: kind, subject, reason } of notices) {
    await output.result(`${kind}  ${visible(subject)}\n        ${visible(reason)}\n`);
  }
  if (findings.length > 0) await output.result(printedReport(record, findings, output));
}

/** The report for a terminal with these findings alone; in pieces. */
export function printedReport(record: RunRecord, findings: readonly Finding[], output: Output): Iterable<string> {
  return terminalPieces(record, { ...output.layout, allRows: false }, findings);
}
