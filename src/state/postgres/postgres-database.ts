import type { Pool, PoolClient } from 'pg';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { type Database, finished, type Row, type Statements, type Value, type Work } from '../database.ts';
import type { StoredInventory } from '../fleet.ts';
import { locks } from './postgres-schema.ts';
import { type Spelled, spelled, spelledForAll } from './spelling.ts';

/** What has gone wrong with a server, as a PlimsollError 'STATE'. */
export type Trouble = (error: unknown) => PlimsollError;

/**
 * A state in a schema of PostgreSQL. Questions go to whichever connection is free. Changes of more than one statement wait
 * for each other, also those of other processes: what one has read stands until it has written.
 */
export class PostgresDatabase implements Database {
  readonly holders = 'join inventory on inventory.packages @> array[package.id]';
  readonly #pool: Pool;
  readonly #trouble: Trouble;

  constructor(pool: Pool, trouble: Trouble) {
    this.#pool = pool;
    this.#trouble = trouble;
  }

  async ask(sql: string, ...values: Value[]): Promise<Row[]> {
    const { text, values: bound } = spelled(sql, values);
    try {
      return (await this.#pool.query<Row>(text, [...bound])).rows;
    } catch (error) {
      throw this.#trouble(error);
    }
  }

  async change(sql: string, ...values: Value[]): Promise<void> {
    await this.ask(sql, ...values);
  }

  transaction<T>(work: (inside: Statements) => Work<T>): Promise<T> {
    return this.alone((client) => finished(work(new PostgresStatements(client))));
  }

  /** As {@link transaction}, with the connection itself: for what has statements of its own. */
  alone<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#transaction(`begin; select pg_advisory_xact_lock(${locks.space}, ${locks.write})`, work);
  }

  async #transaction<T>(begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw this.#trouble(error);
    });
    let isBroken = false;
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      // Of a connection that is gone the server knows that it is to be undone.
      await client.query('rollback').catch(() => {
        isBroken = true;
      });
      throw error instanceof PlimsollError ? error : this.#trouble(error);
    } finally {
      client.release(isBroken);
    }
  }

  /** A transaction that waits for no other: for tables in which a lost race is seen by the rows themselves. */
  beside<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    return this.#transaction('begin', work);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** One after the other, on one connection. */
export class PostgresStatements implements Statements {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  *run(sql: string, ...values: Value[]): Work<void> {
    yield* this.#answer(spelled(sql, values));
  }

  *all(sql: string, ...values: Value[]): Work<Row[]> {
    return yield* this.#answer(spelled(sql, values));
  }

  *each<T>(all: Iterable<T>, sql: string, valuesOf: (one: T) => readonly (string | number | null)[]): Work<void> {
    let rows: (readonly (string | number | null)[])[] = [];
    for (const one of all) {
      rows.push(valuesOf(one));
      if (rows.length % 500 === 0) yield;
      if (rows.length < limits.state.rowsAtOnce.most) continue;
      yield* this.#answer(spelledForAll(sql, rows));
      rows = [];
    }
    if (rows.length > 0) yield* this.#answer(spelledForAll(sql, rows));
  }

  *contain(inventory: number, packages: StoredInventory['packages']): Work<void> {
    const columns = [
      packages.map(({ name }) => name),
      packages.map(({ version }) => version),
      packages.map(({ architecture }) => architecture),
    ];
    const text = `update inventory set packages = array(
        select distinct package.id from unnest($2::text[], $3::text[], $4::text[]) as given (name, version, architecture)
        join package on package.name = given.name and package.version = given.version and package.architecture = given.architecture)
      where id = $1`;
    yield* this.#answer({ text, values: [inventory, ...columns] });
  }

  *#answer({ text, values }: Spelled): Work<Row[]> {
    let rows: Row[] = [];
    yield this.#client.query<Row>(text, [...values]).then((answer) => {
      rows = answer.rows;
    });
    return rows;
  }
}
