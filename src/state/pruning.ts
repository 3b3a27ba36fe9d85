import type { Statements, Work } from './database.ts';
import type { Keep } from './memory.ts';

/** Deliveries of hooks are remembered against their being played again. */
const hookAge = 24 * 60 * 60 * 1000;

/**
 * Forgets what is over for longer than it is kept, by ranges of time. What stands, what is news and who was told are never
 * forgotten for their age, nor the newest run about everything.
 */
export function* pruned(inside: Statements, keep: Keep, now: number): Work<void> {
  yield* inside.run('delete from finding_event where at < ?', now - keep.events);
  yield* inside.run('delete from finding where gone < ?', now - keep.events);
  yield* inside.run(
    'delete from finding_detail where not exists (select 1 from finding where finding.id = finding_detail.id and finding.class = finding_detail.class)',
  );
  yield* inside.run(
    "delete from run where started < ? and id <> (select max(id) from run where scope = 'all')",
    now - keep.runs,
  );
  yield* inside.run('delete from day where date < ?', new Date(now - keep.runs).toISOString().slice(0, 10));
  const unused = 'used < ? and manifest not in (select manifest from consumed union select manifest from published)';
  const oldest = now - keep.inventories;
  if ((yield* inside.all(`select 1 from inventory where ${unused} limit 1`, oldest)).length > 0) {
    yield* inside.run(`delete from inventory where ${unused}`, oldest);
    yield* inside.run('delete from package where id not in (select package from contains)');
  }
  yield* inside.run('delete from manifest_of where manifest not in (select manifest from inventory)');
  yield* inside.run(
    "delete from act where ended < ? and (cleared is not null or outcome not in ('undone', 'rolled-back'))",
    now - keep.runs,
  );
  yield* inside.run('delete from rebuild where ended < ?', now - keep.runs);
  yield* inside.run('delete from hook where at < ?', now - hookAge);
  yield* inside.run('delete from audit where at < ?', now - keep.runs);
}
