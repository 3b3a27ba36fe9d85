import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/problem.ts';
import { renderFinding, renderMarkdown } from '../../../src/report/render/markdown.ts';
import { cell, code, fenceFor, prose } from '../../../src/report/safe/markdown-text.ts';
import { fc } from '../../support/fast-check.ts';
import { aChange, aFinding, aRecord, oneOfEach } from '../../support/findings.ts';
import { hostileFinding, hostileTexts } from '../../support/hostile-texts.ts';

describe('the report as Markdown', () => {
  it('shows one of each class', () => {
    expect(renderMarkdown(aRecord(oneOfEach))).toMatchInlineSnapshot(`
      "## Plimsoll

      **1 pin-broken, 1 security, 1 packages, 1 config, 1 content, 1 unknown, 1 rebuild, 1 no-op, 1 unpinned, 1 stale, 1 lagging, 1 newer-tag, 1 end-of-life: a rebuild is needed; 1 of 13 uses could not be looked up.** 13 image uses of 1 image in 1 file, for linux/amd64.

      ### pin-broken: \`debian:12@sha256:cba06b5736fa\` → \`sha256:ed5eb9a37e2d\`

      the reason of pin-broken

      In \`Dockerfile:1\`

      \`\`\`diff
      -FROM debian:12@sha256:cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4
      +FROM debian:12@sha256:ed5eb9a37e2d8231af3388319b941995f6dc8755c56043d0cc52b5fe405a87de
      \`\`\`

      ### security: \`debian:12@sha256:cba06b5736fa\` → \`sha256:ed5eb9a37e2d\`

      the reason of security

      In \`Dockerfile:2\`

      \`\`\`diff
      -FROM debian:12@sha256:cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4
      +FROM debian:12@sha256:ed5eb9a37e2d8231af3388319b941995f6dc8755c56043d0cc52b5fe405a87de
      \`\`\`

      | Package | Before | After | |
      | --- | --- | --- | --- |
      | \`liblzma5\` | \`5.4.1-1\` | \`5.4.1-1+deb12u1\` | upgraded, **security** on linux/arm64 |
      | \`lib2:amd64\` |  | \`2.1\` | added |

      ### packages: \`debian:12@sha256:cba06b5736fa\` → \`sha256:ed5eb9a37e2d\`

      the reason of packages

      Held back (window): this week’s batch has gone out.

      In \`Dockerfile:3\`, a stage that is not part of the final image

      \`\`\`diff
      -FROM debian:12@sha256:cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4
      +FROM debian:12@sha256:ed5eb9a37e2d8231af3388319b941995f6dc8755c56043d0cc52b5fe405a87de
      \`\`\`

      | Package | Before | After | |
      | --- | --- | --- | --- |
      | \`lib3\` | \`3.0\` |  | removed |
      | \`lib4\` | \`4.0\` | \`4.1\` | downgraded |
      | \`lib5\` | \`5.0\` | \`5.1\` | rebuilt |

      ### config: \`debian:12@sha256:cba06b5736fa\` → \`sha256:ed5eb9a37e2d\`

      the reason of config

      In \`Dockerfile:4\`

      \`\`\`diff
      -FROM debian:12@sha256:cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4
      +FROM debian:12@sha256:ed5eb9a37e2d8231af3388319b941995f6dc8755c56043d0cc52b5fe405a87de
      \`\`\`

      | Config | Before | After |
      | --- | --- | --- |
      | \`Env.NODE_VERSION\` | \`22.3.0\` | \`22.4.0\` |
      | \`Cmd\` |  | \`["sh","-c","a \\| b"]\` |

      | Labels | Before | After |
      | --- | --- | --- |
      | \`Labels.version\` | \`1\` |  |

      ### content: \`debian:12@sha256:cba06b5736fa\` → \`sha256:ed5eb9a37e2d\`

      the reason of content

      In \`Dockerfile:5\`

      \`\`\`diff
      -FROM debian:12@sha256:cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4
      +FROM debian:12@sha256:ed5eb9a37e2d8231af3388319b941995f6dc8755c56043d0cc52b5fe405a87de
      \`\`\`

      > the pin serves one platform only
      > a second note

      ### unknown: \`debian:12@sha256:cba06b5736fa\`

      the reason of unknown

      In \`Dockerfile:6\`

      ### stale: \`debian:12@sha256:cba06b5736fa\`

      the reason of stale

      In \`Dockerfile:10\`

      ### lagging: \`debian:12@sha256:cba06b5736fa\`

      the reason of lagging

      In \`Dockerfile:11\`

      ### newer-tag: \`debian:12@sha256:cba06b5736fa\`

      the reason of newer-tag

      In \`Dockerfile:12\`

      ### end-of-life: \`debian:12@sha256:cba06b5736fa\`

      the reason of end-of-life

      In \`Dockerfile:13\`

      <details><summary>3 more that ask for nothing</summary>

      - **rebuild** \`debian:12@sha256:cba06b5736fa\` in \`Dockerfile:7\`
      - **no-op** \`debian:12@sha256:cba06b5736fa\` in \`Dockerfile:8\`
      - **unpinned** \`debian\` in \`Dockerfile:9\`

      </details>

      1 of 13 uses has no digest: there is nothing to compare with and no pull request is possible when their tag moves; "plimsoll update --pin" pins them, --since gives a base line, --versions minor looks for newer tags.

      <sub>Cost: 3 requests, 1 counted pull, 58.2 MB, 2 from cache, 97 of 100 pulls left at docker.io</sub>
      "
    `);
  });

  it('lists problems', () => {
    const record = aRecord(
      [],
      [
        { code: 'registry-denied', message: 'it went *wrong*', subject: 'a`b' },
        { code: 'registry-error', message: 'and so did this' },
      ],
    );
    expect(renderMarkdown(record)).toContain('### Problems\n\n- ``a`b``: it went \\*wrong\\*\n- and so did this\n');
  });

  it('holds a table of any length', () => {
    const packages = Array.from({ length: 2000 }, (_, i) => aChange(i));
    const rows = renderMarkdown(aRecord([aFinding('packages', { packages })]))
      .split('\n')
      .filter((line) => line.startsWith('| `lib'));
    expect(rows).toHaveLength(2000);
  });

  it('holds any number of findings and problems', () => {
    const findings = Array.from({ length: 150_000 }, () => aFinding('rebuild'));
    const problems = Array.from({ length: 150_000 }, (): Problem => ({ code: 'registry-denied', message: 'y' }));
    expect(renderMarkdown(aRecord(findings, problems)).length).toBeGreaterThan(1_000_000);
  });
});

