import type { Finding } from '../core/finding.ts';
import type { Digest } from '../core/image/digest.ts';
import type { Problem } from '../core/problem.ts';
import {
  type CostReport,
  isScopeTarget,
  type RunRecord,
  type RunTargets,
  type ScopeReport,
  type WorkloadReport,
} from '../core/run-record.ts';
import { type Clock, timestamp, turn } from '../core/time/clock.ts';
import { inTurns } from '../core/time/turns.ts';
import { WaitingWork } from '../core/time/waiting-work.ts';
import type { Unchecked } from '../core/unchecked.ts';
import type { Ailing, SwarmNodeState } from '../engines/engine.ts';
import type { Cost } from '../http/cost.ts';
import type { PinDependencies } from '../look/package-pins.ts';
import { manifestsOf } from '../look/platform-manifests.ts';
import { Examinations, type ExaminationsDependencies, type ExaminationsRequest } from '../look/shared-examinations.ts';
import type { PlatformSettings } from '../sources/consumed-platforms.ts';
import { type DiscoverOptions, discover, type WatchedFile } from '../sources/discover.ts';
import type { ReadRepository, RepositoryTree } from '../sources/discover-repositories.ts';
import type { PublishedSetting } from '../sources/published-builds.ts';
import type { Scope, Source, UseGroup } from '../sources/source.ts';
import { type TreeScope, treeScope } from '../sources/tree-scope.ts';
import type { Use } from '../sources/use.ts';
import type { Snooze } from '../state/snoozes.ts';
import { type DecidedRootfs, decideRootfs } from '../verdict/decide-rootfs.ts';
import type { DecidedPin, DecidedUse } from '../verdict/decided.ts';
import { lookWishes, type Policy } from '../verdict/policy.ts';
import { inTree, unreadScopes } from '../verdict/run-problems.ts';
import { withSnooze } from '../verdict/snooze.ts';
import { unknownUses } from '../verdict/summarise.ts';
import { uncheckedPin, uncheckedUse } from '../verdict/unchecked-uses.ts';
import { workloadReports } from '../verdict/workloads.ts';
import { costReport } from './cost-report.ts';
import { decideGroup } from './decide-group.ts';
import { judgeRedeploys, type RedeployCandidate, type RedeployJudging } from './moves/judge-redeploys.ts';
import { type JudgedPublished, judgePublished } from './published/judge-published.ts';
import type { RebuildPlanning } from './published/plan-rebuilds.ts';
import { lookKey } from './state-keys.ts';

/** One path with the settings that hold in it. */
export interface TreeRequest {
  readonly path: string;
  readonly discovery: DiscoverOptions;
  readonly platforms: PlatformSettings;
  readonly policy: Policy;
}

/** What is to be looked at: local trees and repositories, each with its settings, and what the state knows. */
export interface RunRequest extends ExaminationsRequest {
  readonly trees: readonly TreeRequest[];
  /** Why other trees are not among them: nothing that is known of those is over. */
  readonly unread?: readonly Problem[];
  /** Repositories on a forge, as they are found. */
  readonly repositories?: AsyncIterable<RepositoryTree>;
  /** What runs, and whatever else is no tree of files. */
  readonly sources?: readonly Source[];
  /** Only these references, or scopes, are looked at. Absent: everything. */
  readonly targeted?: RunTargets;
  /** What the configuration says is published; absent: what is published is not asked for. */
  readonly published?: readonly PublishedSetting[];
  /** What is known of rebuilds. Absent: nobody is asked for one. */
  readonly rebuilds?: RebuildPlanning;
  /** How it is judged whether what runs may be moved. Absent: nothing is. */
  readonly redeploys?: RedeployJudging;
  /** What nobody wants to hear of for a while; asked for once, when the run has come across all images. */
  readonly snoozes?: () => Promise<readonly Snooze[]>;
}

/** All that does I/O or keeps something during a run; `connections.ts` has it. */
export interface RunDependencies extends ExaminationsDependencies, PinDependencies {
  readonly registry: ExaminationsDependencies['registry'];
  /** When the run ends; nothing is decided by it. */
  readonly clock: Clock;
  readonly cost: Cost;
  /** Called once when there are more files than in nearly every run. */
  readonly manyFiles: () => void;
  /** Trouble on the way that belongs to no single image. */
  readonly noted: { readonly all: readonly Problem[] };
}

/** What is known of a file that was read when its text is not needed any more. */
export type SeenFile = Pick<WatchedFile, 'tree' | 'file'> & { readonly format: Pick<WatchedFile['format'], 'name'> };

/**
 * What was learnt of some scopes, and decided about each use by itself. It may be all of a run, or one of several parts that
 * were looked at by different processes: what is concluded from it asks no registry and reads no file.
 */
