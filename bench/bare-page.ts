import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { html } from 'hono/html';

/*
 * The reference for pages: a hundred findings by one statement out of the same file, in a table by hono/html that is as large as
 * the page that it is held against: `/?bytes=N`.
 */
const [, , file = ''] = process.argv;
const rows = new DatabaseSync(file, { readOnly: true }).prepare('select * from finding limit 100');
const app = new Hono();
app.get('/', (c) => {
  const parts = [];
  for (let left = Number(c.req.query('bytes')); left > 0; ) {
    for (const row of rows.all()) {
      const part = html`<tr>${Object.values(row).map((value) => html`<td>${String(value)}</td>`)}</tr>`;
      left -= String(part).length;
      parts.push(part);
      if (left <= 0) break;
    }
  }
  return c.html(html`<!doctype html><title>Findings</title><table>${parts}</table>`);
});
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
