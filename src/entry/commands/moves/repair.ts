import { PlimsollError } from '../../../core/errors.ts';
import { isDigest } from '../../../core/image/digest.ts';
import { formatReference, parseReference, referenceKey } from '../../../core/image/reference.ts';
import { workloadPlace } from '../../../core/place.ts';
import { type EngineWish, engineNamed, enginesConfigured } from '../../../job/engines.ts';
import { actsLookedAt, repairEngine } from '../../../job/moves/engine-moves.ts';
import { exitCodes } from '../../exit-codes.ts';
import type { CommonOptions } from '../../session.ts';
import { withState } from '../../state-session.ts';
import { actingConfig, print, withMoves } from './redeploy.ts';

interface RepairOptions extends CommonOptions {
  readonly format: 'text' | 'json';
}

/** `plimsoll repair ENGINE`: ends what a process that died left in between, also where the engine is only watched. */
export async function repair(
  given: Record<string, unknown>,
  [word = '']: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as RepairOptions;
  const config = await actingConfig(options);
  const wish = await engineMeant(word, await enginesConfigured(config.engines, process.env));
  return withMoves(options, config, signal, async ({ session, deps }) => {
    const { hands, close } = await deps.open(wish);
    try {
      const outcomes = await repairEngine(wish, hands, deps);
      await print(outcomes, session, options);
      if (outcomes.some(({ outcome }) => outcome === 'undone' || outcome === 'refused')) return exitCodes.found;
      return outcomes.some(({ outcome }) => outcome === 'unfinished') ? exitCodes.unfinished : exitCodes.done;
    } finally {
      close();
    }
  });
}

async function engineMeant(word: string, configured: readonly EngineWish[]): Promise<EngineWish> {
  const found =
    configured.find(({ name, asked }) => name === word || asked === word) ?? (await engineNamed(word, process.env));
  if (found !== undefined) return found;
  const known = configured.flatMap(({ name }) => name ?? []).join(', ') || 'none with a name';
  throw new PlimsollError('USAGE', `there is no engine ${word} in the configuration; there are: ${known}`);
}

/** `plimsoll retry [NAME|IMAGE|DIGEST]…`: lets what failed be tried again by the next run, redeploys and rebuilds alike. */
export function retry(given: Record<string, unknown>, words: string[]): Promise<number> {
  return withState(given as CommonOptions, { readOnly: false }, async ({ store, output, clock }) => {
    const acts = await store.acts.list(actsLookedAt);
    const failed = acts.filter(
      ({ outcome, isCleared }) => !isCleared && (outcome === 'undone' || outcome === 'rolled-back'),
    );
    const everything = words.length === 0;
    const images = new Set(everything ? await store.rebuilds.clear(undefined, clock.now()) : []);
    const keys: string[] = [];
    for (const word of words) {
      const image = imageIn(word);
      const cleared = image === undefined ? [] : await store.rebuilds.clear([image], clock.now());
      for (const one of cleared) images.add(one);
      const own = failed.filter(({ workload, reference, to }) => {
        const names = [workload.name, workloadPlace(workload)];
        if ([...names, ...names.map((name) => `${workload.engine}:${name}`)].includes(word)) return true;
        return isDigest(word) ? word === to.root || word === to.manifest : reference === keyIn(word);
      });
      if (own.length + cleared.length === 0) throw new PlimsollError('USAGE', `nothing that failed is called ${word}`);
      keys.push(...own.flatMap(({ id, to }) => [id, to.root]));
    }
    const number = (await store.acts.clear(everything ? undefined : keys, clock.now())) + images.size;
    await output.result(number === 0 ? 'nothing has failed\n' : `${number} may be tried again, by the next run\n`);
    return exitCodes.done;
  });
}

/** As rebuilds are remembered. Undefined for what is no reference, or names a digest. */
function imageIn(word: string): string | undefined {
  try {
    const { tag = 'latest', digest, ...name } = parseReference(word);
    return digest === undefined ? formatReference({ ...name, tag }) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined for what is no reference. */
function keyIn(word: string): string | undefined {
  try {
    return referenceKey(parseReference(word));
  } catch {
    return undefined;
  }
}