export interface Looked {
  /** When the run decides. RFC 3339 UTC. */
  readonly startedAt: string;
  readonly scopes: readonly ScopeReport[];
  readonly platforms: readonly string[];
  /** Local trees as they were named. */
  readonly paths: readonly string[];
  /** The repositories that were read, each with the settings that hold in it. */
  readonly repositories: readonly ReadRepository[];
  readonly files: readonly SeenFile[];
  readonly excluded: number;
  readonly unwanted: Readonly<Record<string, number>>;
  readonly pins: number;
  /** Names under which images were examined: equal ones are one. */
  readonly images: readonly string[];
  readonly decided: readonly DecidedUse[];
  readonly decidedPins: readonly DecidedPin[];
  readonly rootfs: readonly DecidedRootfs[];
  readonly unchecked: readonly Unchecked[];
  readonly published?: JudgedPublished;
  readonly workloads: readonly WorkloadReport[];
  /** Of scopes and files. */
  readonly problems: readonly Problem[];
  /** On the way, of no single image. */
  readonly noted: readonly Problem[];
  readonly cost: CostReport;
  readonly redeploys: readonly RedeployCandidate[];
  readonly unmoved: ReadonlyMap<string, string>;
  readonly ailing: readonly (Ailing & { readonly engine: string })[];
  readonly swarms: readonly { readonly id: string; readonly nodes: readonly SwarmNodeState[] }[];
}

/** {@link Looked}, with what only the process that looked has. */
export interface LookedHere extends Looked {
  readonly files: readonly WatchedFile[];
  /** The include and exclude globs that some path matched. */
  readonly matchedGlobs: ReadonlySet<string>;
}

// Reading files and asking registries overlap: after so many files, what has arrived meanwhile is looked at.
const groupsPerTurn = 4;
const waitsPerTurn = 16;
const many = 2000;

/** discover → parse → resolve → inspect → compare → decide, for every use of every scope. */
export async function lookAtScopes(request: RunRequest, deps: RunDependencies): Promise<LookedHere> {
  const { now } = deps;
  const startedAt = timestamp(now);
  const examinations = new Examinations(request, deps);
  const scopes: Scope[] = [];
  const failed = new Set<Scope>();
  const problems: Problem[] = [...(request.unread ?? [])];
  // Each is decided as soon as its images are known, while others still wait for their registries.
  const pending = new WaitingWork(async ({ policy, group }: { policy: Policy; group: UseGroup }) => ({
    policy,
    one: await decideGroup(group, { policy, now, examinations, deps }),
  }));
  const pendingRootfs = new WaitingWork(async ({ policy, use }: { policy: Policy; use: Use }) => ({
    policy,
    one: decideRootfs(use, await examinations.of(use, lookWishes(use, policy)), policy, now),
  }));
  let pins = 0;
  let [files, groups] = [0, 0];
  const { targeted } = request;
  const wanted = targeted?.references;
  const isWanted = ({ reference }: Use): boolean => reference !== undefined && wanted?.has(lookKey(reference)) === true;
  const paths = request.trees.filter(({ path }) => isScopeTarget(targeted, path));
  for await (const scope of scopesOf({ ...request, trees: paths })) {
    if (!isScopeTarget(targeted, scope.id)) continue;
    scopes.push(scope);
    const { policy, name } = scope;
    const unread = unreadScopes(scope);
    problems.push(
      ...unread,
      ...inTree(
        scope.problems.filter((one) => !unread.includes(one)),
        name,
      ),
    );
    const before = files;
    if (isTree(scope)) files += scope.discovery.files.length;
    if (before < many && files >= many) deps.manyFiles();
    for await (const whole of scope.groups()) {
      const group = wanted === undefined ? whole : onlyWanted(whole, isWanted);
      pins += group.words;
      problems.push(...inTree(group.problems, name));
      if (group.problems.some(({ code }) => code === 'format-failed')) failed.add(scope);
      const looks = (uses: readonly Use[]) => uses.map((use) => examinations.of(use, lookWishes(use, policy)));
      for (const use of group.rootfs) pendingRootfs.add({ policy, use }, looks([use]));
      pending.add({ policy, group }, looks(group.uses));
      if (++groups % groupsPerTurn === 0) await afterAnswers(deps.cost);
    }
  }
  examinations.order.close();
  const [ofFiles, ofRootfs] = [await pending.all(), await pendingRootfs.all()];
  const snoozes = (await request.snoozes?.()) ?? [];
  const quieted = <T extends { readonly findings: readonly Finding[] }>(one: T): T => ({
    ...one,
    findings: one.findings.map((finding) => withSnooze(finding, snoozes, now)),
  });
  const looked = ofFiles.flatMap(({ one }) => one.uses.map(quieted));
  const { redeploys } = request;
  const judged = redeploys ? await judgeRedeploys(scopes, looked, redeploys, deps) : undefined;
  const decided = judged?.decided ?? looked;
  const decidedPins = ofFiles.flatMap(({ one }) => one.pins.map(quieted));
  const rootfs = ofRootfs.map(({ one }) => quieted(one));
  const unanswered = [
    ...ofFiles.flatMap(({ policy, one: { uses, pins: ofFile } }) => [
      ...uses.flatMap((use) => uncheckedUse(use.examined, { policy, snoozes, now })),
      ...ofFile.flatMap(({ pin }) => uncheckedPin(pin, { policy, snoozes, now })),
    ]),
    ...ofRootfs.flatMap(({ policy, one }) => uncheckedUse(one.examined, { policy, snoozes, now })),
  ];

  const trees = scopes.filter(isTree);
  const isPartly = wanted !== undefined || request.published === undefined;
  const published = isPartly ? undefined : await judgePublished(trees, decided, request.published ?? [], deps);
  // Of a repository with a file that we failed to read nothing is closed.
  const repositories = trees.flatMap((one) =>
    one.read && failed.has(one) ? { ...one.read, isPartial: true as const } : (one.read ?? []),
  );
  // Each use counts once, whatever else could not be asked of an image that is not known.
  const unknown = new Set(
    unknownUses([...decided, ...decidedPins, ...rootfs].flatMap(({ findings }) => findings)).map(({ id }) => id),
  );
  const unchecked = unanswered.filter(({ id }) => !unknown.has(id));
  const workloads = await inTurns(
    workloadReports(scopes, {
      decided,
      unchecked: new Set(unchecked.map(({ id }) => id)),
      manifests: await runningManifests(decided, deps.registry),
    }),
  );
  return {
    startedAt,
    scopes: scopes.map((one) => scopeReport(one, failed)),
    platforms: [...new Set(scopes.flatMap((scope) => scope.platforms))],
    paths: paths.map(({ path }) => path),
    repositories,
    files: trees.flatMap(({ discovery }) => discovery.files),
    excluded: trees.reduce((sum, { discovery }) => sum + discovery.excluded, 0),
    unwanted: unwantedCounts(trees),
    pins,
    images: examinations.names,
    decided,
    decidedPins,
    rootfs,
    unchecked,
    ...(published && {
      published: { ...published, findings: published.findings.map((one) => withSnooze(one, snoozes, now)) },
    }),
    workloads,
    problems,
    noted: deps.noted.all,
    cost: costReport(deps.cost),
    redeploys: judged?.candidates ?? [],
    unmoved: judged?.refused ?? new Map(),
    ailing: scopes.flatMap(({ name, engine }) => (engine?.ailing ?? []).map((one) => ({ ...one, engine: name }))),
    swarms: scopes.flatMap(({ engine }) => engine?.swarm ?? []),
    matchedGlobs: new Set(trees.flatMap(({ discovery }) => [...discovery.matched])),
  };
}

