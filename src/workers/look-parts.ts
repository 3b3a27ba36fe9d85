import type { Digest } from '../core/image/digest.ts';
import { formatPlatform } from '../core/image/platform.ts';
import type { ImageReference } from '../core/image/reference.ts';
import { costReport } from '../job/cost-report.ts';
import { digestsOf, recordInventories } from '../job/record-fleet.ts';
import { stateKnowledge } from '../job/state-knowledge.ts';
import { rootOf } from '../look/examine.ts';
import { manifestsOf } from '../look/platform-manifests.ts';
import { type Resolution, resolve } from '../look/resolve.ts';
import { comparedWith, Examinations } from '../look/shared-examinations.ts';
import type { PartEnd, WantedResolution } from '../state/postgres/shared-run.ts';
import { fromPartText, partText } from './part-text.ts';
import type { Ask, LookWork, SharedLook } from './part-work.ts';
import type { PartSetup } from './worker-setup.ts';

/** What was learnt is written after so many references, so that a part that is done again begins behind them. */
const savedAfter = 10;

/** Asks registries what references mean today. */
export async function lookPart(setup: PartSetup): Promise<PartEnd> {
  const { run, runs, store, parts } = setup;
  const { keys } = fromPartText<LookWork>(setup.part.work);
  const asks = await runs.unanswered(run.number, keys, 'resolution');
  const { baseLine } = stateKnowledge(store);
  await inChunks(
    asks,
    async ({ key, ask }): Promise<WantedResolution> => {
      const { use } = fromPartText<Ask>(ask);
      const reference = use.reference as ImageReference;
      const before = await comparedWith(use, reference, [baseLine]);
      const request = { reference, platforms: use.platforms, ...(before && { baseLine: before }) };
      const resolution = await resolve(request, parts.registry);
      const root = rootOf(resolution) ?? `unknown at ${reference.registry}`;
      return { key, resolution: partText(resolution), root, moved: resolution.kind === 'moved' };
    },
    async (all) => {
      setup.signal.throwIfAborted();
      await runs.resolved(run.number, all);
    },
  );
  return { is: 'done', result: partText(costReport(parts.run.cost)) };
}

/** Looks into what references mean today, and keeps what is installed there. */
export async function inspectPart(setup: PartSetup): Promise<PartEnd> {
  const { run, runs, store, parts } = setup;
  const { keys } = fromPartText<LookWork>(setup.part.work);
  const asks = await runs.unanswered(run.number, keys, 'result');
  const { baseLine, seen } = stateKnowledge(store);
  const resolved = new Map(
    asks.flatMap(({ key, resolution }) =>
      resolution === undefined ? [] : [[key, fromPartText<Resolution>(resolution)]],
    ),
  );
  const examinations = new Examinations({ baseLines: [baseLine], seen, resolved }, parts.run);
  const looking = asks.map(async ({ key, ask }) => {
    const { use, wishes } = fromPartText<Ask>(ask);
    const examination = await examinations.of(use, wishes);
    const newer = await examinations.newerTag(use, examination, wishes);
    const reference = use.reference as ImageReference;
    const look = {
      examination,
      newer,
      seen: examinations.seen(reference),
      manifests: await manifestsIn(use, examination, setup),
    };
    return { key, result: partText(look) };
  });
  examinations.order.close();
  for (let from = 0; from < looking.length; from += savedAfter) {
    const done = await Promise.all(looking.slice(from, from + savedAfter));
    // What was cut off by the end of this worker is nothing that was learnt.
    setup.signal.throwIfAborted();
    await runs.examined(run.number, done);
  }
  return { is: 'done', result: partText(costReport(parts.run.cost)) };
}

/** Of what was looked into, so that nobody needs the documents again; what is installed there is kept meanwhile. */
async function manifestsIn(
  use: Ask['use'],
  examination: SharedLook['examination'],
  { parts, store }: PartSetup,
): Promise<SharedLook['manifests']> {
  const { reference, platforms, role } = use;
  // A frontend is no base of anything.
  if (reference === undefined || role === 'frontend') return [];
  const found: SharedLook['manifests'][number][] = [];
  for (const digest of digestsOf({ use, examination })) {
    try {
      const manifests = await manifestsOf(reference, digest, platforms, parts.registry);
      found.push({ digest, platforms: platforms.map(formatPlatform).join(','), manifests });
    } catch {
      // What is the matter with it is in what was learnt.
    }
  }
  const images = new Map<Digest, ImageReference>(
    found.flatMap(({ manifests }) => manifests.map((one) => [one.digest, reference] as const)),
  );
  await recordInventories(images, store.fleet, parts.run);
  return found;
}

/** All at once, written as they come. */
async function inChunks<T, R>(
  all: readonly T[],
  work: (one: T) => Promise<R>,
  save: (done: readonly R[]) => Promise<void>,
): Promise<void> {
  let waiting: R[] = [];
  let saving = Promise.resolve();
  const saved = (): void => {
    const done = waiting;
    waiting = [];
    saving = saving.then(() => save(done));
    // Whatever goes wrong is met below.
    saving.catch(() => undefined);
  };
  await Promise.all(
    all.map(async (one) => {
      const done = await work(one);
      waiting.push(done);
      if (waiting.length >= savedAfter) saved();
    }),
  );
  if (waiting.length > 0) saved();
  await saving;
}
