import { describe, expect, it } from 'vitest';
import type { ImageComparison } from '../../../src/core/comparison.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { coloured, plain } from '../../../src/report/render/style.ts';
import { renderPair, renderTerminal } from '../../../src/report/render/terminal.ts';
import { visible } from '../../../src/report/safe/visible.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { aChange, aFinding, aRecord, oneOfEach } from '../../support/findings.ts';
import { hostileFinding, hostileTexts } from '../../support/hostile-texts.ts';

const show = (findings: readonly Finding[], allRows = false): string =>
  renderTerminal(aRecord(findings), { style: plain, allRows });

describe('the report for a terminal', () => {
  it('shows one of each class', () => {
    expect(show(oneOfEach)).toMatchInlineSnapshot(`
      "Dockerfile
        1:6   pin-broken   debian:12@sha256:cba06b5736fa → sha256:ed5eb9a37e2d
              the reason of pin-broken
        2:6   security     debian:12@sha256:cba06b5736fa → sha256:ed5eb9a37e2d
              the reason of security
              ↑ liblzma5    5.4.1-1 → 5.4.1-1+deb12u1  security  on linux/arm64
              + lib2:amd64            2.1
        3:6   packages     debian:12@sha256:cba06b5736fa → sha256:ed5eb9a37e2d held: window
              the reason of packages
              held back: this week’s batch has gone out
              - lib3  3.0
              ↓ lib4  4.0 → 4.1
              ~ lib5  5.0 → 5.1
        4:6   config       debian:12@sha256:cba06b5736fa → sha256:ed5eb9a37e2d
              the reason of config
              Env.NODE_VERSION: 22.3.0 → 22.4.0
              Cmd: (none) → ["sh","-c","a | b"]
        5:6   content      debian:12@sha256:cba06b5736fa → sha256:ed5eb9a37e2d
              the reason of content
              the pin serves one platform only
              a second note
        6:6   unknown      debian:12@sha256:cba06b5736fa
              the reason of unknown
        7:6   rebuild      debian:12@sha256:cba06b5736fa → sha256:ed5eb9a37e2d
              the reason of rebuild
        8:6   no-op        debian:12@sha256:cba06b5736fa → sha256:ed5eb9a37e2d
              the reason of no-op
        9:6   unpinned     debian
        10:6  stale        debian:12@sha256:cba06b5736fa
              the reason of stale
        11:6  lagging      debian:12@sha256:cba06b5736fa
              the reason of lagging
        12:6  newer-tag    debian:12@sha256:cba06b5736fa
              the reason of newer-tag

      other/Dockerfile
        13:6  end-of-life  debian:12@sha256:cba06b5736fa
              the reason of end-of-life

      13 image uses of 1 image in 1 file, for linux/amd64
      1 pin-broken, 1 security, 1 packages, 1 config, 1 content, 1 unknown, 1 rebuild, 1 no-op, 1 unpinned, 1 stale, 1 lagging, 1 newer-tag, 1 end-of-life: a rebuild is needed; 1 of 13 uses could not be looked up
      1 of 13 uses has no digest: there is nothing to compare with and no pull request is possible when their tag moves; "plimsoll update --pin" pins them, --since gives a base line, --versions minor looks for newer tags
      cost: 3 requests, 1 counted pull, 58.2 MB, 2 from cache, 97 of 100 pulls left at docker.io
      "
    `);
  });

  it('says so when everything is up to date', () => {
    const record = aRecord([]);
    const text = renderTerminal(
      { ...record, summary: { ...record.summary, uses: 2 } },
      { style: plain, allRows: false },
    );
    expect(text.split('\n')[1]).toBe('everything is up to date');
  });

  it('lists problems', () => {
    const record = aRecord([], [{ code: 'registry-denied', message: 'it went wrong', subject: 'Dockerfile:3' }]);
    expect(renderTerminal(record, { style: plain, allRows: false })).toContain('problem Dockerfile:3: it went wrong\n');
  });

  it('says nothing twice', () => {
    const named = aRecord([], [{ code: 'registry-denied', message: 'a:1: it went wrong', subject: 'a:1' }]);
    expect(renderTerminal(named, { style: plain, allRows: false })).toContain('problem a:1: it went wrong\n');
    const held = { reason: 'budget', detail: 'no pulls are left' } as const;
    const waiting = show([aFinding('unknown', { held, reason: 'Could not be checked: no pulls are left.' })]);
    expect(waiting.match(/no pulls are left/g)).toHaveLength(1);
  });

  it.each([
    [10, false, 10, undefined],
    [11, false, 11, undefined],
    [12, false, 10, '… and 2 more packages (--all-packages shows them)'],
    [2000, false, 10, '… and 1990 more packages (--all-packages shows them)'],
    [2000, true, 2000, undefined],
  ])('of %i packages (all: %j) shows %i', (number, all, shown, more) => {
    const packages = Array.from({ length: number }, (_, i) => aChange(i));
    const lines = show([aFinding('packages', { packages })], all).split('\n');
    expect(lines.filter((line) => line.includes('↑'))).toHaveLength(shown);
    expect(lines.find((line) => line.includes('…'))?.trim()).toBe(more);
  });

  it('has colours that change nothing but colours', () => {
    const text = renderTerminal(aRecord(oneOfEach), { style: coloured, allRows: false });
    expect(text).toContain('\u001b[1m\u001b[31msecurity\u001b[0m');
    expect(text).toContain('\u001b[33mpackages\u001b[0m');
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(show(oneOfEach));
  });

  it('takes time in proportion to many findings in one file', async () => {
    const many = Array.from({ length: 30_000 }, (_, n) => aFinding('rebuild', { written: `a:${n}` }));
    const time = await cpuTime(() => expect(show(many).split('\n').length).toBeGreaterThan(60_000));
    expect(time).toBeLessThan(3000);
  });

  it('tells what is the same in one file once, with all its lines', () => {
    const at = (line: number, more = {}) => aFinding('packages', { line, column: 6, ...more });
    const shown = show([at(1), at(7), at(9), at(11, { written: 'other:1' }), at(2, { file: 'b/Dockerfile' })]);
    expect(shown.match(/the reason of packages/g)).toHaveLength(3);
    expect(shown).toContain('\n        also at 7:6, 9:6\n');
    expect(show(Array.from({ length: 40 }, (_, n) => at(n + 1)))).toContain('20:6, 21:6, 19 more\n');
  });

  it('names a host that did not answer once, and its images in a line each', () => {
    const problem = { code: 'registry-unreachable', message: 'x: no such host', subject: 'x' } as const;
    const silent = (written: string) =>
      aFinding('unknown', { written, problem, reason: 'Could not be checked: no such host.' });
    const shown = show([silent('a:1'), silent('b:1'), silent('c:1')]);
    expect(shown.match(/no such host/g)).toHaveLength(1);
    expect(shown.match(/^ {2}\S+ +unknown {2}/gm)).toHaveLength(3);
  });

  it('breaks the rows of a narrow terminal where they mean something', () => {
    const row = aChange(1, {
      name: 'libgnutls30',
      security: true,
      severity: 'medium',
      advisories: ['DSA-5867-1', 'CVE-2024-12243'],
    });
    const record = aRecord([
      aFinding('security', { packages: [{ ...row, before: '3.7.9-2+deb12u3', after: '3.7.9-2+deb12u5' }] }),
    ]);
    const lines = (width: number) => renderTerminal(record, { style: plain, allRows: false, width }).split('\n');
    expect(lines(120)).toContainEqual(
      expect.stringMatching(/^ {8}↑ libgnutls30 {2}3\.7.* medium {2}DSA-5867-1, CVE-2024-12243$/),
    );
    expect(lines(60).slice(3, 5)).toEqual([
      '        ↑ libgnutls30  3.7.9-2+deb12u3 → 3.7.9-2+deb12u5',
      '            medium  DSA-5867-1, CVE-2024-12243',
    ]);
    // No digest is broken.
    expect(
      lines(45)
        .slice(1, 3)
        .map((line) => line.replace(/[0-9a-f]{12}$/, '…')),
    ).toEqual(['  2:6   security', '        debian:12@sha256:…']);
    expect(lines(45).slice(4, 6)).toEqual(['        ↑ libgnutls30', '            3.7.9-2+deb12u3 → 3.7.9-2+deb12u5']);
  });
});

