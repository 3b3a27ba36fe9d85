import { afterAll, beforeAll } from 'vitest';
import { openPostgres } from '../../src/state/postgres/postgres.ts';
import { describeStore, type StoreFixture } from '../contract/store.ts';
import { describeCoverage } from '../contract/store-coverage.ts';
import { type PostgresServer, startPostgres } from './support/postgres-server.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.remove());

let made = 0;
function fixture(): StoreFixture {
  const database = `state${++made}`;
  server.create(database);
  return {
    open: async () => (await openPostgres(server.login(database), { readOnly: false })).store,
    remove: () => void server.sql('postgres', `drop database ${database}`),
  };
}
describeStore('PostgreSQL', fixture);
describeCoverage('PostgreSQL', fixture);
