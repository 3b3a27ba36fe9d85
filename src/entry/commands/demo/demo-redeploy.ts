import type { DemoEngine } from '../../../demo/demo-engine.ts';
import { treeSettings } from '../../../job/assemble.ts';
import { type EngineWish, engineSources, openHands } from '../../../job/engines.ts';
import { readOnce, redeployByHand, workloadsNamed } from '../../../job/moves/redeploy-by-hand.ts';
import { renderOutcomes } from '../../../report/render/plans/redeploy-report.ts';
import { openSqliteStore } from '../../../state/sqlite/sqlite.ts';
import type { Session } from '../../session.ts';
import { uninterrupted } from '../../uninterrupted.ts';

/** `plimsoll redeploy` on the demo's daemon: a fix is rolled out, and what does not come up is put back. */
export async function demoRedeploy(
  { url }: DemoEngine,
  names: readonly string[],
  state: string,
  session: Session,
): Promise<string> {
  const store = openSqliteStore(state, { readOnly: false });
  try {
    const parts = session.again();
    const redeploy = { adopt: new Set<never>(), keepOld: 72 * 60 * 60 * 1000, perRun: 5, cleanup: false };
    const address = { url, from: 'the demo' };
    const wish: EngineWish = { type: 'docker', name: 'nas', asked: 'nas', address, stopped: false, redeploy };
    const [source] = await engineSources([wish], treeSettings(undefined, undefined, {}).policy, parts);
    const scopes = await readOnce(source === undefined ? [] : [{ source, wish }]);
    const wanted = { names, even: new Set<never>(), dryRun: false, wantsLog: false };
    const { outcomes } = await redeployByHand(
      workloadsNamed(names, scopes),
      wanted,
      { trees: [], baseLines: [] },
      {
        run: parts.run,
        open: (one) => openHands(one, parts.hands),
        acts: store.acts,
        clock: session.clock,
        credentials: parts.credentials,
        logger: session.output.logger,
        stopping: () => false,
        uninterrupted,
      },
    );
    return renderOutcomes(outcomes, session.output.layout);
  } finally {
    await store.close();
  }
}
