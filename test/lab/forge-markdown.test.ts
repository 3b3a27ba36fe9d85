import { beforeAll, describe, expect, it } from 'vitest';
import type { Finding, FindingClass } from '../../src/core/finding.ts';
import { digestOf } from '../../src/core/image/digest.ts';
import { inert } from '../../src/forges/gitlab/quick-actions.ts';
import { renderDashboard } from '../../src/report/render/dashboard-body.ts';
import { renderJobSummary } from '../../src/report/render/job-summary.ts';
import { renderMarkdown } from '../../src/report/render/markdown.ts';
import { proposalBody } from '../../src/report/render/proposal-body.ts';
import { newerTargetComment } from '../../src/report/render/proposal-comment.ts';
import { commandHelp, toldMark } from '../../src/targets/proposals/commands.ts';
import { checkbox, dashboardMarker } from '../../src/targets/proposals/dashboard.ts';
import { aRecord } from '../support/findings.ts';
import { hostileFinding, hostileTexts } from '../support/hostile-texts.ts';
import { type MarkdownRenderer, markdownRenderers } from './support/markdown-renderers.ts';

/*
 * What we write on forges, by the renderers that forges use: whatever a name from outside says, the same elements come out as
 * for a harmless one, with the same addresses in them, and no text is left that a forge would make a link, a mention or a
 * picture of afterwards.
 */

const digest = digestOf('x');
const marker = `<!-- plimsoll v1 key=${'a'.repeat(64)} head=${'b'.repeat(40)} targets=${'c'.repeat(64)} -->`;
const facts = '<!-- plimsoll-facts v1 class=security substance=0123456789abcdef news= to= -->';

/** One finding of each kind of section, with the text wherever something from outside may stand. */
function findingsOf(text: string): readonly Finding[] {
  const finding = hostileFinding(text);
  const reference = { registry: 'registry.example', repository: 'app', tag: '1', digest };
  const of = (kind: FindingClass, more: Partial<Finding> = {}): Finding => ({
    ...finding,
    class: kind,
    id: kind,
    latest: { digest, tag: text, version: text, suite: text },
    problem: { code: 'registry-denied', message: text },
    ...more,
  });
  return [
    of('pin-broken', { subject: 'package', pin: { manager: text, name: text, operator: '=', version: text } }),
    of('security', { reference, os: { before: text, after: text }, security: true, perPlatform: [] }),
    of('config', { final: false }),
    of('unknown', { upgradeLine: text }),
    of('stale', { published: { image: text, digest, by: 'layers', tags: [text] } }),
  ];
}

const outcome = { repository: 'o/app', findings: [], news: [], batches: [] };
const plain = (finding: Finding): Finding => {
  const { held: _, ...rest } = finding;
  return rest;
};

/** Each text that we write, as a value of the text that somebody else has written. */
const texts: Readonly<Record<string, (text: string) => string>> = {
  'a pull request': (text) =>
    proposalBody({
      marker,
      facts,
      parts: findingsOf(text).map((finding) => ({
        finding,
        platforms: [
          {
            platform: text,
            size: { before: 1, after: 2 },
            created: { before: text, after: null },
            layers: { before: 1, after: 2 },
            sharedLayers: 1,
            source: { url: text, before: text, after: text },
          },
        ],
      })),
      draft: true,
      refused: [text, text],
      commands: commandHelp,
      most: 200_000,
    }),
  'a pull request that one finding makes': (text) =>
    proposalBody({
      marker,
      facts,
      parts: [{ finding: { ...plain(findingsOf(text)[2]!), packages: [], config: [] }, platforms: [] }],
      draft: false,
      refused: [],
      commands: [],
      most: 200_000,
    }),
  'the dashboard': (text) =>
    renderDashboard(
      [...findingsOf(text), ...findingsOf(text).map((one) => ({ ...plain(one), id: `${one.id}2` }))],
      (['created', 'held', 'left-alone', 'failed'] as const).map((kind) => ({
        ...outcome,
        kind,
        branch: `plimsoll/${kind}-12345678`,
        ...(kind === 'created' && { url: 'https://forge.example/o/app/pulls/1' }),
        reason: text,
      })),
      {
        marker: dashboardMarker,
        checkbox,
        proposal: 'pull request',
        most: 200_000,
        unchecked: [
          {
            id: 'x',
            file: text,
            line: 1,
            reference: text,
            question: 'fixes',
            causes: [{ host: text, code: 'archive-unreachable', reason: text }],
          } as never,
        ],
      },
    ) ?? '',
  'a comment': (text) => newerTargetComment('there is a newer target', [text, text], toldMark('c'.repeat(64))),
  'the report': (text) =>
    renderMarkdown(aRecord(findingsOf(text).map(plain), [{ code: 'registry-denied', message: text, subject: text }])),
  'the page of a job': (text) =>
    renderJobSummary(
      aRecord(findingsOf(text).map(plain), [{ code: 'registry-denied', message: text, subject: text }]),
      {
        mode: 'check',
        remarks: [text],
      },
    ),
};

