import type { AuditEntry, DaemonState, Recheck } from './daemon.ts';
import type { Database } from './database.ts';
import { conditions } from './lists/conditions.ts';

/** In tables of the state: {@link DaemonState} says what each method means. */
export function daemonIn(database: Database): DaemonState {
  return {
    due: async (name) => {
      const [row] = await database.ask('select due from schedule where name = ?', name);
      return row === undefined ? undefined : Number(row['due']);
    },
    setDue: (name, due) =>
      database.change(
        'insert into schedule (name, due) values (?, ?) on conflict (name) do update set due = excluded.due',
        name,
        due,
      ),
    addRechecks: (rechecks) =>
      database.transaction((inside) =>
        inside.each(
          rechecks,
          'insert into request (reference, requested, not_before, source) values (?, ?, ?, ?) on conflict do nothing',
          ({ reference, requested, source }) => [reference, requested, requested, source],
        ),
      ),
    rechecks: async () => {
      const rows = await database.ask('select * from request order by requested, reference');
      return rows.map(
        (row): Recheck => ({
          reference: String(row['reference']),
          requested: Number(row['requested']),
          source: String(row['source']),
        }),
      );
    },
    removeRechecks: (references) =>
      database.change('delete from request where reference in (select value from json_each(?))', references),
    firstDelivery: async (source, delivery, at) => {
      const sql =
        "insert into hook (source, delivery, at, status) values (?, ?, ?, 'taken') on conflict do nothing returning at";
      return (await database.ask(sql, source, delivery, at)).length > 0;
    },
    audit: ({ at, person, action, subject }) =>
      database.change(
        'insert into audit (at, person, action, subject) values (?, ?, ?, ?)',
        at,
        person,
        action,
        subject,
      ),
    audited: async (most, subject) => {
      const [where, values] = conditions([['instr(subject, ?) = 1', subject]]);
      const rows = await database.ask(`select * from audit ${where} order by id desc limit ?`, ...values, most);
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
