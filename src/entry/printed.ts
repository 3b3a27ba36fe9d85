import type { Finding } from '../core/finding.ts';
import type { Message } from '../core/message.ts';
import type { RunRecord } from '../core/record.ts';
import type { OpenChannel } from '../notify/deliver.ts';
import type { Part } from '../notify/notifier.ts';
import { renderTerminal } from '../report/terminal.ts';
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
      render: (message) => [partOf(message, output)],
      post: async ({ text }) => {
        if (text !== '') await output.result(text);
        return { kind: 'accepted' };
      },
      close: async () => undefined,
    },
  };
}

function partOf({ stories, record }: Message, output: Output): Part {
  const news = [...new Set(stories.flatMap((story) => story.news))];
  const told = new Set(news);
  const findings = (record?.findings ?? []).filter((one) => one.news.some((key) => told.has(key)));
  // What is over has no finding; on a terminal the whole report is printed anyway.
  const text = record && !output.isTerminal && findings.length > 0 ? printedReport(record, findings, output) : '';
  return { news, payload: null, text };
}

export function printedReport(record: RunRecord, findings: readonly Finding[], output: Output): string {
  return renderTerminal({ ...record, findings }, { ...output.layout, allRows: false });
}