interface Seen {
  /** Tags in their order, with the addresses in them. */
  readonly elements: readonly string[];
  /** What stands outside of code and links, where a forge looks for names. */
  readonly text: readonly string[];
}

function seen(html: string): Seen {
  const elements: string[] = [];
  const text: string[] = [];
  let quiet = 0;
  for (const [whole, name, attributes = ''] of html.matchAll(
    /<!--[\s\S]*?-->|<(\/?[a-z][a-z0-9-]*)([^>]*)>|[^<]+|</gi,
  )) {
    if (whole.startsWith('<!--')) elements.push(whole);
    else if (name !== undefined) {
      const [address = ''] = /\b(?:href|src|on\w+|style|class)="[^"]*"/.exec(attributes) ?? [];
      elements.push(`${name.toLowerCase()} ${address}`.trim());
      if (/^(?:code|pre|a)$/i.test(name)) quiet++;
      if (/^\/(?:code|pre|a)$/i.test(name)) quiet--;
    } else if (quiet === 0) text.push(unescaped(whole));
  }
  return { elements, text };
}

function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' };
  return text
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, digits: string) =>
      String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)),
    )
    .replace(/&(\w+);/g, (whole, name: string) => known[name] ?? whole);
}

/** What forges look for in text that Markdown is done with. */
const references =
  /@[\w/]|#\d|\bGH-\d|:\/\/|\bwww\.|(?<!\w)[!&$]\d|(?<!\w)[%~][\w"]|:[a-z+][\w+-]*:|\p{Bidi_Control}/iu;

let renderers: readonly MarkdownRenderer[];
beforeAll(async () => {
  renderers = await markdownRenderers();
}, 600_000);

/** Where two lists part. */
function parting(found: readonly string[], wanted: readonly string[]): string | undefined {
  const at = wanted.findIndex((one, i) => one !== found[i]);
  if (at < 0 && found.length === wanted.length) return undefined;
  const from = Math.max(0, (at < 0 ? wanted.length : at) - 2);
  return `${found.slice(from, from + 5).join(' ')} in place of ${wanted.slice(from, from + 5).join(' ')}`;
}

describe.each(Object.entries(texts))('%s', (_, write) => {
  it('has the same elements whatever a name says, and nothing to act on', () => {
    // A text of nothing has no elements of its own.
    const all = hostileTexts.filter(([, text]) => text !== '');
    const faults: string[] = [];
    for (const { name, render } of renderers) {
      const [harmless = '', ...rendered] = render([write('x'), ...all.map(([, text]) => write(text))]);
      const { elements } = seen(harmless);
      expect(elements.length).toBeGreaterThan(5);
      for (const [i, [what]] of all.entries()) {
        const found = seen(rendered[i] ?? '');
        const apart = parting(found.elements, elements);
        if (apart !== undefined) faults.push(`${what}, ${name}: ${apart}`);
        for (const line of found.text)
          if (references.test(line)) faults.push(`${what}, ${name}: ${JSON.stringify(line)}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('gives GitLab no order, whoever it quotes', () => {
    for (const [what, text] of hostileTexts) expect(inert(write(text)), what).not.toMatch(/^[ \t>]*\/[a-z]/im);
  });
});
