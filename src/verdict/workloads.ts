import { isBehind } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { compareText } from '../core/place.ts';
import type { WorkloadReport } from '../core/run-record.ts';
import type { Steps } from '../core/time/turns.ts';
import type { EngineWorkload, Scope } from '../sources/source.ts';
import type { DecidedUse } from './decided.ts';
import { mayEverRedeploy } from './redeploy-law.ts';

/** What else is known of what runs. */
export interface WorkloadFacts {
  readonly decided: readonly DecidedUse[];
  /** Ids of uses with a question that nobody answered. */
  readonly unchecked: ReadonlySet<string>;
  /** The platform's manifest behind what a use runs, where it could be told for nothing. */
  readonly manifests: ReadonlyMap<DecidedUse, Digest>;
}

/** So many are put together before others have a turn. */
const reportsPerStep = 500;

/** Everything that runs on the engines of a run, and how it stands; by engine and name. Pure. */
export function* workloadReports(scopes: readonly Scope[], facts: WorkloadFacts): Steps<readonly WorkloadReport[]> {
  const running = scopes.flatMap((scope) => (scope.engine?.workloads ?? []).map((one) => ({ scope, one })));
  if (running.length === 0) return [];
  const uses = new Map(facts.decided.map((one) => [one.examined.use.key, one]));
  const reports: WorkloadReport[] = [];
  for (const { scope, one } of running) {
    if (reports.push(reportOf(one, scope, uses.get(one.key ?? ''), facts)) % reportsPerStep === 0) yield;
  }
  return reports.sort((a, b) => compareText(a.engine, b.engine) || compareText(a.name, b.name));
}

function reportOf(
  workload: EngineWorkload,
  { name: engine, engine: of, policy }: Scope,
  use: DecidedUse | undefined,
  { unchecked, manifests }: WorkloadFacts,
): WorkloadReport {
  const { key, kind, name, compose, redeploy, written, reference, platforms, image } = workload;
  const running = image.is === 'known' ? image.running : undefined;
  const [platform] = platforms;
  const told = use?.findings.flatMap(({ perPlatform = [] }) => perPlatform.flatMap(({ current }) => current ?? []))[0];
  const manifest = running?.manifest ?? told ?? (use && manifests.get(use)) ?? null;
  return {
    engine,
    kind,
    name,
    ...(compose && { compose }),
    ...(redeploy !== undefined && { redeploy }),
    written,
    ...(reference && { reference }),
    platform: platform === undefined ? null : formatPlatform(platform),
    running: running === undefined ? null : { root: running.root, manifest, by: running.by },
    state: stateOf(image.is, use, key !== undefined && unchecked.has(key)),
    ...(image.is === 'local' || image.is === 'skipped'
      ? { mode: workload.mode, why: workload.why }
      : mayEverRedeploy(workload, engine, of?.redeploy, policy)),
    findings: use !== undefined && key !== undefined && use.findings.length > 0 ? [key] : [],
  };
}

function stateOf(
  is: EngineWorkload['image']['is'],
  use: DecidedUse | undefined,
  isUnchecked: boolean,
): WorkloadReport['state'] {
  if (is === 'local' || is === 'skipped') return is;
  if (use === undefined || use.examined.examination.resolution.kind === 'unknown') return 'unknown';
  if (use.findings.some(({ class: kind }) => kind === 'unknown')) return 'unknown';
  if (use.findings.some(({ class: kind }) => isBehind(kind))) return 'behind';
  return isUnchecked ? 'unchecked' : 'current';
}
