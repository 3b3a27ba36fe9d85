import { describe, expect, it } from 'vitest';
import { findingClasses } from '../../src/core/finding.ts';
import { notifiers } from '../../src/notify/index.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { newsMessage } from '../../src/report/message.ts';
import { proposalBody } from '../../src/report/proposal-body.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { storiesOf } from '../../src/report/stories.ts';
import { plain } from '../../src/report/style.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { openChannel } from '../support/channels/channel.ts';
import { httpServices } from '../support/channels/services.ts';
import { aFinding, aRecord } from '../support/findings.ts';

/** A sentence that no renderer needs to escape, and that nothing but the finding says. */
const reasonOf = (kind: string): string => `What ${kind.replaceAll('-', ' ')} means for whoever reads this`;
const findings = findingClasses.map((kind) => aFinding(kind, { news: [kind], reason: `${reasonOf(kind)}.` }));
const loud = findings.filter(({ class: kind }) => !['rebuild', 'no-op', 'unpinned'].includes(kind));
const record = aRecord(findings);

const mail = { host: 'localhost', from: 'a@b.example', to: ['c@d.example'], tls: 'starttls', attach: false };

const reports: readonly (readonly [string, () => string])[] = [
  ['the terminal', () => renderTerminal(record, { style: plain, allRows: true })],
  ['Markdown', () => renderMarkdown(record)],
  ['the HTML report', () => renderHtml(record)],
  ['SARIF', () => renderSarif(record, '1.0.0')],
  [
    'a pull request',
    () =>
      proposalBody({
        marker: '',
        facts: '',
        parts: loud.map((finding) => ({ finding, platforms: [] })),
        draft: false,
        refused: [],
        commands: [],
      }),
  ],
];

describe('a finding means the same in', () => {
  it.each(reports)('%s', (_name, render) => {
    const text = render();
    for (const { class: kind } of loud) expect(text).toContain(reasonOf(kind));
  });

  it.each(notifiers.map(({ type }) => type))('a message by %s', async (type) => {
    const service = httpServices.find((one) => one.type === type);
    const channel = await openChannel(type, service?.options('http://127.0.0.1:9') ?? mail);
    const parts = channel.render(newsMessage(storiesOf(loud), record));
    const text = parts.map((part) => `${part.text}\n${JSON.stringify(part.payload)}`).join('\n');
    for (const { class: kind } of loud) expect(text).toContain(reasonOf(kind));
    await channel.close();
  });
});
