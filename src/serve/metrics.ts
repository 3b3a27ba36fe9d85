import { findingClasses } from '../core/finding.ts';
import { newsClasses } from '../core/news.ts';
import { phases } from '../state/postgres/shared-run.ts';
import type { Store, StoredRun } from '../state/store.ts';
import { type Counts, durationBounds } from './counts.ts';
import type { DaemonFacts } from './page.ts';

/** A family of samples, as Prometheus reads them. */
interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** `suffix` is what stands behind the family's name, as histograms have it. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number, suffix?: string];

const dayLength = 86_400_000;

/**
 * What Prometheus scrapes, from the state: as many series for ten images as for ten thousand. Source: prometheus.io, "Exposition
 * formats", text-based format.
 */
export async function metricsText(store: Store, daemon: DaemonFacts, counts: Counts, now: number): Promise<string> {
  const [runs, channels, rechecks, moves, running, news, oldest] = [
    await store.runs(20),
    await store.memory.channels(),
    await store.daemon.rechecks(),
    await store.acts.counts(),
    await store.fleet.workloads(),
    await store.memory.openNews(),
    await store.memory.oldest(),
  ];
  const began = runs.find(({ begunAt, targeted }) => begunAt !== undefined && targeted === undefined);
  const last = runs.find(
    ({ summary, finishedAt, targeted }) => summary !== undefined && finishedAt !== undefined && targeted === undefined,
  );
  // Its day, in whatever time zone.
  const since = last === undefined ? now - 366 * dayLength : last.startedAt - 2 * dayLength;
  const newest = (await store.memory.days(new Date(since).toISOString().slice(0, 10))).at(-1);
  // One that could look nothing up has come to its end, too.
  const good = runs.find(({ exit, targeted }) => exit === 0 && targeted === undefined);
  const families: Family[] = [
    gauge('build_info', 'Which version it is.', [[{ version: daemon.version }, 1]]),
    gauge('start_time_seconds', 'When the daemon began.', [[{}, daemon.started / 1000]]),
    gauge('run_last_start_timestamp_seconds', 'When the newest run about everything began.', sample(began?.startedAt)),
    gauge(
      'run_last_success_timestamp_seconds',
      'When the newest run in which all was well began.',
      sample(good?.startedAt),
    ),
    gauge('run_last_duration_seconds', 'How long the newest run about everything that is over took.', duration(last)),
    gauge('run_under_way', 'Is a run under way?', [[{}, daemon.running === undefined ? 0 : 1]]),
    gauge('rechecks_waiting', 'Images that hooks have named and nobody has looked up yet.', [[{}, rechecks.length]]),
    gauge('findings', 'Findings that stood at the end of the newest day with a run.', perClass(newest?.findings ?? {})),
    gauge(
      'news_open',
      'News that is open.',
      newsClasses.map((kind) => [{ class: kind }, news.get(kind) ?? 0] as const),
    ),
    gauge(
      'oldest_finding_seconds',
      'For how long the oldest finding of a class has stood.',
      findingClasses.map((kind) => [{ class: kind }, ageOf(oldest.get(kind), now)] as const),
    ),
    gauge('images', 'Images in use.', newest === undefined ? [] : [[{}, newest.images]]),
    gauge(
      'uses_untold',
      'Uses of which something could not be told.',
      newest === undefined ? [] : [[{}, newest.untold]],
    ),
    gauge('workloads', 'What runs on engines, as it was seen last.', perState(running)),
    gauge(
      'moves',
      'Moves of workloads that the state remembers, by what came of them.',
      outcomes.map((outcome) => [{ outcome }, moves.get(outcome) ?? 0] as const),
    ),
    gauge('run_requests', 'Requests of the newest run about everything, by what they were for.', requestsOf(last)),
    gauge(
      'run_counted_pulls',
      'Pulls of that run that count against a limit.',
      last?.cost ? [[{}, last.cost.countedPulls]] : [],
    ),
    gauge('registry_budget_remaining', 'Pulls that a registry said were left.', budget(last)),
    gauge(
      'channel_failing_runs',
      'Runs in a row in which a channel took nothing.',
      channels.map(({ name, trouble }) => [{ channel: name }, trouble?.runs ?? 0] as const),
    ),
    counter('runs_total', 'Runs of this daemon that have ended since it began.', by(counts.runs, 'trigger', 'outcome')),
    durations(counts),
    counter('requests_total', 'Requests of those runs, by what they were for.', by(counts.requests, 'destination')),
    counter('counted_pulls_total', 'Pulls of those runs that count against a limit.', [[{}, counts.countedPulls]]),
    ...(await queueFamilies(store)),
    counter('webhooks_total', 'Calls of hooks since the daemon began.', by(counts.hooks, 'source', 'result')),
  ];
  return `${families
    .map(familyText)
    .filter((text) => text !== '')
    .join('\n')}\n`;
}

