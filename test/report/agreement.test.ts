import { describe, expect, it } from 'vitest';
import { findingClasses } from '../../src/core/finding.ts';
import { notifiers } from '../../src/notify/index.ts';
import { renderHtml } from '../../src/report/render/html.ts';
import { renderMarkdown } from '../../src/report/render/markdown.ts';
import { renderPending } from '../../src/report/render/pending-report.ts';
import { proposalBody } from '../../src/report/render/proposal-body.ts';
import { renderSarif } from '../../src/report/render/sarif.ts';
import { plain } from '../../src/report/render/style.ts';
import { renderTerminal } from '../../src/report/render/terminal.ts';
import { newsMessage } from '../../src/report/say/message-story.ts';
import { storiesOf } from '../../src/report/say/stories.ts';
import { densities, storyText } from '../../src/report/say/story-text.ts';
import { openChannel } from '../support/channels/channel.ts';
import { httpServices } from '../support/channels/services.ts';
import { aChange, aFinding, aRecord } from '../support/findings.ts';

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
        most: 60_000,
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

describe('a package that another replaces under its own name is shown with that name in', () => {
  const row = { name: 'old-tool', before: '1.0-1', after: '2.0-1', replacedBy: 'new-tool' };
  const finding = aFinding('lagging', { security: false, packages: [aChange(1, row)] });
  const told = aRecord([finding]);
  const [first] = storiesOf([finding]);
  const pending = {
    name: 'rocky:9',
    platform: 'linux/amd64',
    packages: [
      {
        name: 'old-tool',
        installed: '1.0-1',
        candidate: '2.0-1',
        replacedBy: 'new-tool',
        suite: 'baseos',
        security: null,
        advisories: [],
      },
    ],
    repositories: [],
    remedy: { kind: 'upgrade-line', line: 'RUN dnf upgrade -y' },
    complete: true,
  } as const;
  const cost = {
    registry: { requests: 0, bytes: 0 },
    archive: { requests: 0, bytes: 0 },
    countedPulls: 0,
    cacheHits: 0,
  };
  it.each<[string, () => string]>([
    ['the terminal', () => renderTerminal(told, { style: plain, allRows: true })],
    ['pending', () => renderPending(pending, { os: undefined, problems: [], cost }, { style: plain })],
    ['Markdown', () => renderMarkdown(told)],
    ['the HTML report', () => renderHtml(told)],
    ['messages', () => (first === undefined ? '' : storyText(first, densities[0]).rows.join('\n'))],
    [
      'a pull request',
      () =>
        proposalBody({
          marker: '',
          facts: '',
          parts: [{ finding, platforms: [] }],
          draft: false,
          refused: [],
          commands: [],
          most: 60_000,
        }),
    ],
  ])('%s', (_name, render) => {
    expect(
      render()
        .replace(/\\(?=[-.])|`/g, '')
        .replace(/<\/?td>/g, ' '),
    ).toMatch(/old-tool[ |]+1\.0-1 (?:→|\|) new-tool 2\.0-1/);
  });
});
