import { messageOf } from '../core/errors.ts';
import { formatPlatform } from '../core/image/platform.ts';
import { referenceKey } from '../core/image/reference.ts';
import { workloadId } from '../core/news.ts';
import { compareText, workloadPlace } from '../core/place.ts';
import type { RedeploySettings } from '../core/redeploy.ts';
import type { ScopeCounts } from '../core/run-record.ts';
import { inTurns, type Steps } from '../core/time/turns.ts';
import type { EngineReading } from '../engines/engine.ts';
import type { Policy } from '../verdict/policy.ts';
import type { EngineWorkload, Scope, Source, UseGroup } from './source.ts';
import type { Use } from './use.ts';

/** An engine that is to be read. */
export interface EngineRequest {
  /** By the configuration; else its host's name is taken. */
  readonly name?: string;
  /** As it was asked for: what it is called when it does not say its name. */
  readonly asked: string;
  readonly policy: Policy;
  /** Absent: it is only asked. */
  readonly redeploy?: RedeploySettings;
  /** Connects, asks and disconnects. */
  readonly read: () => Promise<EngineReading>;
}

/** The scopes of engines, which are asked all at once. A swarm with several managers is told once. */
export function engineSource(requests: readonly EngineRequest[]): Source {
  return {
    type: 'engine',
    open: async function* () {
      const readings = requests.map((request) => readingOf(request));
      const swarms = new Set<string>();
      for (const [i, request] of requests.entries()) {
        const reading = (await readings[i]) as EngineReading | Error;
        if (reading instanceof Error) yield unreadScope(request, reading);
        else {
          const isSeen = reading.swarm !== undefined && swarms.has(reading.swarm);
          if (reading.swarm !== undefined) swarms.add(reading.swarm);
          yield await inTurns(engineScope(request, isSeen ? withoutServices(reading) : reading));
        }
      }
    },
  };
}

/** Whatever goes wrong is waited for in its turn. */
async function readingOf({ read }: EngineRequest): Promise<EngineReading | Error> {
  try {
    return await read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function withoutServices(reading: EngineReading): EngineReading {
  return {
    ...reading,
    workloads: reading.workloads.filter(({ kind }) => kind !== 'service'),
    counts: { ...reading.counts, services: 0 },
  };
}

/** So many are looked at before others have a turn. */
const workloadsPerStep = 500;

const nothing: ScopeCounts = { containers: 0, services: 0, stopped: 0, tasks: 0, local: 0 };

function unreadScope({ name, asked, policy }: EngineRequest, error: Error): Scope {
  const own = name ?? asked.replace(/:$/, '');
  return {
    id: `engine:${own}`,
    name: own,
    kind: 'engine',
    policy,
    platforms: [],
    isWhole: false,
    problems: [{ code: 'ENGINE', message: `cannot be read: ${messageOf(error)}`, subject: own }],
    engine: { counts: nothing, workloads: [] },
    groups: () => [],
  };
}

function* engineScope(request: EngineRequest, reading: EngineReading): Steps<Scope> {
  const name = request.name ?? (reading.name || request.asked);
  const id = request.name ?? (reading.id || request.asked);
  const swarm = request.name ?? reading.swarm ?? id;
  const uses = new Map<string, Use>();
  const digests = new Map<string, string[]>();
  const sorted = [...reading.workloads].sort((a, b) => compareText(a.name, b.name));
  const workloads: EngineWorkload[] = [];
  for (const one of sorted) {
    if (workloads.length % workloadsPerStep === 0) yield;
    const found = useOf(one, name, one.kind === 'service' ? swarm : id);
    if (found === undefined) {
      workloads.push(one);
      continue;
    }
    // Replicas with one digest are one use; what runs something else is another.
    const known = digests.get(found.key(0)) ?? [];
    digests.set(found.key(0), known);
    const digest = found.use.has?.digest ?? '';
    if (!known.includes(digest)) known.push(digest);
    const key = found.key(known.indexOf(digest));
    const same = uses.get(key);
    uses.set(key, same === undefined ? { ...found.use, key } : { ...same, count: (same.count ?? 1) + 1 });
    workloads.push({ ...one, key });
  }
  return {
    id: `engine:${id}`,
    name,
    kind: 'engine',
    policy: request.policy,
    platforms: [...new Set([...uses.values()].flatMap(({ platforms }) => platforms.map(formatPlatform)))],
    isWhole: reading.isWhole,
    problems: reading.problems.map((one) => (one.code === 'ENGINE' ? { subject: name, ...one } : one)),
    engine: {
      counts: reading.counts,
      workloads,
      ...(reading.ailing && { ailing: reading.ailing }),
      ...(reading.swarm !== undefined && reading.nodes && { swarm: { id: reading.swarm, nodes: reading.nodes } }),
      ...(request.redeploy && { redeploy: request.redeploy }),
    },
    groups: () => [...uses.values()].map(groupOf),
  };
}

function groupOf(use: Use): UseGroup {
  return { uses: [use], pins: [], words: 0, rootfs: [], problems: [] };
}

/** What is not looked at is no use of an image. */
function useOf(
  workload: EngineWorkload,
  name: string,
  engine: string,
): { readonly use: Omit<Use, 'key'>; readonly key: (ordinal: number) => string } | undefined {
  const { kind, compose, redeploy, written, reference, platforms, image } = workload;
  if (image.is === 'local' || image.is === 'skipped' || reference === undefined) return undefined;
  const identity = { engine, place: workloadPlace(workload), key: referenceKey(reference) };
  const place = {
    workload: {
      engine: name,
      kind,
      name: workload.name,
      ...(compose && { compose }),
      ...(redeploy !== undefined && { redeploy }),
    },
  };
  const use = { place, role: 'runs', written, platforms } as const;
  return {
    key: (ordinal) => workloadId({ ...identity, ordinal }),
    use:
      image.is === 'unknown'
        ? { ...use, skipped: image.problem }
        : { ...use, reference, has: { digest: image.running.root, by: 'running' } },
  };
}
