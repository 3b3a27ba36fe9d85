import type { Config, WantedForge } from '../config/config.ts';
import { PlimsollError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Forge } from '../forges/forge.ts';
import type { Overrides } from '../job/assemble.ts';
import type { RunParts } from '../job/connections.ts';
import type { EngineWish } from '../job/engines.ts';
import type { RunRequest } from '../job/look-at-scopes.ts';
import type { MoveDependencies } from '../job/moves/engine-moves.ts';
import type { JobResult } from '../job/run-job.ts';
import type { ListedBranch, UnlistedOwner } from '../sources/discover-repositories.ts';
import type { Part, SharedRun } from '../state/postgres/shared-run.ts';
import type { SharedRuns } from '../state/postgres/shared-runs.ts';
import type { RunLock, Store } from '../state/store.ts';

/** What a worker has as long as it lives. */
export interface WorkerSetup {
  readonly config: Config;
  readonly given: Overrides;
  readonly engines: readonly EngineWish[];
  readonly store: Store;
  readonly runs: SharedRuns;
  readonly logger: Logger;
  /** A folder with the settings that hold in it, or why it cannot be read. */
  readonly folder: (path: string) => Promise<Pick<RunRequest, 'trees' | 'unread'>>;
  /** Opens a forge, or says why there is no login. */
  readonly open: (parts: RunParts, wanted: WantedForge) => Promise<Forge | string>;
  /** One at a time, whoever does it. Throws PlimsollError 'LOCKED'. */
  readonly lockRun: () => Promise<RunLock>;
  /** What another process may not do at the same time. Throws PlimsollError 'LOCKED'. */
  readonly alone: <T>(what: string, work: () => Promise<T>) => Promise<T>;
  /** How what moves workloads ends. */
  readonly moving: Pick<MoveDependencies, 'uninterrupted'>;
  readonly exitCode: (result: JobResult) => number;
}

/** What one part works with. */
export interface PartSetup extends WorkerSetup {
  readonly part: Part;
  readonly run: SharedRun;
  /** The parts of its own small run. */
  readonly parts: RunParts;
  readonly signal: AbortSignal;
}

/** Opens the forge with this place in the configuration. Throws PlimsollError 'CONFIG' where there is no login. */
export async function openForge({ config, open, parts }: PartSetup, index: number): Promise<Forge> {
  const { selections: _, ...wanted } = config.forges[index] ?? { type: '', selections: [] };
  const forge = await open(parts, wanted);
  if (typeof forge === 'string') throw new PlimsollError('CONFIG', forge);
  return forge;
}

/** A list with a hole for every forge but this one. */
export function onlyForge(config: Config, index: number, forge: Forge): readonly (Forge | undefined)[] {
  return config.forges.map((_, i) => (i === index ? forge : undefined));
}

/** Repositories that one part reads. */
const repositoriesAPart = 10;

/** The branches of a repository stay together: they share its limits. */
export function chunked(
  all: readonly (ListedBranch | UnlistedOwner)[],
): readonly (readonly (ListedBranch | UnlistedOwner)[])[] {
  const chunks: (ListedBranch | UnlistedOwner)[][] = [];
  let repositories = new Set<string>();
  for (const one of all) {
    const id = 'repository' in one ? one.repository.id : '';
    if (chunks.length === 0 || (repositories.size >= repositoriesAPart && !repositories.has(id))) {
      chunks.push([]);
      repositories = new Set();
    }
    repositories.add(id);
    chunks.at(-1)?.push(one);
  }
  return chunks;
}
