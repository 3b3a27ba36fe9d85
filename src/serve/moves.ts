import type { Daemon } from './daemon-parts.ts';

/** What may be asked of a workload by a page or a program. */
export const moveWords = ['redeploy', 'rollback', 'retry'] as const;

export type MoveWord = (typeof moveWords)[number];

/** What came of asking. */
export type MoveAnswer = { readonly is: 'taken' } | { readonly is: 'unknown' | 'refused'; readonly why: string };

/** Has a workload moved, or taken back, when its turn comes; or lets its digest be tried again, at once. */
export async function askForMove(
  daemon: Daemon,
  wish: { readonly what: string; readonly engine: string; readonly name: string; readonly person: string },
): Promise<MoveAnswer> {
  const { engine, name, person } = wish;
  const what = moveWords.find((one) => one === wish.what);
  if (what === undefined) return { is: 'refused', why: `expected one of ${moveWords.join(', ')}` };
  const all = await daemon.store.fleet.workloads();
  if (!all.some((one) => one.engine === engine && one.name === name))
    return { is: 'unknown', why: `no run has seen ${`${engine}/${name}`.slice(0, 300)} yet` };
  const now = daemon.clock.now();
  if (what === 'retry') {
    const acts = await daemon.store.acts.list(recentActs);
    const own = acts.filter(({ workload }) => workload.engine === engine && workload.name === name);
    const cleared = await daemon.store.acts.clear(
      own.flatMap(({ id, to }) => [id, to.root]),
      now,
    );
    await daemon.store.daemon.audit({
      at: now,
      person,
      action: what,
      subject: `${engine}/${name}: ${cleared} may be tried again`,
    });
    return { is: 'taken' };
  }
  const { engines } = daemon.inForce().config;
  const setting = engines.find((one) => one.name === engine) ?? engines.find((one) => one.name === undefined);
  if (setting?.redeploy === undefined)
    return {
      is: 'refused',
      why: `the mode of ${engine} is watch: it is told to redeploy only with "mode: redeploy" in the configuration`,
    };
  // A second click asks for nothing more.
  if (!daemon.supervisor.move({ what, engine, name, person })) return { is: 'taken' };
  await daemon.store.daemon.audit({ at: now, person, action: what, subject: `${engine}/${name}: asked for` });
  return { is: 'taken' };
}

/** More have not been made of one workload within anybody's memory. */
const recentActs = 1000;
