import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findingClasses } from '../../../src/core/finding.ts';
import { renderHtml } from '../../../src/report/render/html.ts';
import { aChange, aFinding, aRecord, oneOfEach } from '../../support/findings.ts';
import { hostileFinding, hostileTexts } from '../../support/hostile-texts.ts';

/** The tags of a page, without their attributes. */
const tagsOf = (html: string): string[] =>
  [...html.matchAll(/<\/?([a-z0-9]+)[\s>]/gi)].map(([, name = '']) => name.toLowerCase());

const redis = { registry: 'docker.io', repository: 'library/redis', tag: '7' };

describe('the HTML report', () => {
  const page = renderHtml(aRecord(oneOfEach));

  it('is one page that fetches and runs nothing', () => {
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(script|img|link|iframe|object|form)|\son\w+=|\ssrc=|url\(|@import/i);
    expect(page).toContain('prefers-color-scheme:dark');
    const [, style = ''] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
    expect(page).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page).not.toMatch(/\sstyle=/);
  });

  it('begins with the answer, and names every class', () => {
    expect(page).toContain('<h1>A rebuild is needed; 1 of 13 uses could not be looked up</h1>');
    for (const kind of findingClasses) expect(page).toContain(kind);
    expect(page).toContain('the reason of security');
    expect(page).toContain('Cost: 3 requests');
  });

  it('says how many lines to write it does not show', () => {
    const findings = Array.from({ length: 25 }, (_, line) =>
      aFinding('packages', {
        line: line + 1,
        edits: [{ file: 'Dockerfile', line: line + 1, before: 'a', after: `FROM x AS s${line}` }],
      }),
    );
    expect(renderHtml(aRecord(findings))).toContain('… and 5 more lines; "plimsoll update" writes them all');
    expect(renderHtml(aRecord(findings.slice(0, 20)))).not.toContain('more lines');
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    const alone = new Set(['meta']);
    for (const [, slash, name = '', self] of page.matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/gi)) {
      if (alone.has(name) || self === '/') continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('draws how far behind each image is, the worst first', () => {
    const packages = [aChange(1, { security: true }), aChange(2), aChange(3)];
    const html = renderHtml(
      aRecord([aFinding('packages', { packages: [aChange(9)] }), aFinding('security', { reference: redis, packages })]),
    );
    const titles = [...html.matchAll(/<g><title>([^<]*)<\/title>/g)].map(([, title]) => title);
    expect(titles).toEqual(['redis:7: 3, 1 security', 'debian:12: 1']);
  });

  it('measures a broken pin by nothing but its packages, beside the words', () => {
    const html = renderHtml(
      aRecord([aFinding('pin-broken'), aFinding('packages', { reference: redis, packages: [aChange(9)] })]),
    );
    const [broken = '', other = ''] = [...html.matchAll(/<g>.*?<\/g>/g)].map(([row]) => row);
    expect(broken).toContain('<text class="bad" x="100%" y="14" text-anchor="end">the next build fails</text></g>');
    expect(other).toContain('<rect class="news" x="0%" y="58" width="100%"');
  });

  it('draws since when things are known, where that is more than today', () => {
    const days = (n: number): string => new Date(Date.parse('2026-11-20T12:00:00Z') - n * 86_400_000).toISOString();
    const aged = (since: readonly number[]): string =>
      renderHtml(
        aRecord(
          since.map((n, i) =>
            aFinding(i % 2 ? 'security' : 'config', { reference: { ...redis, tag: `${i}` }, since: days(n) }),
          ),
        ),
      );
    expect(aged([0, 0.9])).not.toContain('Since when');
    expect(renderHtml(aRecord([aFinding('security')]))).not.toContain('Since when');
    const rows = [...aged([-3, 0.5, 1, 7, 8, 30, 31, 91, 4000]).matchAll(/<th scope="row">([^<]*)<\/th>(.*?)<\/tr>/g)];
    expect(rows.map(([, name, cells = '']) => [name, ...cells.matchAll(/\d+/g)].map(String))).toEqual([
      ['today', '1', '0', '1', '2'],
      ['1 to 7 days', '1', '0', '1', '2'],
      ['8 to 30 days', '1', '0', '1', '2'],
      ['31 to 90 days', '0', '0', '1', '1'],
      ['over 90 days', '1', '0', '1', '2'],
    ]);
  });

  it('links advisories, and places on a forge', () => {
    const repository = {
      forge: 'github',
      id: '1',
      name: 'org/a',
      branch: 'main',
      commit: 'c0ffee',
      lines: 'https://github.example/org/a/blob/c0ffee/{file}#L{line}',
      url: 'https://github.example/org/a',
    };
    const html = renderHtml(
      aRecord([
        aFinding('security', {
          repository,
          packages: [aChange(1, { security: true, advisories: ['DSA-1-1', 'odd"id'] })],
        }),
      ]),
    );
    expect(html).toContain('<a href="https://security-tracker.debian.org/tracker/DSA-1-1">DSA-1-1</a>, odd&quot;id');
    expect(html).toMatch(
      /<a href="https:\/\/github\.example\/org\/a\/blob\/c0ffee\/Dockerfile#L\d+"><code>org\/a\/Dockerfile/,
    );
  });

  it.each(hostileTexts)('keeps text from outside text: %s', (_name, text) => {
    const html = renderHtml(
      aRecord([hostileFinding(text)], [{ code: 'registry-denied', message: text, subject: text }]),
    );
    expect(html).not.toMatch(/<script|onerror=y>|<img/);
    const plain = renderHtml(
      aRecord([hostileFinding('plain')], [{ code: 'registry-denied', message: 'x', subject: 'x' }]),
    );
    expect(tagsOf(html)).toEqual(tagsOf(plain));
    expect(html.replaceAll('\n', '')).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\u0000-\u001f\u007f-\u009f]/u);
  });

  it('cuts what nobody reads', () => {
    const packages = Array.from({ length: 20_000 }, (_, n) => aChange(n));
    const html = renderHtml(aRecord([aFinding('packages', { packages })]));
    expect(html).toContain('… and 19,500 more');
    expect(html.length).toBeLessThan(200_000);
  });
});
