import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { html } from 'hono/html';

/*
 * The reference for pages, made of the same parts: `/?of=ADDRESS&bytes=N` makes the statements that a page makes, and a table by
 * hono/html that is as large as it.
 */
const [, , file = '', recorded = ''] = process.argv;
const statements = JSON.parse(readFileSync(recorded, 'utf8')) as Readonly<
  Record<string, readonly { readonly sql: string; readonly values: readonly SQLInputValue[] }[]>
>;
const database = new DatabaseSync(file, { readOnly: true });
const rows = database.prepare('select * from finding limit 100');
const prepared = new Map(
  Object.entries(statements).map(([address, all]) => [
    address,
    all.map(({ sql, values }) => ({ statement: database.prepare(sql), values })),
  ]),
);
const app = new Hono();
app.get('/', (c) => {
  for (const { statement, values } of prepared.get(c.req.query('of') ?? '') ?? []) statement.all(...values);
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