/** What waits for workers, where there are any. */
async function queueFamilies({ shared }: Store): Promise<readonly Family[]> {
  if (shared === undefined) return [];
  const [waiting, workers] = [await shared.waiting(), await shared.workers()];
  const rows = phases.flatMap((queue) =>
    (['waiting', 'begun'] as const).map((state) => {
      const found = waiting.find((one) => one.phase === queue && one.state === state);
      return { labels: { queue, state }, parts: found?.parts ?? 0, oldest: found?.oldest ?? 0 };
    }),
  );
  return [
    gauge(
      'queue_jobs',
      'Parts of runs that wait for a worker, or that one has begun, by their phase.',
      rows.map(({ labels, parts }) => [labels, parts] as const),
    ),
    gauge(
      'queue_oldest_seconds',
      'For how long the oldest part of a phase waits for a worker.',
      rows.flatMap(({ labels: { queue, state }, oldest }) =>
        state === 'waiting' ? [[{ queue }, oldest] as const] : [],
      ),
    ),
    gauge('workers', 'Workers that said a moment ago that they are there.', [[{}, workers.length]]),
  ];
}

const outcomes = ['moved', 'undone', 'rolled-back', 'refused', 'unfinished'] as const;
const states = ['current', 'behind', 'unknown', 'unchecked', 'local', 'skipped'] as const;

function perState(running: readonly { readonly state: string }[]): Family['samples'] {
  if (running.length === 0) return [];
  return states.map((state) => [{ state }, running.filter((one) => one.state === state).length] as const);
}

/** Nothing stands: it is of no age. */
function ageOf(since: number | undefined, now: number): number {
  return since === undefined ? 0 : Math.max(0, (now - since) / 1000);
}

function counter(name: string, help: string, samples: Family['samples']): Family {
  return { name: `plimsoll_${name}`, type: 'counter', help, samples };
}

/** Counts whose keys are the values of these labels, in their order. */
function by(counts: ReadonlyMap<string, number>, ...labels: readonly string[]): Family['samples'] {
  return [...counts].map(([key, number]) => {
    const values = key.split(' ');
    return [Object.fromEntries(labels.map((label, i) => [label, values[i] ?? ''])), number] as const;
  });
}

function durations({ durations: { within, count, sum } }: Counts): Family {
  const buckets = durationBounds.map((bound, i) => [{ le: String(bound) }, within[i] ?? 0, '_bucket'] as const);
  return {
    name: 'plimsoll_run_duration_seconds',
    type: 'histogram',
    help: 'How long those runs took.',
    samples: [...buckets, [{ le: '+Inf' }, count, '_bucket'], [{}, sum, '_sum'], [{}, count, '_count']],
  };
}

function gauge(name: string, help: string, samples: Family['samples']): Family {
  return { name: `plimsoll_${name}`, type: 'gauge', help, samples };
}

function sample(milliseconds: number | undefined): Family['samples'] {
  return milliseconds === undefined ? [] : [[{}, milliseconds / 1000]];
}

function duration(run: StoredRun | undefined): Family['samples'] {
  return run?.finishedAt === undefined ? [] : [[{}, (run.finishedAt - run.startedAt) / 1000]];
}

function perClass(findings: Readonly<Partial<Record<string, number>>>): Family['samples'] {
  return findingClasses.map((kind) => [{ class: kind }, findings[kind] ?? 0] as const);
}

function requestsOf(run: StoredRun | undefined): Family['samples'] {
  if (run?.cost === undefined) return [];
  const { registry, archive, advisory } = run.cost;
  return Object.entries({ registry, archive, advisory }).flatMap(([destination, one]) =>
    one === undefined ? [] : [[{ destination }, one.requests] as const],
  );
}

function budget(run: StoredRun | undefined): Family['samples'] {
  const known = Object.entries(run?.cost?.rateLimit ?? {});
  // Registries that say such a thing are few; whatever a fleet names, the series stay so.
  return known.slice(0, 10).map(([registry, { remaining }]) => [{ registry }, remaining] as const);
}

function familyText({ name, type, help, samples }: Family): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value, suffix = '']) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
    return `${name}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