it.each([undefined, 60, 30])('paints a pair of images, and says the same without colours, %s columns wide', (width) => {
  const finding = aFinding('security', {
    packages: [1, 2].map((n) => aChange(n, { security: n === 1, severity: 'high', advisories: ['CVE-2024-12243'] })),
    held: { reason: 'window', detail: 'this week’s batch has gone out, and the next one is a week away' },
    notes: ['the pin serves one platform only, and that is not the one that was asked for'],
  });
  const comparison = {
    size: { before: 1, after: 2 },
    layers: { before: 1, after: 1 },
    sharedLayers: 0,
    created: { before: null, after: null },
  } as unknown as ImageComparison;
  const pair = (style: typeof plain) =>
    renderPair(['debian:12', 'debian:13'], finding, comparison, { style, allRows: false, ...(width && { width }) });
  expect(pair(coloured)).toContain('\u001b[31m');
  expect(pair(coloured).replaceAll(/\u001b\[\d+m/g, '')).toBe(pair(plain));
});

describe('text from outside', () => {
  it.each(hostileTexts)('never acts on a terminal: %s', (_name, text) => {
    const finding = hostileFinding(text);
    const harmless = hostileFinding('x');
    const record = aRecord([finding], [{ code: 'registry-denied', message: text, subject: text }]);
    const shown = renderTerminal(record, { style: plain, allRows: true });
    expect(shown).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
    const expected = renderTerminal(aRecord([harmless], [{ code: 'registry-denied', message: 'x', subject: 'x' }]), {
      style: plain,
      allRows: true,
    });
    expect(shown.split('\n')).toHaveLength(expected.split('\n').length);
  });

  it.each([
    ['plain text – ü 🐋', 'plain text – ü 🐋'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['a\nb\r\tc', 'a\\u{a}b\\u{d}\\u{9}c'],
    ['\u009b\u007f', '\\u{9b}\\u{7f}'],
    ['\u202eevil\u2066\u200f\u061c', '\\u{202e}evil\\u{2066}\\u{200f}\\u{61c}'],
    ['\u200b\u2060\ufeff\u00ad', '\\u{200b}\\u{2060}\\u{feff}\\u{ad}'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800x', '\\u{d800}x'],
  ])('%j is shown as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});
