import { DatabaseSync } from 'node:sqlite';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { isAddress, shownState } from '../../core/secret.ts';
import { finished, type Row, type Statements, type Work } from '../database.ts';
import { openSqliteStore } from '../sqlite/sqlite.ts';
import { guarded } from '../sqlite/sqlite-database.ts';
import { openPostgres } from './postgres.ts';
import { PostgresStatements } from './postgres-database.ts';
import { postgresMigrations } from './postgres-schema.ts';

/** Those that a file has, too, in the order in which they are made: what refers to another comes later. */
const tables = [...(postgresMigrations[0] ?? '').matchAll(/create table "?(\w+)"?/g)].map(([, name = '']) => name);

/**
 * Everything that a state file knows, into PostgreSQL, where nothing may be yet; all of it or nothing. Returns the number of
 * rows. Throws PlimsollError 'STATE', and 'USAGE' for another direction.
 */
export async function copyState(
  from: string,
  to: string,
  opening: { readonly ca?: readonly string[] },
): Promise<number> {
  if (isAddress(from) || !isAddress(to)) {
    throw new PlimsollError('USAGE', 'a state is copied from a file to postgres://…, and in no other direction');
  }
  // Says what is wrong with the file before the other is made.
  await openSqliteStore(from, { readOnly: true }).close();
  const source = new DatabaseSync(from, { readOnly: true, timeout: limits.state.lock.most });
  const { store, database } = await openPostgres(to, { readOnly: false, ...opening });
  try {
    // One moment of the file, also while a run is under way.
    guarded(from, () => source.exec('begin'));
    return await database.alone((client) =>
      finished(copied(from, source, new PostgresStatements(client), shownState(to))),
    );
  } finally {
    source.close();
    await store.close();
  }
}

function* copied(from: string, source: DatabaseSync, inside: Statements, shown: string): Work<number> {
  const isUsed = tables.map((table) => `exists (select 1 from "${table}")`).join(' or ');
  const [used] = yield* inside.all(`select ${isUsed} as used`);
  if (used?.['used'] === true) {
    throw new PlimsollError('STATE', `the state ${shown} has something in it already; copy into an empty database`);
  }
  let rows = 0;
  for (const table of tables) rows += yield* copiedTable(from, source, inside, table);
  yield* inside.run('create temporary table given_contents (package int4, inventory int8) on commit drop');
  yield* inside.each(
    rowsOf(from, source, 'select package, inventory from contains'),
    'insert into given_contents (package, inventory) values (?, ?)',
    ({ package: one, inventory }) => [Number(one), Number(inventory)],
  );
  yield* inside.run(
    `update inventory set packages = content.packages
     from (select inventory, array_agg(package order by package) as packages from given_contents group by inventory) as content
     where inventory.id = content.inventory`,
  );
  return rows;
}

function* copiedTable(from: string, source: DatabaseSync, inside: Statements, table: string): Work<number> {
  const known = yield* inside.all(
    `select column_name as name, is_identity = 'YES' as counts from information_schema.columns
     where table_schema = 'plimsoll' and table_name = ? and column_name <> 'packages'`,
    table,
  );
  const columns = known.map(({ name }) => String(name));
  const quoted = columns.map((name) => `"${name}"`).join(', ');
  let rows = 0;
  function* counted(): Generator<Row> {
    for (const row of rowsOf(from, source, `select ${quoted} from "${table}"`)) {
      rows++;
      yield row;
    }
  }
  yield* inside.each(
    counted(),
    `insert into "${table}" (${quoted}) values (${columns.map(() => '?').join(', ')})`,
    (row) => columns.map((name) => row[name] as string | number | null),
  );
  for (const { name } of known.filter(({ counts }) => counts === true)) {
    yield* inside.run(
      `select setval(pg_get_serial_sequence('"${table}"', '${name}'), greatest((select max("${name}") from "${table}"), 1))`,
    );
  }
  return rows;
}

function* rowsOf(from: string, source: DatabaseSync, sql: string): Generator<Row> {
  const all = guarded(from, () => source.prepare(sql).iterate());
  for (;;) {
    const { done, value } = guarded(from, () => all.next());
    if (done) return;
    yield value;
  }
}
