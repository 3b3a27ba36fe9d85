import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Secret } from '../../src/core/secret.ts';
import { aRun, b, debian, look, stored } from '../contract/store.ts';
import { actToken, ask, metricsToken, startDaemon, type TestDaemon, tokens } from '../support/daemon.ts';
import { installDebianPackages } from './support/debian-packages.ts';

/* The daemon as what stands around it sees it: Prometheus with the alerts of deploy/, nginx as the proxy that knows people, and Chromium. */

const rules = path.join(import.meta.dirname, '../../deploy/prometheus');
let folder: string;
const stops: (() => Promise<void>)[] = [];
beforeAll(() => {
  installDebianPackages(['prometheus', 'nginx-light']);
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-lab-serve-'));
  // nginx reads the names of people as nobody.
  chmodSync(folder, 0o755);
}, 300_000);
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(folder, { recursive: true, force: true });
});

async function seeded(...settings: Parameters<typeof startDaemon>): Promise<TestDaemon> {
  const daemon = await startDaemon(...settings);
  stops.push(() => daemon.close());
  const run = await daemon.store.recordRun(aRun(daemon.now - 60_000, { looks: [look(b)], findings: [stored(['n'])] }));
  await daemon.store.endRun(run, { finishedAt: daemon.now - 30_000, outcome: 'done', exit: 0 });
  return daemon;
}

/** A program that runs until the end of the tests. */
function start(program: string, words: readonly string[]): void {
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  stops.push(async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended early: ${said.slice(-2000)}`);
    child.kill('SIGTERM');
    await ended;
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('Prometheus', () => {
  it('finds nothing wrong with the metrics', async () => {
    const daemon = await seeded({ auth: tokens });
    const { text } = await daemon.ask('GET', '/metrics', { headers: { authorization: `Bearer ${metricsToken}` } });
    const output = execFileSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(output).toBe('');
  });

  it('finds the alerts in order, and firing when they should', () => {
    const check = execFileSync('promtool', ['check', 'rules', path.join(rules, 'plimsoll.rules.yml')], {
      encoding: 'utf8',
    });
    const { groups } = parse(readFileSync(path.join(rules, 'plimsoll.rules.yml'), 'utf8'));
    expect(check).toContain(`SUCCESS: ${groups[0].rules.length} rules found`);
    const test = execFileSync('promtool', ['test', 'rules', 'plimsoll.rules.test.yml'], {
      cwd: rules,
      encoding: 'utf8',
    });
    expect(test).toContain('SUCCESS');
  });

  it('scrapes it with its token', async () => {
    const daemon = await seeded({ auth: tokens });
    const port = await freePort();
    const config = path.join(folder, 'prometheus.yml');
    writeFileSync(path.join(folder, 'token'), metricsToken);
    writeFileSync(
      config,
      JSON.stringify({
        global: { scrape_interval: '1s' },
        rule_files: [path.join(rules, 'plimsoll.rules.yml')],
        scrape_configs: [
          {
            job_name: 'plimsoll',
            authorization: { credentials_file: path.join(folder, 'token') },
            static_configs: [{ targets: [new URL(daemon.url).host] }],
          },
        ],
      }),
    );
    start('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${path.join(folder, 'tsdb')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    const value = async (query: string): Promise<unknown> => {
      const route = `/api/v1/query?query=${encodeURIComponent(query)}`;
      const answer = await ask(`http://127.0.0.1:${port}`, 'GET', route).catch(() => undefined);
      if (answer?.status !== 200) return undefined;
      return (JSON.parse(answer.text) as { data: { result: { value: unknown[] }[] } }).data.result[0]?.value[1];
    };
    await expect.poll(() => value('up{job="plimsoll"}'), { timeout: 30_000 }).toBe('1');
    expect(await value('plimsoll_findings{class="packages"}')).toBe('1');
    expect(await value('plimsoll_build_info{version="1.2.3"}')).toBe('1');
  });
});

