import { type Digest, isDigest } from '../../../core/image/digest.ts';
import type { ImageReference } from '../../../core/image/reference.ts';
import { type Fields, fields, optional, text } from '../../connection/answer-fields.ts';
import { ownDigests } from '../../workload-parts.ts';

/*
 * A container and an image as a swap has to know them: whole, for what is not carried over is lost. They hold every secret there is, so
 * they stay in this folder and in memory.
 */

/** `GET /containers/{id}/json`. */
export interface Inspected {
  readonly id: string;
  readonly name: string;
  /** RFC 3339. */
  readonly created: string;
  readonly imageId: string;
  /** The platform's manifest, where the store knows it (1.48). */
  readonly manifest?: string;
  readonly isRunning: boolean;
  /** `running`, `paused`, `restarting`, `exited`, … */
  readonly status: string;
  /** `none`, `starting`, `healthy`, `unhealthy`. */
  readonly health: string;
  readonly wasStarted: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
  readonly restartCount: number;
  readonly config: Fields;
  readonly host: Fields;
  readonly networks: Readonly<Record<string, Fields>>;
  readonly mounts: readonly Fields[];
  readonly labels: Readonly<Record<string, string>>;
}

/** `GET /images/{id}/json`. */
export interface StoredImage {
  readonly id: string;
  readonly config: Fields;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  /** The store says what it keeps (1.48). */
  readonly hasDescriptor: boolean;
}

/** What a daemon has for a time that never was. */
const never = '0001-01-01T00:00:00Z';

/** Reads `GET /containers/{id}/json`. Throws EngineFailure where it is something else. */
export function readInspected(answer: unknown): Inspected {
  const one = fields(answer, '/containers/{id}/json');
  const [state, config, host] = [one['State'], one['Config'], one['HostConfig']].map((part) =>
    fields(part, '/containers/{id}/json'),
  ) as [Fields, Fields, Fields];
  const networks = optional(optional(one['NetworkSettings'])?.['Networks']) ?? {};
  const labels = Object.entries(optional(config['Labels']) ?? {}).map(([key, value]) => [key, text(value)]);
  const manifest = optional(one['ImageManifestDescriptor'])?.['digest'];
  const startedAt = text(state['StartedAt']);
  return {
    id: text(one['Id']),
    name: text(one['Name']).replace(/^\//, ''),
    created: text(one['Created']),
    imageId: text(one['Image']),
    ...(typeof manifest === 'string' && { manifest }),
    isRunning: state['Running'] === true,
    status: text(state['Status']),
    health: text(optional(state['Health'])?.['Status']) || 'none',
    wasStarted: startedAt !== '' && startedAt !== never,
    startedAt,
    finishedAt: text(state['FinishedAt']),
    exitCode: typeof state['ExitCode'] === 'number' ? state['ExitCode'] : 0,
    restartCount: typeof one['RestartCount'] === 'number' ? one['RestartCount'] : 0,
    config,
    host,
    networks: Object.fromEntries(Object.entries(networks).map(([name, value]) => [name, optional(value) ?? {}])),
    mounts: (Array.isArray(one['Mounts']) ? one['Mounts'] : []).map((mount) => optional(mount) ?? {}),
    labels: Object.fromEntries(labels),
  };
}

/** Reads `GET /images/{id}/json`. Throws EngineFailure where it is something else. */
export function readStored(answer: unknown): StoredImage {
  const image = fields(answer, '/images/{id}/json');
  const config = optional(image['Config']) ?? {};
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value : []).map(text);
  return {
    id: text(image['Id']),
    config,
    labels: optional(config['Labels']) ?? {},
    os: text(image['Os']),
    architecture: text(image['Architecture']),
    variant: text(image['Variant']),
    repoTags: texts(image['RepoTags']),
    repoDigests: texts(image['RepoDigests']),
    hasDescriptor: optional(image['Descriptor']) !== undefined,
  };
}

/** The digest that an image was pulled by; undefined where the store keeps none of this repository, or several. */
export function pulledDigest(image: StoredImage, repository: ImageReference): Digest | undefined {
  if (image.hasDescriptor && isDigest(image.id)) return image.id;
  const [one, ...others] = ownDigests(image.repoDigests, repository);
  return others.length === 0 ? one : undefined;
}

/** Its restart policy, as text that can be compared and kept in a label. */
export function restartPolicy({ host }: Inspected): string {
  const { Name: name, MaximumRetryCount: retries } = optional(host['RestartPolicy']) ?? {};
  return name === 'on-failure' && typeof retries === 'number' && retries > 0
    ? `on-failure:${retries}`
    : text(name) || 'no';
}

/** The same as the API has it; undefined for what is none. */
export function parseRestartPolicy(
  written: string,
): { readonly Name: string; readonly MaximumRetryCount: number } | undefined {
  const [, name, retries] = /^(no|always|unless-stopped|on-failure)(?::(\d{1,9}))?$/.exec(written) ?? [];
  if (name === undefined || (retries !== undefined && name !== 'on-failure')) return undefined;
  return { Name: name, MaximumRetryCount: Number(retries ?? 0) };
}

/** Is nothing said by it? A daemon writes out what nobody set. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Compares values of JSON: what says nothing is the same as what is not there. */
export function isSame(a: unknown, b: unknown): boolean {
  return (isEmpty(a) && isEmpty(b)) || canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