/** Whoever has been answered goes first, some times: a registry that waits for the next question costs more time than a file that waits. */
async function afterAnswers({ registry }: RunDependencies['cost']): Promise<void> {
  for (let times = 0; times < waitsPerTurn; times++) {
    const before = registry.requests;
    await turn();
    if (registry.requests === before) return;
  }
}

/** The manifests that run where only their index is said: of what was looked into, so that nothing is fetched for it. */
async function runningManifests(
  decided: readonly DecidedUse[],
  registry: RunDependencies['registry'],
): Promise<ReadonlyMap<DecidedUse, Digest>> {
  const found = new Map<DecidedUse, Digest>();
  for (const one of decided) {
    const { use, examination } = one.examined;
    const { has, reference } = use;
    if (has?.by !== 'running' || reference === undefined || examination.resolution.kind !== 'current') continue;
    if (examination.lag === undefined || examination.resolution.digest !== has.digest) continue;
    try {
      const [manifest] = await manifestsOf(reference, has.digest, use.platforms, registry);
      if (manifest !== undefined) found.set(one, manifest.digest);
    } catch {
      // That it could not be looked into has been said.
    }
  }
  return found;
}

/** Of a group, what the run is about. */
function onlyWanted(group: UseGroup, isWanted: (use: Use) => boolean): UseGroup {
  const { uses, pins, rootfs } = group;
  const wanted = { uses: uses.filter(isWanted), pins: pins.filter(({ base }) => isWanted(base)) };
  return { ...group, ...wanted, rootfs: rootfs.filter(isWanted) };
}

/** What a request is about: local trees first, whose files are at hand. */
export async function* scopesOf({ trees, repositories, sources = [] }: RunRequest): AsyncGenerator<Scope | TreeScope> {
  for (const { path, discovery, ...settings } of trees) {
    yield treeScope({ name: path, discovery: await discover(path, discovery), ...settings });
  }
  if (repositories !== undefined) for await (const one of repositories) yield treeScope(one);
  for (const source of sources) yield* source.open();
}

function scopeReport(scope: Scope, failed: ReadonlySet<Scope>): RunRecord['scopes'][number] {
  const { id, name, kind, isWhole, engine } = scope;
  return { id, name, kind, whole: isWhole && !failed.has(scope), ...(engine && { counts: engine.counts }) };
}

/** Files of kinds that the configuration does not have read. */
function unwantedCounts(trees: readonly TreeScope[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, number] of trees.flatMap(({ discovery }) => [...(discovery.unwanted ?? [])])) {
    const reason = `${name} (switched off)`;
    counts[reason] = (counts[reason] ?? 0) + number;
  }
  return counts;
}

function isTree(scope: Scope): scope is TreeScope {
  return 'discovery' in scope;
}
