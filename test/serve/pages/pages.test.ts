import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { digestOf } from '../../../src/core/image/digest.ts';
import { renderAnswer } from '../../../src/serve/pages/index.ts';
import { markup } from '../../../src/serve/pages/markup.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';
import { aConfig, aContext, documentAt, pageAt } from '../../support/page-context.ts';
import { imageName, noon, type SeededState, seededState } from '../../support/seeded-state.ts';

const image = (n: number, text = ''): string => `/images/${encodeURIComponent(imageName(n, text).toWellFormed())}`;
const lists = ['/', '/images', '/packages', '/repositories', '/workloads', '/news', '/runs', '/channels', '/settings'];

let state: SeededState;
beforeAll(async () => {
  state = await seededState({ images: 24, uses: 120, days: 60 });
});
afterAll(() => state.close());

/** What a reader of the page can follow, and what a browser would load. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\b(?:href|action|formaction|src)="([^"]*)"/g)].map(([, to = '']) =>
    to.replaceAll('&amp;', '&'),
  );
}

describe('all pages', () => {
  it('lead to pages that are there, each within a hundred kilobytes and with nothing that the policy forbids', async () => {
    const waiting = [...lists];
    const seen = new Set(waiting);
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      const { page, params, query } = pageAt(address);
      const { status, text } = await renderAnswer(page, aContext(state.store, { params, query }));
      expect(status, address).toBe(200);
      expect(text.length, address).toBeLessThan(100_000);
      expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(text).toMatch(/<title>[^<]+ · Plimsoll<\/title>/);
      expect(text).not.toMatch(/<script|\sstyle=|\son\w+=|javascript:|undefined|\[object/);
      for (const link of linksOf(text)) {
        if (/^(#|\/assets\/|\/act\/|https:)/.test(link) || seen.has(link)) continue;
        seen.add(link);
        waiting.push(link);
      }
    }
    expect(seen.size).toBeGreaterThan(150);
  });

  it('keep the space between two words, whoever puts them together', () => {
    const words = ['a', ' and ', 'b', false, ' or more'];
    expect(`${markup`<p>${words}</p>`}`).toBe('<p>a and b or more</p>');
  });

  it('say where they are, and that the newest configuration is not in force', async () => {
    for (const address of lists) {
      const daemon = { version: '1', started: noon, refused: 'plimsoll.yml:3: <b>no</b>' };
      const text = await documentAt(address, state.store, { daemon });
      expect(text.match(/aria-current="page"/g)).toHaveLength(1);
      expect(text).toContain('<a class="skip" href="#main">');
      expect(text).toContain('plimsoll.yml:3: &lt;b&gt;no&lt;/b&gt;');
      expect(text.match(/<h1>/g)).toHaveLength(1);
    }
  });

  it('have forms that change something only for who may', async () => {
    for (const address of ['/news', image(1)]) {
      expect(await documentAt(address, state.store, { mayAct: true })).toContain('method="post"');
      expect(await documentAt(address, state.store, { mayAct: false })).not.toContain('method="post"');
    }
  });

  it('of an empty state say that nothing is known', async () => {
    const empty = await seededState({ images: 0, uses: 0 });
    for (const address of lists) {
      const text = await documentAt(address, empty.store);
      expect(text).not.toMatch(/up to date|nothing is behind/i);
    }
    await empty.close();
  });

  it.each(['/images/nobody', '/repositories/nobody', '/runs/999999', '/runs/x', '/packages?name=openssl&version=0'])(
    '%s is not there',
    async (address) => {
      const { page, params, query } = pageAt(address);
      expect((await renderAnswer(page, aContext(state.store, { params, query }))).status).toBe(404);
    },
  );
});

describe('a hostile name', () => {
  it.each(hostileTexts)('%s: is text on every page', async (_what, text) => {
    if (text === '') return;
    const hostile = await seededState({ images: 3, uses: 9, text });
    const name = encodeURIComponent(text.toWellFormed());
    const config = aConfig({ repositories: [text], titles: { x: text }, include: [text], snooze: [] });
    const daemon = { version: '1', started: noon, refused: text };
    const pages = [
      ...lists,
      image(0, text),
      image(1, text),
      `/packages?name=${name}`,
      `/packages?name=${name}&version=${name}`,
      `/repositories/${name}`,
      `/workloads?engine=${name}`,
      `/workloads/${name}/${name}`,
      `/workloads/${name}/${name}?confirm=redeploy`,
      `/search?q=${name}`,
      `/images?q=${name}&repository=${name}&class=${name}`,
      '/runs/1',
    ];
    for (const address of pages) {
      const page = await documentAt(address, hostile.store, { config, configFile: text, daemon });
      // Nothing but what the page wrote itself is markup, and no character moves the rest around.
      const markup = /<(?:script|b>no|img src=x|!--|\/details><\/sub)/.exec(page.replace('<!doctype html>', ''));
      expect(markup?.[0], address).toBeUndefined();
      const moved = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.exec(page.replaceAll('\n', ''));
      expect(moved?.[0].codePointAt(0), address).toBeUndefined();
      for (const link of linksOf(page))
        expect(link, address).toMatch(/^(#main$|\/|https:\/\/(www\.cve\.org|forge\.example))/);
    }
    await hostile.close();
  });

  it('of four kilobytes takes no page over its size by much', async () => {
    const long = await seededState({ images: 3, uses: 9, text: 'x'.repeat(4000) });
    for (const address of lists) expect((await documentAt(address, long.store)).length).toBeLessThan(100_000);
    await long.close();
  });
});

describe('the fleet', () => {
  it('says how it stands, since when that is known, and what is most urgent', async () => {
    const text = await documentAt('/', state.store);
    expect(text).toContain('<h1>15 urgent findings in 24 images</h1>');
    expect(text).toContain('120 uses of 24 images, as of 2026-11-29');
    expect(text).toContain('<title id="drift-title">Findings by day</title>');
    expect(text).toMatch(/Most urgent[\s\S]*pin-broken[\s\S]*security/);
    expect(text).toContain('<dt>Next run</dt><dd><time datetime="2026-11-29T13:00:00.000Z">');
    expect(text).toMatch(/docker\.io<\/th><td class="number" data-label="Left">61</);
  });
});

describe('an image', () => {
  it('is named when nobody could look at it, and never called up to date', async () => {
    const text = await documentAt(image(3), state.store);
    expect(text).not.toMatch(/up to date/i);
  });

  it('shows what differs between its two newest digests', async () => {
    const text = await documentAt(image(1), state.store);
    expect(text).toMatch(/4 packages of 12 differ/);
    expect(text).toMatch(/openssl<\/th><td class="text" data-label="Change"><span class="kind">upgraded<\/span>/);
  });

  it('says what is not kept, and takes it for no equality', async () => {
    const from = digestOf('never seen');
    const text = await documentAt(`${image(1)}?from=${from}`, state.store);
    expect(text).toMatch(
      /What <code class="kind">sha256:[0-9a-f]{12}<\/code> stood for is not kept: no difference can be told/,
    );
    expect(text).not.toMatch(/the same on both sides/);
  });

  it('compares nothing else where what is asked for is no digest', async () => {
    const text = await documentAt(`${image(1)}?from=x&to=<script>`, state.store);
    expect(text).toContain('&quot;&lt;script&gt;&quot; is no digest');
    expect(text).not.toMatch(/packages of 12 differ/);
  });

  it('says why there is no pull request, with the line of the key', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-pages-'));
    const configFile = path.join(folder, 'plimsoll.yml');
    writeFileSync(
      configFile,
      'version: 1\nrepositories:\n  - path: .\nrules:\n  - match: { image: "node*" }\n    react:\n      [propose, alert]\n  - match: { class: [rebuild] }\n    react: [record]\n',
    );
    const config = loadConfig(configFile, 'operator', {});
    // The sixth image is built again.
    const text = await documentAt(image(6), state.store, { config, configFile });
    expect(text).toContain('A rule says so: &quot;rules.1.react&quot; (line 9) has only record it.');
    // What is in the file is not in force: its lines are of something else.
    const daemon = { version: '1', started: noon, refused: 'no' };
    const refused = await documentAt(image(6), state.store, { config: { ...config }, configFile, daemon });
    expect(refused).toContain('A rule says so: rules.1.react has only record it.');
    rmSync(folder, { recursive: true });
  });
});

describe('a run', () => {
  it('is asked for again only until it has ended', async () => {
    const { store, close } = await seededState({ images: 1, uses: 1 });
    const again = '<meta http-equiv="refresh" content="5">';
    const running = { since: noon + 900, trigger: 'person', scope: 'targets' as const };
    const daemon = { version: '1', started: noon, running };
    const id = await store.queueRun({ trigger: 'person', at: noon });
    const queued = await documentAt(`/runs/${id}`, store);
    expect(queued).toContain(again);
    expect(queued).toContain('not begun yet');
    await store.beginRun(id, noon + 1000);
    expect(await documentAt(`/runs/${id}`, store, { daemon })).toContain(again);
    // Nobody runs it: it was killed. Nor is it the one that is under way long after.
    const later = { ...daemon, running: { ...running, since: noon + 3_600_000 } };
    for (const text of [
      await documentAt(`/runs/${id}`, store),
      await documentAt(`/runs/${id}`, store, { daemon: later }),
    ]) {
      expect(text).not.toContain(again);
      expect(text).toContain('not ended: under way, or killed');
    }
    await store.endRun(id, { finishedAt: noon + 5000, outcome: 'aborted', exit: 143 });
    const ended = await documentAt(`/runs/${id}`, store, { daemon });
    expect(ended).not.toContain(again);
    expect(ended).toContain('stopped before its end');
    await close();
  });
});

describe('settings', () => {
  it('name what matches nothing, as far as the state knows', async () => {
    const config = aConfig({
      rules: [
        { match: { image: 'node*' }, react: ['ignore'] },
        { match: { image: 'nod*', file: 'nowhere/*', repository: 'nobody/*' } },
        { match: { image: 'postgres*', engine: 'nas' } },
      ],
      snooze: [{ kind: 'image', value: 'node*', until: noon - 1 }],
    });
    const text = await documentAt('/settings', state.store, { config });
    const [, list = ''] = text.split('Does nothing');
    expect([...list.matchAll(/<li><code>([^<]+)/g)].map(([, key]) => key)).toEqual(['rules.2.match.image', 'snooze.0']);
    expect(await documentAt('/settings', state.store)).not.toContain('Does nothing');
  });

  it('show no secret, whatever key it stands under', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-canary-'));
    const canary = 'CANARY-7f3a';
    const pem = (kind: string): string => `-----BEGIN ${kind}-----\n${canary}\n-----END ${kind}-----\n`;
    for (const name of ['ca', 'cert', 'key']) writeFileSync(path.join(folder, `${name}.pem`), pem(name.toUpperCase()));
    const configFile = path.join(folder, 'plimsoll.yml');
    writeFileSync(
      configFile,
      `version: 1
repositories: [{ path: . }]
heartbeat: '\${CANARY}'
registries:
  registry.example:
    username: someone
    password: '\${CANARY}'
    mirror: https://mirror.example/hub
    ca: ca.pem
    cert: cert.pem
    key: key.pem
archives:
  mirrors: { 'http://archive.example': 'https://mirror.example/debian?token=${canary}' }
engines:
  - { name: nas, host: 'tcp://nas:2376', tls: { ca: ca.pem, cert: cert.pem, key: key.pem } }
notify:
  - { name: ops, type: slack, url: '\${CANARY}' }
serve:
  auth: { type: token, read: '\${CANARY}', act: '\${CANARY}', metrics: '\${CANARY}' }
  hooks: { github: '\${CANARY}' }
`,
    );
    const config = loadConfig(configFile, 'operator', { CANARY: `https://hooks.slack.com/services/${canary}` });
    for (const address of [...lists, image(1)]) {
      expect(await documentAt(address, state.store, { config, configFile }), address).not.toContain(canary);
    }
    const text = await documentAt('/settings', state.store, { config, configFile });
    expect(text).toContain('password: ***');
    expect(text).toContain('username: someone');
    expect(text).toContain('https://mirror.example/debian?***');
    expect(text).toContain('heartbeat: ***');
    expect(text).toContain('maxAge: 6h');
    expect(text).toContain('github: ***');
    expect(text).toMatch(/\n {2}- \w+: \w+\n(?: {4}\w+: \S+\n)* {4}name: nas\n/);
    rmSync(folder, { recursive: true });
  });
});

describe('a stale image', () => {
  it('says on every page that has it how its rebuild stands, and where that is built', async () => {
    const { items } = await state.store.memory.findings({ class: 'stale' });
    const { reference = '', repository = '' } = items[0] ?? {};
    const said = '<b>Rebuild of registry.example/acme/app:1:</b> asked for <time datetime="2026-11-28T12:00:00.000Z">';
    const name = encodeURIComponent(reference);
    for (const address of [`/images/${name}`, `/repositories/${encodeURIComponent(repository)}`, '/news']) {
      const text = await documentAt(address, state.store);
      expect(text, address).toContain(said);
      expect(text).toContain(
        '<a href="https://forge.example/acme/app/actions/7" rel="noreferrer">where it is built</a>',
      );
    }
    expect(await documentAt(`/images/${name}`, state.store)).toContain('built on debian:12: acme/base rebuilt');
  });
});
