import { cut, type Fields, fields, type Labels, labelsIn, optional, text } from '../connection/answer-fields.ts';

/*
 * Of what a daemon answers (moby, api/docs/v1.40.yaml to v1.51.yaml), the few fields that are read. Env, commands, mounts and
 * everything else that may hold a secret never leave this file.
 */

/** `GET /info`. */
export interface DockerInfo {
  readonly id: string;
  readonly name: string;
  /** Images are kept by containerd, and their ids are the digests that were pulled. */
  readonly isContentStore: boolean;
  readonly swarm?: { readonly isManager: boolean; readonly cluster?: string };
}

/** An entry of `GET /containers/json`. */
export interface DockerContainer {
  readonly id: string;
  readonly name: string;
  /** As it was written, or an id when the image has no name any more. */
  readonly image: string;
  readonly imageId: string;
  readonly state: string;
  /** `Up 5 minutes (unhealthy)` */
  readonly status: string;
  readonly labels: Labels;
  /** The platform's manifest, where the image store knows manifests and the version (1.48) says it. */
  readonly manifest?: string;
  /** Something is mounted that it may write to, and that outlives it. */
  readonly hasData: boolean;
}

/** `GET /images/{id}/json`. */
export interface DockerImage {
  readonly id: string;
  readonly repoDigests: readonly string[];
  readonly platform: string;
  readonly labels: Labels;
  /** The store says what it keeps (1.48): the image's id is a digest. */
  readonly hasDescriptor: boolean;
}

/** An entry of `GET /services`. */
export interface DockerService {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly image: string;
  readonly containerLabels: Labels;
  /** Something is mounted that its tasks may write to. */
  readonly hasData: boolean;
  /** Absent: one task per node, or a job. */
  readonly replicas?: number;
  /** `os/architecture` of what the image was found to serve. */
  readonly platforms: readonly string[];
}

/** An entry of `GET /tasks` that runs: of which service, and where. */
export interface DockerTask {
  readonly service: string;
  readonly node: string;
}

/** An entry of `GET /nodes`. */
export interface DockerNode {
  readonly id: string;
  /** It answers, and takes tasks. */
  readonly isReady: boolean;
  readonly platform: string;
}

/** Reads `GET /info`. Throws EngineFailure where it is something else. */
export function readInfo(answer: unknown): DockerInfo {
  const info = fields(answer, '/info');
  const swarm = optional(info['Swarm']);
  const cluster = optional(swarm?.['Cluster'])?.['ID'];
  const status = Array.isArray(info['DriverStatus']) ? info['DriverStatus'] : [];
  return {
    id: text(info['ID']),
    name: text(info['Name']),
    isContentStore: status.some((row) => Array.isArray(row) && row.includes('io.containerd.snapshotter.v1')),
    ...(swarm?.['LocalNodeState'] === 'active' && {
      swarm: { isManager: swarm['ControlAvailable'] === true, ...(typeof cluster === 'string' && { cluster }) },
    }),
  };
}

/** Reads an entry of `GET /containers/json`. */
export function readContainer(answer: unknown): DockerContainer {
  const one = fields(answer, '/containers/json');
  const manifest = optional(one['ImageManifestDescriptor'])?.['digest'];
  return {
    id: text(one['Id']),
    // What is being removed has lost its name already.
    name: cut(ownName(one['Names']) || text(one['Id']).slice(0, 12)),
    image: text(one['Image']),
    imageId: text(one['ImageID']),
    state: text(one['State']),
    status: cut(text(one['Status'])),
    labels: labelsIn(one['Labels']),
    ...(typeof manifest === 'string' && { manifest }),
    hasData: (Array.isArray(one['Mounts']) ? one['Mounts'] : []).some((mount) => isWritable(optional(mount))),
  };
}

/** The list also has what others that are linked to it call it (`/proxy/web`), and not behind its own name. */
function ownName(names: unknown): string {
  const all = (Array.isArray(names) ? names : []).map((name) => text(name).replace(/^\//, ''));
  return all.find((name) => !name.includes('/')) ?? '';
}

/** A tmpfs is gone with the container; what may only be read is as it was. */
function isWritable(mount: Fields | undefined): boolean {
  return mount !== undefined && mount['RW'] !== false && text(mount['Type']) !== 'tmpfs';
}

/** Of `GET /containers/{id}/json`, the image as it was written. */
export function readWritten(answer: unknown): string {
  return text(optional(fields(answer, '/containers/{id}/json')['Config'])?.['Image']);
}

/** Reads `GET /images/{id}/json`. */
export function readImage(answer: unknown): DockerImage {
  const image = fields(answer, '/images/{id}/json');
  const digests = Array.isArray(image['RepoDigests']) ? image['RepoDigests'] : [];
  const parts = [image['Os'], image['Architecture'], image['Variant']].map(text).filter((part) => part !== '');
  return {
    id: text(image['Id']),
    repoDigests: digests.map(text),
    platform: parts.join('/'),
    labels: labelsIn(optional(image['Config'])?.['Labels']),
    hasDescriptor: optional(image['Descriptor']) !== undefined,
  };
}

/** Reads an entry of `GET /services`. */
export function readService(answer: unknown): DockerService {
  const one = fields(answer, '/services');
  const spec = optional(one['Spec']) ?? {};
  const template = optional(spec['TaskTemplate']) ?? {};
  const container = optional(template['ContainerSpec']) ?? {};
  const replicas = optional(optional(spec['Mode'])?.['Replicated'])?.['Replicas'];
  const placed = optional(template['Placement'])?.['Platforms'];
  return {
    id: text(one['ID']),
    name: cut(text(spec['Name'])),
    labels: labelsIn(spec['Labels']),
    image: text(container['Image']),
    containerLabels: labelsIn(container['Labels']),
    hasData: (Array.isArray(container['Mounts']) ? container['Mounts'] : []).some(
      (mount) => optional(mount)?.['ReadOnly'] !== true && text(optional(mount)?.['Type']) !== 'tmpfs',
    ),
    ...(typeof replicas === 'number' && { replicas }),
    platforms: (Array.isArray(placed) ? placed : []).flatMap((one) => platformOf(optional(one))),
  };
}

/** Reads an entry of `GET /tasks`. */
export function readTask(answer: unknown): DockerTask {
  const one = fields(answer, '/tasks');
  return { service: text(one['ServiceID']), node: text(one['NodeID']) };
}

/** Reads an entry of `GET /nodes`. */
export function readNode(answer: unknown): DockerNode {
  const one = fields(answer, '/nodes');
  const [platform = ''] = platformOf(optional(optional(one['Description'])?.['Platform']));
  const isReady =
    text(optional(one['Status'])?.['State']) === 'ready' && text(optional(one['Spec'])?.['Availability']) === 'active';
  return { id: text(one['ID']), isReady, platform };
}

function platformOf(platform: Fields | undefined): string[] {
  const [os, architecture] = [text(platform?.['OS']), text(platform?.['Architecture'])];
  return os === '' || architecture === '' ? [] : [`${os}/${architecture}`];
}
