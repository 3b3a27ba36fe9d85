import { createHash } from 'node:crypto';
import { PlimsollError } from '../../core/errors.ts';
import { type Digest, isDigest } from '../../core/image/digest.ts';
import type { Descriptor, ImageConfig, ImageDocument, IndexEntry } from '../../core/image/image.ts';
import type { Platform } from '../../core/image/platform.ts';
import { limits } from '../../core/limits/limits.ts';
import { isSecretKey } from '../../core/secret.ts';

export type Json = Readonly<Record<string, unknown>>;

/**
 * Reads an image index or manifest (OCI image-spec image-index.md and manifest.md; Docker image manifest v2 schema 2).
 * What it is is decided by its content: a media type header and the document may disagree, and attackers profit when
 * two readers decide differently, so a document with both `manifests` and `layers` is refused. Throws PlimsollError 'REGISTRY'.
 */
export function parseDocument(bytes: Uint8Array, digest: Digest): ImageDocument {
  const document = parseJson(bytes);
  if (document['schemaVersion'] === 1) {
    throw refuse(
      'it is a Docker schema 1 manifest, which has been retired; push the image again with a current client',
    );
  }
  if (document['schemaVersion'] !== 2) throw refuse('it has no schemaVersion 2');
  const has = (key: string): boolean => document[key] !== undefined && document[key] !== null;
  if (has('manifests') && (has('layers') || has('config'))) throw refuse('it is an index and a manifest at once');
  if (!Array.isArray(document['manifests']) && !Array.isArray(document['layers'])) {
    throw refuse('it is neither an index nor a manifest');
  }
  if (has('manifests')) return { kind: 'index', digest, children: list(document['manifests']).flatMap(entryOf) };
  return {
    kind: 'manifest',
    digest,
    config: descriptor(object(document['config'])),
    layers: list(document['layers']).map((layer) => layerOf(object(layer))),
    annotations: strings(document['annotations']),
  };
}

/**
 * BuildKit stores attestations as children with platform unknown/unknown and a reference type annotation; what names an
 * artifact type is none to run.
 */
function entryOf(entry: unknown): IndexEntry[] {
  const json = object(entry);
  const annotations = isObject(json['annotations']) ? json['annotations'] : {};
  if (annotations['vnd.docker.reference.type'] !== undefined) return [];
  if (!isObject(json['platform'])) return typeof json['artifactType'] === 'string' ? [] : [descriptor(json)];
  const platform = parsePlatformObject(json['platform']);
  if (platform.os === 'unknown' || platform.architecture === 'unknown') return [];
  return [{ ...descriptor(json), platform }];
}

/**
 * Layers of Windows' own are fetched from where `urls` say (OCI image-spec descriptor.md; layer.md, "Non-Distributable
 * Layers"; Docker's `foreign`). That address is not asked: it is a stranger's.
 */
function layerOf(json: Json): Descriptor {
  const layer = descriptor(json);
  const isForeign =
    /\.(?:foreign|nondistributable)\./.test(layer.mediaType) ||
    (Array.isArray(json['urls']) && json['urls'].length > 0);
  return isForeign ? { ...layer, foreign: true } : layer;
}

/** Media type, digest and size of what a document points at. */
export function descriptor(json: Json): Descriptor {
  const { mediaType, digest, size } = json;
  if (typeof digest !== 'string' || !isDigest(digest)) throw refuse('a descriptor has no valid digest');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw refuse('a descriptor has no valid size');
  return { mediaType: typeof mediaType === 'string' ? mediaType : '', digest, size };
}

/** Reads an image config (OCI image-spec config.md). Throws PlimsollError 'REGISTRY'. */
export function parseConfig(bytes: Uint8Array): ImageConfig {
  const json = parseJson(bytes);
  const rootfs = isObject(json['rootfs']) ? json['rootfs'] : {};
  const config = isObject(json['config']) ? json['config'] : {};
  const created = json['created'];
  return {
    platform: parsePlatformObject(json),
    ...(typeof created === 'string' && { created }),
    diffIds: (Array.isArray(rootfs['diff_ids']) ? rootfs['diff_ids'] : []).filter((id) => typeof id === 'string'),
    labels: strings(config['Labels']),
    behaviour: behaviour(config),
  };
}

// LABEL and history are shown elsewhere and never classify.
const behaviouralKeys = ['User', 'Entrypoint', 'Cmd', 'WorkingDir', 'StopSignal', 'Healthcheck', 'Shell'];
const setKeys = ['ExposedPorts', 'Volumes'];

/** What a publisher left in ENV by mistake is kept nowhere: that it has changed shows in its sum. */
function valueOf(name: string, value: string): string {
  if (value === '' || !isSecretKey(name)) return value;
  return `sha256:${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
}

function behaviour(config: Json): Record<string, string> {
  const rows: Record<string, string> = {};
  for (const line of Array.isArray(config['Env']) ? config['Env'] : []) {
    if (typeof line !== 'string') continue;
    const equals = line.indexOf('=');
    const name = equals < 0 ? line : line.slice(0, equals);
    rows[`Env.${name}`] = valueOf(name, equals < 0 ? '' : line.slice(equals + 1));
  }
  for (const key of behaviouralKeys) {
    const value = config[key];
    // Absent, null, "" and [] are one and the same to a runtime; builders differ in which they write.
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    rows[key] = typeof value === 'string' ? value : stringify(value);
  }
  for (const key of setKeys) {
    const names = isObject(config[key]) ? Object.keys(config[key]).sort() : [];
    if (names.length > 0) rows[key] = names.join(' ');
  }
  return rows;
}

/** JSON.parse reads any depth; JSON.stringify has the stack for some thousand levels. */
function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw refuse('a value in its config is nested too deeply', error);
  }
}

function parsePlatformObject(json: Json): Platform {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const [variant, osVersion] = [text(json['variant']), text(json['os.version'])];
  return {
    os: text(json['os']) || 'unknown',
    architecture: text(json['architecture']) || 'unknown',
    ...(variant !== '' && { variant }),
    ...(osVersion !== '' && { osVersion }),
  };
}

/** The members of an object that are text. */
export function strings(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Throws PlimsollError 'REGISTRY' for anything but a JSON object in UTF-8. */
export function parseJson(bytes: Uint8Array): Json {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw refuse('it is not JSON', error);
  }
  return object(value);
}

/** Is a value of JSON an object, and no array? */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object. Throws PlimsollError 'REGISTRY' when it is none. */
export function object(value: unknown): Json {
  if (!isObject(value)) throw refuse('an object is missing where one belongs');
  return value;
}

/** At most 10,000 entries. */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length > limits.image.documentEntries.most)
    throw refuse(`it lists more than ${limits.image.documentEntries.most} entries`);
  return value;
}

function refuse(why: string, cause?: unknown): PlimsollError {
  return new PlimsollError('REGISTRY', `not an image document: ${why}`, { cause });
}
