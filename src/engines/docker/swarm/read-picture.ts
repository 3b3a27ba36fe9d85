import { inTurns } from '../../../core/time/turns.ts';
import { type Fields, fields, labelsIn, optional, readList, text } from '../../connection/answer-fields.ts';
import { readInfo } from '../docker-answers.ts';
import type { DockerClient } from '../docker-client.ts';
import type { SwarmNode, SwarmPicture, SwarmService, SwarmTask } from './swarm-picture.ts';

/** Asks a manager of a swarm; undefined where it manages none. Throws EngineFailure. */
export async function readPicture(client: DockerClient): Promise<SwarmPicture | undefined> {
  const info = readInfo(await client.get({ path: '/info' }));
  if (info.swarm?.isManager !== true) return undefined;
  const list = async <T>(
    path: '/nodes' | '/services' | '/tasks',
    read: (one: unknown) => T,
    query = {},
  ): Promise<readonly T[]> => inTurns(readList(await client.get({ path, query }), path, read));
  const running = { filters: JSON.stringify({ 'desired-state': ['running'] }) };
  const [nodes, services, tasks] = await Promise.all([
    list('/nodes', swarmNode),
    list('/services', swarmService),
    list('/tasks', swarmTask, running),
  ]);
  const placed = tasks.flatMap(({ service, node }) => (node === '' ? [] : [{ service, node }]));
  const unsettled = tasks.filter(({ node, isRunning }) => node === '' || !isRunning).length;
  return { cluster: info.swarm.cluster ?? info.id, nodes, services, tasks: placed, unsettled };
}

/** Reads an entry of `GET /nodes`. */
export function swarmNode(answer: unknown): SwarmNode {
  const one = fields(answer, '/nodes');
  const [spec, status, description] = [optional(one['Spec']), optional(one['Status']), optional(one['Description'])];
  const platform = optional(description?.['Platform']);
  const state = text(status?.['State']);
  return {
    id: text(one['ID']),
    name: text(description?.['Hostname']),
    role: text(spec?.['Role']),
    isReady: state === 'ready' && text(spec?.['Availability']) === 'active',
    isDown: state !== 'ready',
    os: text(platform?.['OS']),
    architecture: text(platform?.['Architecture']),
    labels: labelsIn(spec?.['Labels']),
    engineLabels: labelsIn(optional(description?.['Engine'])?.['Labels']),
  };
}

/** Reads an entry of `GET /services`. */
export function swarmService(answer: unknown): SwarmService {
  const one = fields(answer, '/services');
  const spec = optional(one['Spec']) ?? {};
  const template = optional(spec['TaskTemplate']) ?? {};
  const container = optional(template['ContainerSpec']) ?? {};
  const placement = optional(template['Placement']) ?? {};
  const update = optional(spec['UpdateConfig']) ?? {};
  const status = optional(one['UpdateStatus']);
  const at = Date.parse(text(status?.['CompletedAt']) || text(status?.['StartedAt']));
  const max = placement['MaxReplicas'];
  const parallelism = update['Parallelism'];
  return {
    id: text(one['ID']),
    name: text(spec['Name']),
    mode: optional(optional(spec['Mode'])?.['Replicated']) === undefined ? 'other' : 'replicated',
    constraints: listIn(placement, 'Constraints').map(text),
    hasPreferences: listIn(placement, 'Preferences').length > 0,
    platforms: listIn(placement, 'Platforms').map((platform) => ({
      os: text(optional(platform)?.['OS']),
      architecture: text(optional(platform)?.['Architecture']),
    })),
    maxPerNode: typeof max === 'number' ? max : 0,
    isTied: listIn(container, 'Mounts').some(isTiedMount) || portsOf(one, spec).some(isHostPort),
    labels: { ...labelsIn(container['Labels']), ...labelsIn(spec['Labels']) },
    update: {
      order: text(update['Order']) === 'start-first' ? 'start-first' : 'stop-first',
      parallelism: typeof parallelism === 'number' ? parallelism : 1,
      ...(status !== undefined && text(status['State']) !== '' && { state: text(status['State']) }),
      ...(!Number.isNaN(at) && { at }),
    },
  };
}

/** A folder of its host, or a volume that is only on its node. */
function isTiedMount(mount: unknown): boolean {
  const one = optional(mount);
  const type = text(one?.['Type']);
  const driver = text(optional(optional(one?.['VolumeOptions'])?.['DriverConfig'])?.['Name']);
  return type === 'bind' || type === 'npipe' || (type === 'volume' && (driver === '' || driver === 'local'));
}

function isHostPort(port: unknown): boolean {
  return text(optional(port)?.['PublishMode']) === 'host';
}

function portsOf(one: Fields, spec: Fields): readonly unknown[] {
  return [...listIn(optional(spec['EndpointSpec']), 'Ports'), ...listIn(optional(one['Endpoint']), 'Ports')];
}

/** Reads an entry of `GET /tasks`; one that is on no node yet has an empty name of one. */
function swarmTask(answer: unknown): SwarmTask & { readonly isRunning: boolean } {
  const one = fields(answer, '/tasks');
  const isRunning = text(optional(one['Status'])?.['State']) === 'running';
  return { service: text(one['ServiceID']), node: text(one['NodeID']), isRunning };
}

function listIn(from: Fields | undefined, key: string): readonly unknown[] {
  const found = from?.[key];
  return Array.isArray(found) ? found : [];
}
