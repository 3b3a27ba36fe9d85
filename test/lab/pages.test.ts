import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { assets, renderAnswer } from '../../src/serve/pages/index.ts';
import { exportedName } from '../../src/serve/pages/links.ts';
import { exportedFiles } from '../../src/serve/pages/static-export.ts';
import { aContext, pageAt } from '../support/page-context.ts';
import { imageName, noon, type SeededState, seededState } from '../support/seeded-state.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { writeImage } from './support/pictures/written-image.ts';

/*
 * The pages in a real browser, behind the policy that serve sends, and as files: nothing beyond the window's edge, no text
 * upon another, nothing that axe complains about, no word on the console, all of it by keyboard. PLIMSOLL_WRITE_GOLDEN=1
 * writes the pictures of docs/images.
 */

const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

let browser: Browser;
let state: SeededState;
let server: Server;
let base: string;
let folder: string;
beforeAll(async () => {
  installDebianPackages(['chromium', 'fonts-dejavu-core']);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  state = await seededState({ images: 120, uses: 600, days: 400 });
  server = createServer((request, response) => {
    const asset = assets.find(({ path: at }) => at === request.url);
    response.setHeader('content-security-policy', policy);
    if (asset !== undefined) {
      response.setHeader('content-type', asset.type);
      response.end(asset.body);
      return;
    }
    const { page, params, query } = pageAt(request.url ?? '/');
    const refused = page.path === '/channels' ? 'plimsoll.yml:3: rules.0: unknown key' : undefined;
    const daemon = { version: '1.2.3', started: noon, next: noon + 3_600_000, ...(refused && { refused }) };
    renderAnswer(page, aContext(state.store, { params, query, daemon })).then(
      ({ status, text }) => {
        response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
        response.end(text);
      },
      (error: unknown) => {
        response.writeHead(500);
        response.end(String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(path.join(inject('lab').folder, 'export-'));
  mkdirSync(folder, { recursive: true });
  for await (const { name, text } of exportedFiles(aContext(state.store))) writeFileSync(path.join(folder, name), text);
}, 600_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
  await state?.close();
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const judge = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`;

interface Measured {
  readonly beyond: number;
  readonly upon: readonly string[];
  readonly outside: readonly string[];
}

/** Runs in the browser; half a pixel is none. */
const measure = `(() => {
  const texts = [...document.querySelectorAll('svg text')]
    .map((one) => ({ text: one.textContent, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0)
    .map((one, i, all) => ({ ...one, rest: all.slice(i + 1) }));
  const meet = (a, b) =>
    a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  return {
    beyond: document.documentElement.scrollWidth - innerWidth,
    upon: texts.flatMap(({ text, box, rest }) => rest.filter((one) => meet(box, one.box)).map((one) => text + ' / ' + one.text)),
    outside: texts.filter(({ box }) => box.left < -0.5 || box.right > innerWidth + 0.5).map(({ text }) => text),
  };
})()`;

const image = `/images/${encodeURIComponent(imageName(3))}`;
const addresses = [
  '/',
  '/images',
  image,
  '/packages',
  '/packages?name=openssl',
  '/packages?name=nobody',
  '/repositories',
  '/repositories/acme%2Fapp-3',
  '/workloads',
  '/workloads/nas/shop-web-1',
  '/workloads/nas/shop-web-1?confirm=rollback',
  '/workloads/nas/nobody',
  '/news',
  '/runs',
  '/runs/1',
  '/runs/nobody',
  '/channels',
  '/settings',
  '/search?q=node',
];
const views = [320, 390, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => ({ width, scheme })));

async function look(url: string, { width, scheme }: (typeof views)[number]): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('requestfailed', (request) => said.push(request.url()));
  const answer = await page.goto(url);
  const seen = await page.evaluate<Measured>(measure);
  // The browser's own word about a page that is not there.
  expect(said.filter((text) => answer?.status() !== 404 || !text.includes('404'))).toEqual([]);
  expect(seen).toEqual({ beyond: 0, upon: [], outside: [] });
  expect(await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).toBe('1200px');
  await page.close();
  // At 390 a page is laid out as at 320. axe brings more than the page allows to anybody.
  if (width === 390) return;
  const judged = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true });
  await judged.goto(url);
  await judged.evaluate(axe);
  expect(await judged.evaluate<string[]>(judge)).toEqual([]);
  await judged.close();
}

describe.each(addresses)('%s', (address) => {
  it.each(views)('$width px wide, $scheme', (view) => look(`${base}${address}`, view));
});

// The newest of the runs on the days that have one.
const exported = ['/', '/images', image, '/packages', '/news', '/runs', '/runs/348'].map(
  (address) => exportedName(address) ?? '',
);

describe.each(exported)('as a file: %s', (name) => {
  it.each(views)('$width px wide, $scheme', (view) => look(`file://${folder}/${name}`, view));
});

it('is read by keyboard alone: first to the content, then from link to link', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${base}/`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/images\?class=/);
  await page.goto(`${base}/`);
  await page.focus('#search');
  await page.keyboard.type('node');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/search\?q=node$/);
  await page.close();
});

it('leads from page to page as files, too', async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`file://${folder}/index.html`);
  await page.click('table a');
  expect(page.url()).toMatch(/^file:\/\/.*\/image-[\w.-]+\.html$/);
  await page.click('nav a[href="runs.html"]');
  expect(page.url()).toMatch(/\/runs\.html$/);
  await page.close();
});

it('is painted for the documentation', async () => {
  const paint = async (name: string, url: string, width: number, scheme: 'light' | 'dark', height: number) => {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.goto(url);
    const picture = await page.screenshot();
    if (process.env['PLIMSOLL_WRITE_GOLDEN'] === '1') writeImage(name, picture);
    // One colour alone would be far smaller.
    expect(picture.length).toBeGreaterThan(20_000);
    await page.close();
  };
  await paint('serve-fleet.png', `${base}/`, 1280, 'light', 940);
  await paint('serve-image.png', `${base}${image}`, 1280, 'dark', 1240);
  await paint('serve-telephone.png', `${base}/images`, 390, 'light', 800);
});
