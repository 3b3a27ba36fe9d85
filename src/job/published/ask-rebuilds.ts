import { isBehind } from '../../core/finding.ts';
import { shortDigest } from '../../core/image/digest.ts';
import type { Dispatch } from '../../core/image/rebuild.ts';
import type { RebuildReport } from '../../core/run-record.ts';
import { timestamp } from '../../core/time/clock.ts';
import type { Rebuilds } from '../../state/rebuilds.ts';
import {
  type AskDependencies,
  askFor,
  type Builder,
  type BuilderAnswer,
  findAsked,
  type RebuildOrder,
} from '../../targets/ask-builder.ts';
import { type ChainFacts, rebuildChains, withChain } from '../../verdict/rebuild-chains.ts';
import type { Conclusion } from '../run.ts';
import { lookKey } from '../state-keys.ts';
import { withDispatch } from './plan-rebuilds.ts';

/** What asking for rebuilds needs beside whoever builds. */
export interface RebuildDependencies extends AskDependencies {
  readonly rebuilds: Rebuilds;
  /** The time by which the run decides; milliseconds since 1970. */
  readonly at: number;
  /** Is the process asked to end? */
  readonly stopping: () => boolean;
}

/** Clocks of forges and ours differ by so much at most. */
const skew = 60_000;

/**
 * Ends the requests that are over, looks up those whose answer was lost, and asks for what may be asked for, one after the other.
 * Each is written before it is sent and after: a process that dies in between asks nobody twice. Returns the run as it stands then.
 */
export async function askRebuilds<T extends Conclusion>(result: T, deps: RebuildDependencies): Promise<T> {
  const { rebuilds, at, stopping } = deps;
  const { endings, unsure, wishes, requests } = result.rebuilds;
  const reports: RebuildReport[] = [];
  const states = new Map<string, Dispatch>();
  for (const { number, outcome, reason } of endings) {
    await rebuilds.end(number, { outcome, reason, at });
    const { image = '', base } = requests.find((one) => one.number === number) ?? {};
    if (base !== undefined) reports.push({ image, base, state: outcome, reason });
  }
  const keep = async (number: number, order: RebuildOrder, since: number, asked: BuilderAnswer): Promise<void> => {
    const { image, base } = order;
    const dispatch = dispatchOf(order, since, asked);
    if (asked.is === 'yes') await rebuilds.sent(number, { at, ...(asked.url !== undefined && { url: asked.url }) });
    if (asked.is === 'no') await rebuilds.end(number, { outcome: 'failed', reason: asked.reason, at });
    states.set(image, dispatch);
    const { state, reason, url } = dispatch;
    reports.push({ image, base, state, reason, ...(url !== undefined && { url }) });
  };
  for (const { request, builder } of unsure) {
    if (stopping()) break;
    await keep(request.number, request, request.at, await askedAgain(request, builder, deps));
  }
  for (const { builder, settings, ...wish } of wishes) {
    if (stopping()) break;
    const number = await rebuilds.begin({ ...wish, at, timeout: settings.timeout });
    // A state that was lost does not know what was asked for, the builder does.
    const before = await findAsked(wish, builder);
    const asked: BuilderAnswer = before.is === 'found' ? { ...before, is: 'yes' } : await askFor(wish, builder, deps);
    await keep(number, wish, at, asked);
  }
  const asked = result.record.findings.map((one) => withDispatch(one, states));
  const chains = rebuildChains(chainFacts({ ...result, record: { ...result.record, findings: asked } }, at));
  const findings = asked.map((one) => withChain(one, chains));
  const record = { ...result.record, findings, ...(reports.length > 0 && { rebuilds: reports }) };
  return { ...result, rebuilds: { ...result.rebuilds, chains }, record };
}

/** What a chain is made of, as the run knows it after what was proposed and asked for. */
function chainFacts({ record, rebuilds }: Conclusion, now: number): ChainFacts {
  const { graph, requests, uses } = rebuilds;
  const byUse = Map.groupBy(record.findings, ({ id }) => id);
  const runs = new Map<string, string[]>();
  for (const { engine, name, reference } of record.workloads) {
    if (reference === undefined) continue;
    const image = lookKey(reference);
    runs.set(image, [...(runs.get(image) ?? []), `${engine}/${name}`]);
  }
  return {
    graph,
    requests,
    runs,
    now,
    states: new Map(
      record.findings.flatMap(({ published, dispatch }) =>
        published && dispatch ? [[published.image, dispatch]] : [],
      ),
    ),
    proposed: new Set(
      [...uses].flatMap(([image, use]) => {
        const isOpen = byUse
          .get(use)
          ?.some(({ class: kind, proposal }) => isBehind(kind) && proposal?.state === 'open');
        return isOpen ? [image] : [];
      }),
    ),
  };
}

/** Only where whoever builds says that there is none it is sent again; where nobody can tell, it counts as heard. */
async function askedAgain(
  request: RebuildOrder & { readonly at: number },
  builder: Builder,
  deps: RebuildDependencies,
): Promise<BuilderAnswer> {
  const found = await findAsked(request, builder, request.at - skew);
  if (found.is === 'found') return { ...found, is: 'yes' };
  return found.is === 'none' ? askFor(request, builder, deps) : { is: 'yes' };
}

function dispatchOf({ base }: RebuildOrder, at: number, asked: BuilderAnswer): Dispatch {
  const when = { at: timestamp(at) };
  if (asked.is === 'no') return { ...when, state: 'failed', reason: asked.reason };
  const what = `a rebuild on ${shortDigest(base)} was asked for`;
  if (asked.is === 'unsure')
    return {
      ...when,
      state: 'asked',
      reason: `${what}, and whether it was heard is looked up by the next run: ${asked.reason}`,
    };
  return { ...when, state: 'asked', reason: what, ...(asked.url !== undefined && { url: asked.url }) };
}
