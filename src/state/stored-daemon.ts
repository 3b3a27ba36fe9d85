import type { AuditEntry, DaemonState, Recheck } from './daemon.ts';
import type { Database } from './sqlite/sqlite-database.ts';

/** In tables of the state: {@link DaemonState} says what each method means. */
export function daemonIn(database: Database): DaemonState {
  const change = (sql: string, ...values: (string | number | null)[]): Promise<void> =>
    database.alone(() => void database.run(sql, ...values));
  return {
    due: async (name) => {
      const [row] = await database.alone(() => database.all('select due from schedule where name = ?', name));
      return row === undefined ? undefined : Number(row['due']);
    },
    setDue: (name, due) =>
      change('insert into schedule (name, due) values (?, ?) on conflict do update set due = excluded.due', name, due),
    addRechecks: (rechecks) =>
      change(
        `insert into request (reference, requested, not_before, source)
         select value->>'reference', value->>'requested', value->>'requested', value->>'source' from json_each(?) where true
         on conflict do nothing`,
        JSON.stringify(rechecks),
      ),
    rechecks: async () => {
      const rows = await database.alone(() => database.all('select * from request order by requested, reference'));
      return rows.map(
        (row): Recheck => ({
          reference: String(row['reference']),
          requested: Number(row['requested']),
          source: String(row['source']),
        }),
      );
    },
    removeRechecks: (references) =>
      change('delete from request where reference in (select value from json_each(?))', JSON.stringify(references)),
    firstDelivery: (source, delivery, at) =>
      database.alone(() => {
        const sql =
          "insert into hook (source, delivery, at, status) values (?, ?, ?, 'taken') on conflict do nothing returning at";
        return database.all(sql, source, delivery, at).length > 0;
      }),
    audit: ({ at, person, action, subject }) =>
      change('insert into audit (at, person, action, subject) values (?, ?, ?, ?)', at, person, action, subject),
    audited: async (most) => {
      const rows = await database.alone(() => database.all('select * from audit order by id desc limit ?', most));
      return rows.map(
        (row): AuditEntry => ({
          at: Number(row['at']),
          person: String(row['person']),
          action: String(row['action']),
          subject: String(row['subject']),
        }),
      );
    },
  };
}
