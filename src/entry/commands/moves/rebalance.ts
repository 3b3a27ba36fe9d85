import { PlimsollError } from '../../../core/errors.ts';
import { type EngineWish, enginesConfigured } from '../../../job/engines.ts';
import { rebalance as spread } from '../../../job/moves/rebalance.ts';
import { renderJson } from '../../../report/render/json.ts';
import { renderRebalance } from '../../../report/render/plans/rebalance-report.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { CommonOptions } from '../../session.ts';
import { uninterrupted } from '../../uninterrupted.ts';
import { actingConfig, withMoves } from './redeploy.ts';

interface RebalanceOptions extends CommonOptions {
  readonly above: string;
  readonly max: string;
  readonly dryRun?: boolean;
  readonly format: 'text' | 'json';
}

/** `plimsoll rebalance ENGINE`: spreads the tasks of a swarm over its nodes by forced updates, as few as that takes. */
export async function rebalance(
  given: Record<string, unknown>,
  [word = '']: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as RebalanceOptions;
  const above = numberIn('--above', options.above, 0);
  const max = numberIn('--max', options.max, 1);
  const config = await actingConfig(options);
  const wish = engineIn(word, await enginesConfigured(config.engines, process.env));
  // Whom a rule names may be started anew also where it is tied to its node.
  const named = new Set(
    config.rules.flatMap(({ match, react }) => (react?.includes('redeploy') && match.workload ? [match.workload] : [])),
  );
  // Since when a node is ready is kept also of a rehearsal.
  return withMoves({ ...options, observes: true }, config, signal, async ({ session, store, deps }) => {
    const { swarm, close } = await deps.open(wish);
    try {
      if (swarm === undefined) throw new PlimsollError('ENGINE', `${word} manages no swarm`);
      const wished = { above, max, named, dryRun: options.dryRun ?? false };
      const result = await spread(swarm, wished, { ...deps, swarms: store.swarms, uninterrupted });
      const { output } = session;
      if (options.format === 'json')
        await output.result(renderJson({ schema: 2, engine: word, ...result }), 'document');
      else await output.result(renderRebalance(word, result), 'text');
      return result.after.deviation <= above ? exitCodes.done : exitCodes.found;
    } finally {
      close();
    }
  });
}

function numberIn(option: string, text: string, least: number): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number >= least) return number;
  throw new PlimsollError('USAGE', `${option} ${text}: expected a number of at least ${least}`);
}

function engineIn(word: string, wishes: readonly EngineWish[]): EngineWish {
  const wish = wishes.find(({ name, asked }) => name === word || asked === word);
  if (wish === undefined) {
    const known = wishes.flatMap(({ name }) => name ?? []).join(', ') || 'none with a name';
    throw new PlimsollError('USAGE', `there is no engine ${word} in the configuration; there are: ${known}`);
  }
  if (wish.redeploy !== undefined) return wish;
  throw new PlimsollError(
    'USAGE',
    `the mode of ${word} is watch: it is told to start something anew only with "mode: redeploy"`,
  );
}
