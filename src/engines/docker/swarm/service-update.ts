import { sleep } from '../../../core/time/clock.ts';
import { type Fields, fields, optional, text } from '../../connection/answer-fields.ts';
import { EngineFailure } from '../../connection/ask.ts';
import type { DockerClient } from '../docker-client.ts';
import { readPicture } from './read-picture.ts';
import type { SwarmHands } from './swarm-hands.ts';

/** A service as it is changed: whole, for what is not sent back is lost. It is full of secrets, and stays in this folder. */
export interface WholeService {
  readonly id: string;
  readonly name: string;
  /** What is changed is what was read, or nothing. */
  readonly version: number;
  readonly spec: Fields;
  readonly previous: Fields | undefined;
  /** How its last update stands; empty: it never had one. */
  readonly state: string;
}

/** The service with this id or name; undefined: there is none. Throws EngineFailure. */
export async function wholeService(client: DockerClient, name: string): Promise<WholeService | undefined> {
  const answer = await client.get({ path: '/services' });
  for (const one of Array.isArray(answer) ? answer : []) {
    const service = fields(one, '/services');
    const spec = optional(service['Spec']) ?? {};
    if (service['ID'] !== name && spec['Name'] !== name) continue;
    const version = optional(service['Version'])?.['Index'];
    if (typeof version !== 'number')
      throw new EngineFailure('the answer to GET /services is not what the API describes');
    return {
      id: text(service['ID']),
      name: text(spec['Name']),
      version,
      spec,
      previous: optional(service['PreviousSpec']),
      state: text(optional(service['UpdateStatus'])?.['State']),
    };
  }
  return undefined;
}

/** What its tasks are made of. */
export function containerSpec(spec: Fields | undefined): Fields {
  return optional(optional(spec?.['TaskTemplate'])?.['ContainerSpec']) ?? {};
}

/** The same with other words for its tasks. */
export function withTask(spec: Fields, change: (task: Fields) => Fields): Fields {
  return { ...spec, TaskTemplate: change(optional(spec['TaskTemplate']) ?? {}) };
}

/** The login for the registry is given along, or else the one that the service has: without one its nodes could pull nothing any more. */
export async function updateService(
  client: DockerClient,
  { id, version, spec }: Pick<WholeService, 'id' | 'version' | 'spec'>,
  options: { readonly auth?: string | undefined; readonly rollback?: boolean } = {},
): Promise<void> {
  const { auth, rollback = false } = options;
  await client.change({
    call: 'POST /services/{id}/update',
    id,
    query: {
      version: String(version),
      ...(auth === undefined && { registryAuthFrom: rollback ? 'previous-spec' : 'spec' }),
      ...(rollback && { rollback: 'previous' }),
    },
    body: spec,
    auth,
  });
}

/** Was it changed by somebody else since it was read? A daemon says it with 500 (swarmkit, ErrSequenceConflict). */
export function isOutOfSequence(error: unknown): boolean {
  return error instanceof EngineFailure && /changed it meanwhile/.test(error.message);
}

/** States in which an update has come to its end, or waits for a person. */
const over: ReadonlySet<string> = new Set(['completed', 'paused', 'rollback_completed', 'rollback_paused']);

const pause = 500;

/** Waits until an update has come to its end, and gives how: its state, `gone`, `timed out` or `stopped`. */
export async function updateEnd(
  client: DockerClient,
  id: string,
  seconds: number,
  stopping: () => boolean,
): Promise<string> {
  const begun = performance.now();
  for (;;) {
    if (stopping()) return 'stopped';
    const now = await wholeService(client, id);
    if (now === undefined) return 'gone';
    if (over.has(now.state)) return now.state;
    if (performance.now() - begun > seconds * 1000) return 'timed out';
    await sleep(pause);
  }
}

/** Seconds that an update may take by the words of its own specification, with time for pulling and starting. */
export function updateTime(spec: Fields): number {
  const update = optional(spec['UpdateConfig']) ?? {};
  const number = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
  const replicas = number(optional(optional(spec['Mode'])?.['Replicated'])?.['Replicas']) || 1;
  const batches = Math.ceil(replicas / (number(update['Parallelism']) || replicas));
  const each = (number(update['Delay']) + number(update['Monitor'])) / 1e9;
  return batches * (each + perBatch);
}

/** To pull, to start, to become healthy. */
const perBatch = 600;

/** Hands on a swarm through a client that may redeploy. */
export function swarmHands(client: DockerClient): SwarmHands {
  return {
    picture: () => readPicture(client),
    force: async (id, stopping) => {
      const service = await wholeService(client, id);
      if (service === undefined) return 'gone';
      const spec = withTask(service.spec, (task) => {
        const { ForceUpdate: forced } = task;
        return { ...task, ForceUpdate: (typeof forced === 'number' ? forced : 0) + 1 };
      });
      try {
        await updateService(client, { ...service, spec });
      } catch (error) {
        if (isOutOfSequence(error)) return 'changed meanwhile';
        throw error;
      }
      return updateEnd(client, id, updateTime(spec), stopping);
    },
  };
}
