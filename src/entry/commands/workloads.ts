import { defaultConfig } from '../../config/config.ts';
import { PlimsollError } from '../../core/errors.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import type { WorkloadReport } from '../../core/run-record.ts';
import { requestOver, treeSettings } from '../../job/assemble.ts';
import { type EngineWish, engineNamed, engineSources, enginesConfigured } from '../../job/engines.ts';
import { type RunResult, run } from '../../job/run.ts';
import { renderWorkloads } from '../../report/render/fleet-report.ts';
import { renderJson } from '../../report/render/json.ts';
import { mayExist } from '../../state/open-state.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { operatorConfig } from '../run-request.ts';
import { type CommonOptions, openSession, withEnvironment } from '../session.ts';
import { openStateAt, statePlace } from '../state-place.ts';
import { withState } from '../state-session.ts';

interface WorkloadsOptions extends CommonOptions {
  readonly live?: boolean;
  readonly format: 'text' | 'json';
}

/** `plimsoll workloads [ENGINE]`: what runs, and how it stands; from the state, or with `--live` asked now. */
export async function workloads(
  given: Record<string, unknown>,
  [engine]: string[],
  signal: AbortSignal,
): Promise<number> {
  const options = given as unknown as WorkloadsOptions;
  return options.live ? live(options, engine, signal) : stored(options, engine);
}

const ofEngines: ReadonlySet<ProblemCode> = new Set([
  'ENGINE',
  'label-invalid',
  'labels-disagree',
  'running-digest-differs',
  'running-digest-unknown',
  'swarm-unread',
  'redeploy-unfinished',
  'nodes-unread',
]);

function stored(options: WorkloadsOptions, engine: string | undefined): Promise<number> {
  return withState(options, { readOnly: true }, async ({ store, output }) => {
    const all = await store.fleet.workloads();
    const [last] = await store.runs(1);
    const problems = (last?.problems.first ?? []).filter(({ code }) => ofEngines.has(code));
    const found = all.filter((one) => engine === undefined || one.engine === engine);
    if (engine !== undefined && found.length === 0 && !problems.some(({ subject }) => subject === engine)) {
      const known = [...new Set(all.map((one) => one.engine))].join(', ') || 'none';
      throw new PlimsollError('USAGE', `no run has seen an engine ${engine}; those that were seen: ${known}`);
    }
    const stamped = found.map(({ first, last: seen, ...one }) => ({
      ...one,
      firstSeen: new Date(first).toISOString(),
      lastSeen: new Date(seen).toISOString(),
    }));
    const own = problems.filter(({ subject = '' }) => engine === undefined || isAbout(subject, engine));
    await print(stamped, own, options, output);
    return exitCodes.done;
  });
}

async function live(options: WorkloadsOptions, engine: string | undefined, signal: AbortSignal): Promise<number> {
  const config = (await operatorConfig(options, 'run')) ?? defaultConfig;
  const wishes = await wishesFor(engine, await enginesConfigured(config.engines, process.env));
  const session = openSession(options, withEnvironment(config), 'public', signal);
  try {
    const { policy } = treeSettings(config, undefined, options);
    const sources = await engineSources(wishes, policy, session.parts);
    const { record, swarms } = await run(
      requestOver({ trees: [], sources }, config, undefined, session.now),
      session.parts.run,
    );
    const file = statePlace(options.state, config.state);
    if (swarms.length > 0 && (options.state !== undefined || mayExist(file))) await observe(swarms, file, session.now);
    await print(record.workloads, record.problems, options, session.output);
    return record.scopes.every(({ whole }) => whole) ? exitCodes.done : exitCodes.unfinished;
  } finally {
    session.close();
  }
}

/** Since when a node of a swarm is ready is our own observation, and every look is one. */
async function observe(swarms: RunResult['swarms'], file: string, now: number): Promise<void> {
  const store = await openStateAt(file, { readOnly: false });
  try {
    for (const { id, nodes } of swarms) await store.swarms.observe(id, nodes, now);
  } finally {
    await store.close();
  }
}

/** An address, the name of a configured engine, or all of those; without any of them the one that Docker would ask. */
async function wishesFor(
  engine: string | undefined,
  configured: readonly EngineWish[],
): Promise<readonly EngineWish[]> {
  const usual = engine ?? (configured.length === 0 ? 'docker:' : undefined);
  if (usual === undefined) return configured;
  const named = configured.filter(({ name }) => name === usual);
  const wish = named.length > 0 ? named : await engineNamed(usual, process.env);
  if (wish !== undefined) return Array.isArray(wish) ? wish : [wish as EngineWish];
  const known = configured.flatMap(({ name }) => name ?? []).join(', ') || 'none';
  throw new PlimsollError('USAGE', `there is no engine ${usual} in the configuration; there are: ${known}`);
}

function isAbout(subject: string, engine: string): boolean {
  return subject === engine || subject.startsWith(`${engine}/`);
}

async function print(
  all: readonly WorkloadReport[],
  problems: readonly Problem[],
  { format }: WorkloadsOptions,
  output: Output,
): Promise<void> {
  const text =
    format === 'json' ? renderJson({ workloads: all, problems }) : renderWorkloads(all, problems, output.layout);
  await output.result(text, format === 'text' ? 'text' : 'document');
}
