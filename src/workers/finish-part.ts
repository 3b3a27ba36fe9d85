import { withRoom } from '../core/finding.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { limits } from '../core/limits/limits.ts';
import type { RunRecord } from '../core/run-record.ts';
import { formatsNotReadBefore, rememberFormats } from '../job/act.ts';
import { assembleJob } from '../job/assemble.ts';
import { askRebuilds } from '../job/published/ask-rebuilds.ts';
import type { FleetDependencies } from '../job/record-fleet.ts';
import { finishJob, type Job } from '../job/run-job.ts';
import type { ChannelOutcome } from '../notify/deliver.ts';
import { namedBy } from '../sources/discover-repositories.ts';
import type { PartEnd } from '../state/postgres/shared-run.ts';
import { concludedParts } from './conclude-parts.ts';
import { fromPartText, partText } from './part-text.ts';
import type { AskedBuilders, SharedLook } from './part-work.ts';
import type { PartSetup } from './worker-setup.ts';

/** What a run that several processes made came to, for whoever waits for it. */
export interface Finished {
  readonly record: RunRecord;
  /** How many findings `record` has no room for. */
  readonly unreported: number;
  readonly channels: readonly ChannelOutcome[];
  readonly exit: number;
}

/** Asks for rebuilds of what is published, as all parts together have found it. */
export async function actOnBuilders(setup: PartSetup): Promise<PartEnd> {
  return setup.alone('builders', async () => {
    const { parts, store, run, signal } = setup;
    const conclusion = await concludedParts(setup, { isPlanning: true });
    const { fetch, version } = parts.notify;
    const { record, rebuilds } = await askRebuilds(conclusion, {
      fetch,
      version,
      rebuilds: store.rebuilds,
      at: run.now,
      now: () => parts.run.clock.now(),
      stopping: () => signal.aborted,
    });
    // What was not asked for is asked for by whoever has this part next.
    signal.throwIfAborted();
    const asked: AskedBuilders = {
      findings: record.findings.filter(({ published }) => published !== undefined),
      reports: record.rebuilds ?? [],
      chains: rebuilds.chains,
    };
    return { is: 'done', result: partText(asked) };
  });
}

/** Records what all parts have found, tells it once, and moves base lines: what ends every run. */
export async function finishPart(setup: PartSetup): Promise<PartEnd> {
  const { config, given, engines, store, runs, run, parts, signal, moving, exitCode, logger } = setup;
  const lock = await setup.lockRun();
  try {
    const result = await concludedParts(setup, { isPlanning: false });
    const trigger = (await store.run(run.number))?.trigger;
    const wishes = {
      // Nobody is proposed to any more, so that no login is needed for it.
      config: { ...config, forges: [] },
      given,
      engines,
      request: { trees: [], baseLines: [], ...(run.targeted && { targeted: run.targeted }) },
      open: () => Promise.resolve('no forge is asked at the end of a run'),
      proposals: 'none' as const,
      moving: { ...moving, stopping: () => true, logger },
    };
    const { propose: _, dispatch: __, ...assembled } = await assembleJob(wishes, parts, store);
    const isNamed = namedBy(config.forges.flatMap(({ selections }) => selections));
    const job: Job = { ...assembled, isNamed, number: run.number, exitCode, ...(trigger && { trigger }) };
    const known = await runs.results(run.number);
    try {
      const told = await finishJob(job, result, {
        run: { ...parts.run, manifests: manifestsAmong(known) },
        store,
        signal,
      });
      await rememberFormats(await formatsNotReadBefore(Object.keys(told.record.summary.formats), store), {
        store,
        now: run.now,
      });
      const finished: Finished = {
        ...reported(told.record),
        // What waits is in the state.
        channels: told.channels.map((one) => ({ ...one, waiting: [] })),
        exit: exitCode(told),
      };
      return { is: 'done', result: partText(finished) };
    } finally {
      job.redeploys?.close();
      await Promise.all(job.channels.map(({ channel }) => channel.close()));
    }
  } finally {
    await lock.release();
  }
}

/** A record that has room in one text. */
function reported(record: RunRecord): Pick<Finished, 'record' | 'unreported'> {
  const findings = record.findings.slice(0, limits.worker.reported.most);
  return {
    record: { ...record, ...withRoom(findings, limits.report.rows.most) },
    unreported: record.findings.length - findings.length,
  };
}

/** The manifests of an image, as whoever looked into it said. */
function manifestsAmong(known: ReadonlyMap<string, string>): NonNullable<FleetDependencies['manifests']> {
  const found = new Map<string, SharedLook['manifests'][number]['manifests']>();
  for (const text of known.values()) {
    for (const { digest, platforms, manifests } of fromPartText<SharedLook>(text).manifests)
      found.set(`${digest} ${platforms}`, manifests);
  }
  return (_, digest, platforms) => found.get(`${digest} ${platforms.map(formatPlatform).join(',')}`);
}