describe('Chromium', () => {
  it('signs in, snoozes, looks up and signs out by forms alone', async () => {
    installDebianPackages(['chromium', 'fonts-dejavu-core']);
    const daemon = await seeded({ auth: tokens });
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
    stops.push(() => browser.close());
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    await page.goto(`${daemon.url}/news`);
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.fill('#token', 'none of ours');
    await page.click('button');
    expect(await page.textContent('[role=alert]')).toBe('This is none of the tokens.');
    said.length = 0;
    await page.fill('#token', actToken);
    await page.click('button');
    expect(new URL(page.url()).pathname).toBe('/news');
    await page.click('button:text("Snooze")');
    expect(new URL(page.url()).pathname).toBe('/news');
    expect(await daemon.store.snoozes.active(daemon.now)).toHaveLength(1);
    await page.click('button:text("Hear of it again")');
    expect(await daemon.store.snoozes.active(daemon.now)).toEqual([]);
    await page.goto(`${daemon.url}/images/${encodeURIComponent(debian)}`);
    await page.click('button:text("Look it up now")');
    expect(new URL(page.url()).pathname).toBe('/runs/2');
    await page.click('button:text("Sign out")');
    expect(new URL(page.url()).pathname).toBe('/login');
    await page.goto(`${daemon.url}/runs`);
    expect(new URL(page.url()).pathname).toBe('/login');
    expect(said).toEqual([]);
    expect((await daemon.store.daemon.audited(10)).map(({ action }) => action)).toEqual(['check', 'wake', 'snooze']);
  }, 120_000);
});

describe('nginx', () => {
  it('lets people in by name, and nobody past it', async () => {
    const secret = 'the-secret-of-the-proxy';
    const port = await freePort();
    const daemon = await seeded({
      publicUrl: `http://plimsoll.corp:${port}`,
      auth: {
        type: 'proxy',
        user: 'x-user',
        from: ['127.0.0.1'],
        header: 'x-proxy-secret',
        secret: new Secret(secret),
        group: 'x-groups',
        act: 'ops',
      },
    });
    const users = path.join(folder, 'users');
    const hash = (password: string): string =>
      execFileSync('openssl', ['passwd', '-apr1', password], { encoding: 'utf8' }).trim();
    writeFileSync(users, `ada:${hash('ada')}\nbob:${hash('bob')}\n`);
    mkdirSync(path.join(folder, 'nginx'));
    const configuration = path.join(folder, 'nginx.conf');
    writeFileSync(
      configuration,
      `daemon off; pid ${folder}/nginx.pid; error_log stderr; events {}
http {
  access_log off; client_body_temp_path ${folder}/nginx/b; proxy_temp_path ${folder}/nginx/p; fastcgi_temp_path ${folder}/nginx/f;
  uwsgi_temp_path ${folder}/nginx/u; scgi_temp_path ${folder}/nginx/s;
  map $remote_user $groups { ada ops; default users; }
  server {
    listen 127.0.0.1:${port};
    auth_basic plimsoll; auth_basic_user_file ${users};
    location / {
      proxy_pass ${daemon.url};
      proxy_set_header Host $http_host;
      proxy_set_header X-User $remote_user;
      proxy_set_header X-Groups $groups;
      proxy_set_header X-Proxy-Secret ${secret};
    }
  }
}
`,
    );
    start('nginx', ['-c', configuration, '-p', folder]);
    const proxied = `http://127.0.0.1:${port}`;
    const basic = (name: string): Record<string, string> => ({
      host: `plimsoll.corp:${port}`,
      authorization: `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}`,
    });
    const status = async (headers: Record<string, string>): Promise<number | undefined> =>
      (await ask(proxied, 'GET', '/api/v1/runs', { headers }).catch(() => undefined))?.status;
    await expect.poll(() => status(basic('ada')), { timeout: 10_000 }).toBe(200);
    expect(await status({})).toBe(401);
    // What a visitor says of themselves is replaced by what the proxy knows.
    const snooze = async (name: string, more: Record<string, string> = {}): Promise<number> =>
      (
        await ask(proxied, 'POST', '/api/v1/snoozes', {
          headers: { ...basic(name), origin: daemon.url, 'content-type': 'application/json', ...more },
          body: '{"value":"debian:12","until":"7d"}',
        })
      ).status;
    expect(await snooze('ada')).toBe(403);
    const own = { origin: `http://plimsoll.corp:${port}` };
    expect(await snooze('bob', { ...own, 'x-groups': 'ops' })).toBe(403);
    expect(await snooze('ada', own)).toBe(201);
    expect(await daemon.store.daemon.audited(10)).toMatchObject([{ person: 'ada', subject: debian }]);
    expect((await daemon.ask('GET', '/api/v1/runs', { headers: { 'x-user': 'ada' } })).status).toBe(401);
  });
});
