import type { Steps } from '../core/time/turns.ts';
import type { Keep } from './memory.ts';
import type { Database } from './sqlite/sqlite-database.ts';

/** Deliveries of hooks are remembered against their being played again. */
const hookAge = 24 * 60 * 60 * 1000;

/**
 * Forgets what is over for longer than it is kept, by ranges of time. What stands, what is news and who was told are never
 * forgotten for their age, nor the newest run about everything.
 */
export function* pruned(database: Database, keep: Keep, now: number): Steps<void> {
  database.run('delete from finding_event where at < ?', now - keep.events);
  yield;
  database.run('delete from finding where gone < ?', now - keep.events);
  database.run(
    'delete from finding_detail where not exists (select 1 from finding where finding.id = finding_detail.id and finding.class = finding_detail.class)',
  );
  yield;
  database.run(
    "delete from run where started < ? and id <> (select max(id) from run where scope = 'all')",
    now - keep.runs,
  );
  database.run('delete from day where date < ?', new Date(now - keep.runs).toISOString().slice(0, 10));
  yield;
  const unused = 'used < ? and manifest not in (select manifest from consumed)';
  const oldest = now - keep.inventories;
  if (database.all(`select 1 from inventory where ${unused} limit 1`, oldest).length > 0) {
    database.run(`delete from inventory where ${unused}`, oldest);
    yield;
    database.run('delete from package where id not in (select package from contains)');
  }
  database.run('delete from manifest_of where manifest not in (select manifest from inventory)');
  database.run(
    "delete from act where ended < ? and (cleared is not null or outcome not in ('undone', 'rolled-back'))",
    now - keep.runs,
  );
  database.run('delete from hook where at < ?', now - hookAge);
  database.run('delete from audit where at < ?', now - keep.runs);
}
