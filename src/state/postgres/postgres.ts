/*
 * src/state/postgres/
 *
 * A state in PostgreSQL, which many processes share, on one machine or many: postgres-address.ts reads where it is, postgres-schema.ts
 * has the tables and the names of locks, spelling.ts says in PostgreSQL's words what ../database.ts describes,
 * postgres-trouble.ts has the sentences. postgres-lock.ts keeps two runs apart, copy-state.ts brings a file there. It is
 * loaded only where an address is used.
 * Begin here.
 */

import { hostname } from 'node:os';
import { Client, type ClientConfig, Pool, type PoolClient, types } from 'pg';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Store } from '../store.ts';
import { storeIn } from '../stored-store.ts';
import { type PostgresAddress, parseAddress } from './postgres-address.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { locks, postgresMigrations } from './postgres-schema.ts';
import { NoStateError, poolerTrouble, troubleWith } from './postgres-trouble.ts';
import { sharedFactsIn } from './shared-facts.ts';
import { withZeros } from './spelling.ts';

/** Opens the state at an address to be read; undefined when nothing is there yet. Throws PlimsollError 'STATE'. */
export async function openPostgresIfThere(address: string, ca?: readonly string[]): Promise<Store | undefined> {
  try {
    return (await openPostgres(address, { readOnly: true, ...(ca && { ca }) })).store;
  } catch (error) {
    if (error instanceof NoStateError) return undefined;
    throw error;
  }
}

/** How a state is opened. */
export interface PostgresOptions {
  /** For commands that only ask: it must be there and is not changed. */
  readonly readOnly: boolean;
  /** Authorities that are believed beside the usual ones, as PEM. */
  readonly ca?: readonly string[];
}

/** A state that is open, and what only PostgreSQL has. */
export interface PostgresState {
  readonly store: Store;
  readonly database: PostgresDatabase;
}

/** Opens the state at an address, making its tables, or bringing them forward, unless it is only read. Throws PlimsollError 'STATE'. */
export async function openPostgres(address: string, { readOnly, ca }: PostgresOptions): Promise<PostgresState> {
  const parsed = parseAddress(address, ca);
  const { shown } = parsed;
  const pool = new Pool({
    ...clientConfig(parsed, 'state'),
    max: limits.state.connections.most,
    // Nothing waits for a connection that nobody uses.
    allowExitOnIdle: true,
    onConnect: (client) => begin(client as Client, readOnly),
  });
  // A connection that ends while nobody uses it is opened again when somebody does.
  pool.on('error', () => undefined);
  const database = new PostgresDatabase(pool, (error) => troubleWith(shown, error));
  try {
    await refusePooler(pool, shown);
    if (readOnly) await refuseSchema(database, shown);
    else await bringForward(database, shown);
  } catch (error) {
    await pool.end();
    throw troubleWith(shown, error);
  }
  const store = storeIn(database, {
    copyTo: () =>
      Promise.reject(
        new PlimsollError('STATE', `the state ${shown} is no file; copy it with pg_dump --schema plimsoll`),
      ),
    shared: sharedFactsIn(database),
    close: () => database.close(),
  });
  return { store, database };
}

/** A connection of its own, that nobody else uses; whoever asks for it ends it. Throws PlimsollError 'STATE'. */
export async function connectAlone(address: PostgresAddress, purpose: string): Promise<Client> {
  const client = new Client(clientConfig(address, purpose));
  try {
    await client.connect();
    await begin(client, false);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw troubleWith(address.shown, error);
  }
}

/** Where the queue of parts is, beside our own schema. */
export const queueSchema = 'plimsoll_queue';

/** How the queue connects, which brings a client of its own, and whether its schema has to be made. Throws PlimsollError 'STATE'. */
export async function queueClient(
  address: string,
  database: Pick<PostgresDatabase, 'ask'>,
  ca?: readonly string[],
): Promise<{ readonly schema: string; readonly createSchema: boolean }> {
  const { types: _, ...config } = clientConfig(parseAddress(address, ca), 'queue');
  const [row] = await database.ask('select to_regnamespace(?) is not null as there', queueSchema);
  return { ...config, schema: queueSchema, createSchema: row?.['there'] !== true };
}