/*
 * Without a parser, by the rules: a line of ours begins as it does for harmless text, a table row has the same cells,
 * and what is left of a line without its code spans and escapes holds nothing that Markdown or GitHub acts on.
 */
describe('text from outside', () => {
  const render = (text: string): string[] =>
    renderMarkdown(aRecord([hostileFinding(text)], [{ code: 'registry-denied', message: text, subject: text }])).split(
      '\n',
    );
  const begins = (line: string): string | undefined => /^(#+ |- |> |\| |<sub>|\*\*)/.exec(line)?.[0];

  it.each(hostileTexts)('adds and ends no line: %s', (_name, text) => {
    const [hostile, harmless] = [render(text), render('x')];
    expect(hostile).toHaveLength(harmless.length);
    expect(outsideFences(hostile).map(begins)).toEqual(outsideFences(harmless).map(begins));
  });

  it.each(hostileTexts)('opens no cell: %s', (_name, text) => {
    const rows = (lines: string[]): number[] => lines.filter((line) => line.startsWith('| ')).map(cells);
    expect(rows(render(text))).toEqual(rows(render('x')));
  });

  it.each(hostileTexts)('leaves nothing to act on: %s', (_name, text) => {
    for (const line of outsideFences(render(text))) {
      if (/^(\| --- )+/.test(line)) continue;
      const rest = bare(line.replace(/^(#+ |- |> |\| )/, ''))
        .replace(/^<sub>|<\/sub>$/g, '')
        .replace(/\*\*/g, '')
        .replace(/ \|/g, '')
        .replace(/^ +/, (spaces) => (line.startsWith('| ') ? '' : spaces));
      expect(rest).not.toMatch(/[`*_[\]<>|~$&]|^[#+=-]|^\d+[.)]|^\s/);
      expect(rest).not.toMatch(/@\w|#\d|\bGH-\d|:\/\/|\bwww\./i);
    }
  });

  it('is a code span whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '|', '\\', 'a', ' ', '\n') }), (text) => {
        for (const span of [code(text), cell(text)]) expect(bare(span)).toBe('');
        expect(cells(`| ${cell(text)} | x |`)).toBe(2);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a', '`a`'],
    ['', '`  `'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a|b', '`a|b`'],
    ['a\nb', '`a\\u{a}b`'],
  ])('%j in code is %s', (text, span) => {
    expect(code(text)).toBe(span);
  });

  it.each([
    ['a|b', '`a\\|b`'],
    ['a\\|b', '`a\\\\u{7c}b`'],
    ['||', '`\\|\\|`'],
  ])('%j in a cell is %s', (text, span) => {
    expect(cell(text)).toBe(span);
  });

  it.each([
    ['2 packages change (1 upgraded).', '2 packages change (1 upgraded).'],
    ['a *b* _c_', 'a \\*b\\* \\_c\\_'],
    ['1. a', '1\\. a'],
    ['  - a', '\\- a'],
    ['@ann', '@\u2060ann'],
    ['&#64;ann', '\\&#\u206064;ann'],
    ['Https://x.io', 'Https:\u2060//x.io'],
    ['/merge', '\\/merge'],
    [': a', '\\: a'],
    ['[x] a', '\u2060\\[x\\] a'],
    [':+1: b:c:d 10:20', '\\:\u2060+1: b:\u2060c:d 10:20'],
    ['see !12, %1 and ~bug, not 1.2~rc1 or 100%', 'see !\u206012, %\u20601 and \\~\u2060bug, not 1.2\\~rc1 or 100%'],
  ])('%j in a sentence is %j', (text, sentence) => {
    expect(prose(text)).toBe(sentence);
  });

  it.each([
    ['', 3],
    ['``', 3],
    ['```', 4],
    ['a ````` b ``', 6],
  ])('%j is fenced by more backticks than it has', (text, length) => {
    expect(fenceFor(text)).toBe('`'.repeat(length));
  });

  it('may be backticks without number', () => {
    const text = '` '.repeat(500_000);
    expect([code(text).length, cell(text).length, fenceFor(text).length]).toEqual([1_000_006, 1_000_006, 3]);
  });

  it('may make a finding without anything to show', () => {
    const { reference: _, ...finding } = aFinding('unknown', { written: '', reason: '', file: '', proposed: 'x' });
    expect(renderFinding(finding).join('\n')).not.toContain('```');
  });
});

/** The lines that are not between two fences; every fence is closed (CommonMark §4.5). */
function outsideFences(lines: readonly string[]): string[] {
  const outside: string[] = [];
  let fence = '';
  for (const line of lines) {
    const mark = /^ {0,3}(`{3,})(?!.*`)/.exec(line)?.[1] ?? '';
    if (fence === '' && mark === '') outside.push(line);
    else if (fence === '') fence = mark;
    else if (mark.length >= fence.length && line.trim() === mark) fence = '';
  }
  expect(fence).toBe('');
  return outside;
}

/** A line without its code spans (CommonMark §6.1: a run of backticks to the next of equal length), a dot for an escape. */
function bare(line: string): string {
  let rest = '';
  for (let i = 0; i < line.length; ) {
    const run = /^`+/.exec(line.slice(i))?.[0];
    if (run !== undefined) {
      const after = line.slice(i + run.length);
      const close = new RegExp(`(?<!\`)${run}(?!\`)`).exec(after);
      if (close) i += run.length + close.index + run.length;
      else {
        rest += run;
        i += run.length;
      }
    } else if (line[i] === '\\' && /[!-/:-@[-`{-~]/.test(line[i + 1] ?? '')) {
      rest += '·';
      i += 2;
    } else rest += line[i++];
  }
  return rest;
}

/** Cells of a table row: pipes that no backslash escapes, by both readings of `\\|` (cmark-gfm's and markdown-it's). */
function cells(row: string): number {
  const byPairs = row.replace(/\\[!-/:-@[-`{-~]/g, '').split('|').length - 2;
  const byLast = row.split(/(?<!\\)\|/).length - 2;
  expect(byPairs).toBe(byLast);
  return byPairs;
}
