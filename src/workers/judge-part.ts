import { proposeIn } from '../job/act.ts';
import { openHands } from '../job/engines.ts';
import { type LookedHere, lookAtScopes, type RunRequest } from '../job/look-at-scopes.ts';
import { runRedeploys } from '../job/moves/redeploys.ts';
import type { Conclusion } from '../job/run.ts';
import { concluded } from '../job/run.ts';
import type { KnownLook } from '../look/shared-examinations.ts';
import type { PartEnd } from '../state/postgres/shared-run.ts';
import { storedLooked } from './looked-text.ts';
import { fromPartText, partText } from './part-text.ts';
import type { Judged, JudgeWork, Reading, SharedLook } from './part-work.ts';
import { requestOf } from './read-part.ts';
import { engineScope } from './scopes.ts';
import { onlyForge, type PartSetup } from './worker-setup.ts';

/** Decides about what a part has read, by what others have learnt of its images, and proposes. */
export async function judgePart(setup: PartSetup): Promise<PartEnd> {
  const { reading, keys, newFormats } = fromPartText<JudgeWork>(setup.part.work);
  if (reading.kind === 'list') throw new Error('a list is judged by its branches');
  const { request, forge } = await requestOf(reading, setup);
  const looked = await lookAtScopes(await withKnown(request, keys, setup), setup.parts.run);
  const forges = reading.kind === 'branches' && forge ? onlyForge(setup.config, reading.forge, forge) : [];
  const stored = storedLooked(looked, forges);
  if (forge === undefined || reading.kind !== 'branches' || setup.run.targeted?.references !== undefined)
    return ended({ looked: stored, proposed: [] });
  const { config, store, parts, run } = setup;
  const result = { ...(await conclusionOf(looked, setup)), files: looked.files, matchedGlobs: looked.matchedGlobs };
  // Whoever was taken for dead may still be at it.
  const proposed = await setup.alone(`proposals of part ${setup.part.number} of run ${run.number}`, async () => {
    setup.signal.throwIfAborted();
    const deps = { ...parts.propose, store, now: run.now, newFormats: new Set(newFormats) };
    return proposeIn(result, [forge], { ...config, dryRun: false }, deps);
  });
  return ended({ looked: stored, proposed: proposed.map((one) => ({ ...one, forge: reading.forge })) });
}

/** Ends what was left half-way on an engine, decides about what runs there, and moves what may be moved. */
export async function actOnEngine(setup: PartSetup): Promise<PartEnd> {
  const { reading, keys } = fromPartText<JudgeWork>(setup.part.work);
  const wish = reading.kind === 'engine' ? setup.engines[reading.engine] : undefined;
  return setup.alone(wish === undefined ? '' : engineScope(wish), () => moved(reading, keys, setup));
}

async function moved(reading: Reading, keys: readonly string[], setup: PartSetup): Promise<PartEnd> {
  if (reading.kind !== 'engine') throw new Error('only an engine has what runs');
  const { config, engines, store, parts, moving, signal, logger } = setup;
  const wish = engines[reading.engine];
  const { hands: deps, credentials, run } = parts;
  const redeploys = runRedeploys(wish === undefined ? [] : [wish], config.timezone, {
    ...moving,
    stopping: () => signal.aborted,
    logger,
    open: (one) => openHands(one, deps),
    acts: store.acts,
    clock: run.clock,
    credentials,
  });
  try {
    const repaired = (await redeploys?.repair()) ?? [];
    const { request } = await requestOf(reading, setup);
    const known = await withKnown(request, keys, setup);
    const looked = await lookAtScopes({ ...known, ...(redeploys && { redeploys: redeploys.judging }) }, run);
    const result = { ...(await conclusionOf(looked, setup)), files: looked.files, matchedGlobs: looked.matchedGlobs };
    signal.throwIfAborted();
    const after = (await redeploys?.move(result, repaired)) ?? result;
    const { decided, record } = after;
    return ended({
      looked: storedLooked({ ...looked, decided, workloads: record.workloads }, []),
      proposed: [],
      ...(record.redeploys && { redeploys: record.redeploys }),
    });
  } finally {
    redeploys?.close();
  }
}

/** Of its part alone: rebuilds are a matter of all parts together. */
function conclusionOf(looked: LookedHere, { run, parts }: PartSetup): Promise<Conclusion> {
  return concluded(looked, run.targeted === undefined ? {} : { targeted: run.targeted }, parts.run);
}

async function withKnown(request: RunRequest, keys: readonly string[], { run, runs }: PartSetup): Promise<RunRequest> {
  const found = await runs.results(run.number, keys);
  const known = new Map(
    keys.map((key): [string, KnownLook] => {
      const text = found.get(key);
      return [key, text === undefined ? unknownLook : fromPartText<SharedLook>(text)];
    }),
  );
  return { ...request, known };
}

/** Every worker that was to look has come to no end with it. */
const unknownLook: KnownLook = {
  examination: {
    resolution: {
      kind: 'unknown',
      problem: {
        code: 'look-failed',
        message: 'no worker came to an end with looking at it; "plimsoll runs" says why',
      },
    },
    pinned: null,
    platforms: [],
    notes: [],
  },
  newer: { kind: 'none' },
  seen: [],
};

function ended(judged: Judged): PartEnd {
  const isPublishing = (judged.looked.published?.images.length ?? 0) > 0;
  return { is: 'done', result: partText(judged), ...(isPublishing && { facts: { publishes: 'yes' } }) };
}
