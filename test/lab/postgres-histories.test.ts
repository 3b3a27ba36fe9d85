import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyState } from '../../src/state/postgres/copy-state.ts';
import { openPostgres } from '../../src/state/postgres/postgres.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import { answersOf, historyOf } from '../contract/store-histories.ts';
import { testSeed } from '../support/fast-check.ts';
import { temporaryTree } from '../support/fleet.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';

let server: PostgresServer;
let tree: { folder: string; remove: () => void };
beforeAll(async () => {
  server = await startPostgres();
  tree = temporaryTree({});
});
afterAll(() => {
  tree?.remove();
  server?.remove();
});

const histories = 200;

it(`a file and PostgreSQL answer every question alike, after ${histories} histories, and so does a copy`, async () => {
  server.create('one');
  const { store, database } = await openPostgres(server.login('one'), { readOnly: false });
  const tables = await database.ask(
    "select tablename as name from pg_tables where schemaname = 'plimsoll' and tablename <> 'schema_version'",
  );
  const truncate = `truncate ${tables.map(({ name }) => `"${name}"`).join(', ')} restart identity`;
  const first = testSeed ?? Date.now() % 1_000_000_000;
  for (let seed = first; seed < first + histories; seed++) {
    const file = path.join(tree.folder, `${seed}.db`);
    const sqlite = openSqliteStore(file, { readOnly: false });
    await database.change(truncate);
    for (const [step, deed] of historyOf(seed).entries()) {
      const numbers = await Promise.all(
        [sqlite, store].map(async (one) => (await one.runs(100)).map(({ id }) => id).toReversed()),
      );
      const answers = await Promise.all([deed(sqlite, numbers[0] ?? []), deed(store, numbers[1] ?? [])]);
      if (typeof answers[0] !== 'number') expect(answers[1], `the deed ${step} of history ${seed}`).toEqual(answers[0]);
    }
    const wanted = await answersOf(sqlite);
    expect(await answersOf(store), `after history ${seed}`).toEqual(wanted);
    await sqlite.close();
    if (seed % 20 !== 0) continue;
    await database.change(truncate);
    await copyState(file, server.login('one'), {});
    expect(await answersOf(store), `the copy of history ${seed}`).toEqual(wanted);
    // What is copied goes on counting.
    expect(await store.queueRun({ trigger: 'cli', at: 1 })).toBeGreaterThan(0);
  }
  await store.close();
});
