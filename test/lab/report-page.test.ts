import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { renderHtml } from '../../src/report/render/html.ts';
import { aChange, aFinding, aRecord } from '../support/findings.ts';
import { installDebianPackages } from './support/debian-packages.ts';

/* The HTML report in a real browser: nothing beyond its edge, no text upon another, nothing that axe complains about. */

let browser: Browser;
let folder: string;
beforeAll(async () => {
  installDebianPackages(['chromium', 'fonts-dejavu-core']);
  folder = mkdtempSync(path.join(inject('lab').folder, 'pages-'));
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}, 600_000);
afterAll(() => browser?.close());

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kinds = ['security', 'packages', 'lagging', 'config', 'pin-broken', 'end-of-life', 'unknown', 'rebuild'] as const;

function findings(length: number): Finding[] {
  return Array.from({ length }, (_, i) =>
    aFinding(kinds[i % kinds.length] ?? 'packages', {
      reference: {
        registry: i % 3 === 0 ? 'docker.io' : 'registry.corp.example:5000',
        repository: i % 3 === 0 ? `library/app${i}` : `platform-team/very/deep/path/of-folders/service-number-${i}`,
        tag: `1.${i}.0-bookworm-slim-with-a-long-tag`,
      },
      packages: Array.from({ length: (i * 7) % 60 }, (_item, n) =>
        aChange(n, {
          name: `lib-of-a-long-name-${n}`,
          security: n % 4 === 0,
          advisories: ['CVE-2024-56406', 'DSA-5900-1'],
        }),
      ),
      since: new Date(Date.parse('2026-11-20T06:00:00Z') - (i % 50) ** 2 * 10_800_000).toISOString(),
    }),
  );
}

interface Measured {
  /** Pixels by which the page is wider than the window. */
  readonly beyond: number;
  readonly texts: number;
  /** Pairs of texts of a plot that share a pixel. */
  readonly upon: readonly string[];
  /** Texts of a plot that the window cuts. */
  readonly outside: readonly string[];
}

/** Runs in the browser; half a pixel is none. */
const measure = `(() => {
  const texts = [...document.querySelectorAll('svg')].flatMap((svg) =>
    [...svg.querySelectorAll('text')]
      .map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0)
      .map((one, i, all) => ({ ...one, rest: all.slice(i + 1) })),
  );
  const meet = (a, b) =>
    a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  return {
    beyond: document.documentElement.scrollWidth - innerWidth,
    texts: texts.length,
    upon: texts.flatMap(({ text, box, rest }) => rest.filter((one) => meet(box, one.box)).map((one) => text + ' / ' + one.text)),
    outside: texts.filter(({ box }) => box.left < -0.5 || box.right > innerWidth + 0.5).map(({ text }) => text),
  };
})()`;
const judge = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`;

const views = [
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
] as const;
const pages = [1, 2, 50, 500].flatMap((length) => views.map((view) => ({ length, ...view })));

it.each(pages)('of $length findings, $width px wide, $scheme', async ({ length, width, scheme }) => {
  const file = path.join(folder, `${length}.html`);
  writeFileSync(file, renderHtml(aRecord(findings(length))));
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  await page.goto(`file://${file}`);
  const seen = await page.evaluate<Measured>(measure);
  await page.close();
  expect(seen).toMatchObject({ beyond: 0, upon: [], outside: [] });
  expect(said).toEqual([]);
  expect(seen.texts > 0).toBe(length > 1);
});

it.each(views)('is usable by everybody, $width px wide, $scheme', async ({ width, scheme }) => {
  const file = path.join(folder, 'axe.html');
  writeFileSync(file, renderHtml(aRecord(findings(20))));
  // axe brings more than the page allows to anybody.
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true });
  await page.goto(`file://${file}`);
  await page.evaluate(axe);
  expect(await page.evaluate<string[]>(judge)).toEqual([]);
  await page.close();
});
