import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DiscordPayload } from '../../src/notify/discord/discord-render.ts';
import type { SlackPayload } from '../../src/notify/slack/slack-render.ts';
import { sampleMessages } from '../../src/report/say/message-samples.ts';
import { openChannel } from '../support/channels/channel.ts';
import { httpServices } from '../support/channels/services.ts';
import { installDebianPackages } from './support/debian-packages.ts';
import { discordWindow } from './support/pictures/discord-window.ts';
import { forgePage } from './support/pictures/forge-page.ts';
import { type PicturedFleet, startPicturedFleet } from './support/pictures/pictured-fleet.ts';
import { slackWindow } from './support/pictures/slack-window.ts';
import { terminalWindow, tooWide } from './support/pictures/terminal-window.ts';
import { writeImage } from './support/pictures/written-image.ts';

/*
 * What people see outside of pages, drawn: the terminal, messages, the mail, a pull request, all as the demo's fleet makes
 * them. Nothing is wider than its window, no link is without words, and nothing stands on the console. LAB_PICTURES=FOLDER
 * keeps every picture, to be looked at; PLIMSOLL_WRITE_GOLDEN=1 writes those of docs/images.
 */

const kept = process.env['LAB_PICTURES'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const judge = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`;
/** Runs in the browser. What scrolls by itself is no wider than its window. */
const measure = `({
  beyond: document.documentElement.scrollWidth - innerWidth,
  wordless: [...document.querySelectorAll('a')].filter((one) => one.textContent.trim() === '').map((one) => one.outerHTML),
  cut: [...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).overflowX === 'hidden' && one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML),
})`;

let browser: Browser;
let fleet: PicturedFleet;
beforeAll(async () => {
  installDebianPackages(['chromium', 'fonts-dejavu-core', 'cmark-gfm', 'bsdutils']);
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  fleet = await startPicturedFleet(mkdtempSync(path.join(inject('lab').folder, 'pictures-')));
  if (kept !== undefined) mkdirSync(kept, { recursive: true });
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await fleet?.close();
});

interface View {
  readonly width: number;
  readonly scheme?: 'light' | 'dark';
  /** HTML of ours, not of who shows it. */
  readonly isOurs?: boolean;
  /** Under docs/images, cut to so many pixels from above. */
  readonly image?: { readonly name: string; readonly height: number };
}

async function draw(
  name: string,
  html: string,
  { width, scheme = 'light', isOurs = false, image }: View,
): Promise<void> {
  const page = await browser.newPage({ viewport: { width, height: 600 }, colorScheme: scheme });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('requestfailed', (request) => said.push(request.url()));
  await page.setContent(html);
  if (kept !== undefined)
    await page.screenshot({ path: path.join(kept, `${name}-${width}-${scheme}.png`), fullPage: true });
  if (image !== undefined && process.env['PLIMSOLL_WRITE_GOLDEN'] === '1') {
    const clip = { x: 0, y: 0, width, height: image.height };
    writeImage(image.name, await page.screenshot({ clip, fullPage: true }));
  }
  expect(await page.evaluate(measure)).toEqual({ beyond: 0, wordless: [], cut: [] });
  expect(said).toEqual([]);
  if (isOurs) {
    await page.evaluate(axe);
    expect(await page.evaluate<string[]>(judge)).toEqual([]);
  }
  await page.close();
}

describe.each([60, 100])('a terminal of %i columns', (columns) => {
  const config = ['--config', 'plimsoll.yml'];
  const state = ['--state', 'state.db'];
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['check', ['fleet'], config],
    ['status', [], state],
    ['where', ['openssl'], state],
    ['history', ['debian:12-slim'], state],
    ['diff', ['OLD', ':12-slim'], config],
    ['update', ['--dry-run', 'fleet'], config],
    ['pending', ['redis:7'], config],
    ['doctor', [], [...config, ...state]],
    ['demo', [], []],
  ])('shows %s whole', async (command, words, hidden) => {
    const typed = words.map((word) => word.replace('OLD', fleet.debianPin));
    const printed = await fleet.terminal([command, ...typed, ...hidden], columns);
    const shown = ['plimsoll', command, ...words.map((word) => word.replace('OLD', 'debian:12-slim@sha256:88e2…'))];
    const width = Math.ceil(columns * 8.43) + 24;
    const image = command === 'diff' && columns === 100 ? { image: { name: 'terminal.png', height: 345 } } : {};
    await draw(command, terminalWindow(shown.join(' '), printed, columns), { width, ...image });
    expect(printed.split('\n').length).toBeGreaterThan(5);
    // A patch is for programs.
    if (command !== 'update') expect(tooWide(printed, columns)).toEqual([]);
  });
});

async function samples(type: string): Promise<readonly unknown[]> {
  const service = httpServices.find((one) => one.type === type);
  const channel = await openChannel(type, service?.options('http://127.0.0.1:9') ?? {});
  const parts = sampleMessages().flatMap((message) => channel.render(message));
  await channel.close();
  return parts.map(({ payload }) => payload);
}

describe.each([390, 800])('a window of %i pixels', (width) => {
  it('shows what Discord got', async () => {
    const image = width === 800 ? { image: { name: 'discord.png', height: 1030 } } : {};
    expect(fleet.discord.length).toBeGreaterThan(0);
    await draw('discord', discordWindow(fleet.discord), { width, ...image });
    await draw('discord-samples', discordWindow((await samples('discord')) as DiscordPayload[]), { width });
  });

  it('shows what Slack got', async () => {
    const image = width === 800 ? { image: { name: 'slack.png', height: 780 } } : {};
    expect(fleet.slack.length).toBeGreaterThan(0);
    await draw('slack', slackWindow(fleet.slack), { width, ...image });
    await draw('slack-samples', slackWindow((await samples('slack')) as SlackPayload[]), { width });
  });

  it.each(['light', 'dark'] as const)('shows the mail, %s', async (scheme) => {
    expect(fleet.mail.html).toContain('debian:12-slim');
    const image = width === 800 && scheme === 'light' ? { image: { name: 'mail.png', height: 1020 } } : {};
    await draw('mail', fleet.mail.html, { width, scheme, isOurs: true, ...image });
  });
});

it.each([390, 1000])('shows a pull request, %i pixels wide', async (width) => {
  const demo = await fleet.piped(['demo']);
  const [, title = ''] = /^[0-9a-f]{7} \(plimsoll\/\S+\) (.*)$/m.exec(demo) ?? [];
  const [, text = ''] = /What the first of them says:\n\n([\s\S]*?)\n\n── /.exec(demo) ?? [];
  expect(text).toContain('| Package |');
  const image = width === 1000 ? { image: { name: 'pull-request.png', height: 1130 } } : {};
  await draw('pull-request', forgePage(title, text.replace(/^ {2}/gm, '')), { width, ...image });
});
