import { openSqliteStore } from '../src/state/sqlite/sqlite.ts';
import { noon, recordSeededRun } from '../test/support/seeded-state.ts';

/* Records runs of the whole fleet without a pause, in each of which a tenth of what stands is over or new, until it is ended. */
const [, , file = '', images = '', uses = '', news = ''] = process.argv;
const store = openSqliteStore(file, { readOnly: false });
const fleet = { images: Number(images), uses: Number(uses), news: Number(news), packages: 100 };
for (let run = 0; ; run++) {
  const standing = Math.ceil(fleet.uses * (run % 2 === 0 ? 0.9 : 1));
  const at = noon + run * 1000;
  const number = await recordSeededRun(store, fleet, at, standing);
  await store.endRun(number, { finishedAt: at + 500, outcome: 'done' });
  if (run === 0) process.stdout.write('writing\n');
}