/** Whole numbers are numbers: int8, and numeric, which a sum of them is. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, Number],
  [types.builtins.NUMERIC, Number],
  [types.builtins.TEXT, withZeros],
]);

function clientConfig({ client }: PostgresAddress, purpose: string): ClientConfig {
  return {
    ...client,
    application_name: `plimsoll ${purpose} ${process.pid} ${hostname()}`.slice(0, 63),
    connectionTimeoutMillis: limits.state.connect.most,
    keepAlive: true,
    types: {
      getTypeParser: ((id: number, format?: 'text' | 'binary') =>
        parsers.get(id) ?? types.getTypeParser(id, format)) as typeof types.getTypeParser,
    },
  };
}

/** What holds for all of a connection; poolers take only few of these with its start. */
async function begin(client: Client, readOnly: boolean): Promise<void> {
  // Whoever uses it hears of what goes wrong from its answers.
  client.on('error', () => undefined);
  await client.query(
    `set search_path to plimsoll; set statement_timeout to ${limits.state.statement.most}; set lock_timeout to ${limits.state.turn.most};
     set idle_in_transaction_session_timeout to ${limits.state.statement.most}; set client_min_messages to warning;
     set default_transaction_read_only to ${readOnly ? 'on' : 'off'}`,
  );
}

/**
 * A session lock means nothing behind a pooler that gives every transaction the session that is free: two would hold it.
 * One session is marked; then either another is it, or it is not the same any more while the other is kept busy.
 */
async function refusePooler(pool: Pool, shown: string): Promise<void> {
  const [one, other] = await Promise.all([pool.connect(), pool.connect()]);
  // A pooler with too few sessions keeps one of them waiting.
  const ask = async (client: PoolClient, text: string): Promise<unknown> => {
    const query = { text, query_timeout: limits.state.connect.most };
    return (await client.query<{ mark: unknown }>(query)).rows[0]?.mark;
  };
  const mark = "select current_setting('plimsoll.session', true) as mark";
  let isWell = false;
  try {
    await ask(one, "select set_config('plimsoll.session', 'one', false)");
    await ask(other, 'begin');
    if ((await ask(other, mark)) === 'one' || (await ask(one, mark)) !== 'one') throw poolerTrouble(shown);
    await ask(other, 'rollback');
    await ask(one, 'reset plimsoll.session');
    isWell = true;
  } finally {
    one.release(!isWell);
    other.release(!isWell);
  }
}

/** What is there: the number of its schema, 0 for nothing. Throws PlimsollError 'STATE' for what is another program's, or newer. */
async function schemaOf(
  ask: (sql: string) => Promise<readonly Record<string, unknown>[]>,
  shown: string,
): Promise<{ readonly version: number; readonly exists: boolean }> {
  const [row] = await ask(
    `select to_regnamespace('plimsoll') is not null as there, to_regclass('plimsoll.schema_version') is not null as ours,
       exists (select from pg_class where relnamespace = to_regnamespace('plimsoll')) as used`,
  );
  const exists = row?.['there'] === true;
  if (row?.['ours'] !== true) {
    if (row?.['used'] === true) {
      throw new PlimsollError(
        'STATE',
        `the schema "plimsoll" at ${shown} is that of another program; name another database for the state`,
      );
    }
    return { version: 0, exists };
  }
  const [found] = await ask('select version from plimsoll.schema_version');
  const version = Number(found?.['version'] ?? 0);
  if (version > postgresMigrations.length) {
    throw new PlimsollError(
      'STATE',
      `the state ${shown} has schema ${version}, written by a newer Plimsoll; this one knows ${postgresMigrations.length}. Update Plimsoll`,
    );
  }
  return { version, exists };
}

async function refuseSchema(database: PostgresDatabase, shown: string): Promise<void> {
  const { version } = await schemaOf((sql) => database.ask(sql), shown);
  if (version === 0) throw new NoStateError(shown);
  if (version < postgresMigrations.length) {
    throw new PlimsollError(
      'STATE',
      `the state ${shown} has the older schema ${version}; "plimsoll run" brings it forward`,
    );
  }
}

/** All of it or nothing: PostgreSQL undoes changes of tables as well. */
async function bringForward(database: PostgresDatabase, shown: string): Promise<void> {
  const before = await schemaOf((sql) => database.ask(sql), shown);
  if (before.version === postgresMigrations.length) return;
  await database.alone(async (client) => {
    await client.query(`select pg_advisory_xact_lock(${locks.space}, ${locks.schema})`);
    // Another process may have waited for the same, and been faster.
    const { version, exists } = await schemaOf(async (sql) => (await client.query(sql)).rows, shown);
    if (version === 0) {
      if (!exists) await client.query('create schema plimsoll');
      await client.query(
        'create table plimsoll.schema_version (version int4 not null); insert into plimsoll.schema_version values (0)',
      );
    }
    for (const statements of postgresMigrations.slice(version)) await client.query(statements);
    await client.query(`update plimsoll.schema_version set version = ${postgresMigrations.length}`);
  });
}
