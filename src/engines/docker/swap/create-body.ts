import { posix } from 'node:path';
import type { Fields } from '../../connection/answer-fields.ts';
import { optional, text } from '../../connection/answer-fields.ts';
import { type Inspected, isEmpty, isSame } from './inspected.ts';
import { withoutOwnLabels } from './own-names.ts';

/** What a container is made of, beside the image: its owner's own settings. */
export interface OwnSettings {
  /** The body of `POST /containers/create`, without labels of ours. */
  readonly body: Fields;
  /** Networks that it is connected to after that, before it is started: below 1.44 one alone can be named in the body. */
  readonly connect: readonly { readonly network: string; readonly endpoint: Fields }[];
  /** Keys of `Config` in the body because its owner set them. */
  readonly own: ReadonlySet<string>;
  /** What is not carried over: it was the engine's own making. */
  readonly dropped: readonly string[];
}

/** Where it is, beside itself. */
export interface Surroundings {
  /** Of the image that it runs. */
  readonly imageConfig: Fields;
  /** The name of the engine's host. */
  readonly hostName: string;
}

/** Simple settings that an image may have a default for. */
const inherited = ['User', 'WorkingDir', 'StopSignal', 'Shell', 'Healthcheck'] as const;

/** Settings that no image has. */
const plain = [
  'AttachStdin',
  'AttachStdout',
  'AttachStderr',
  'Tty',
  'OpenStdin',
  'StdinOnce',
  'NetworkDisabled',
  'StopTimeout',
];

/** All of `Config` that is understood (moby, api/docs/v1.40.yaml to v1.51.yaml, ContainerConfig). */
const known: ReadonlySet<string> = new Set([
  ...inherited,
  ...plain,
  ...[
    'Hostname',
    'Domainname',
    'ExposedPorts',
    'Env',
    'Cmd',
    'Entrypoint',
    'Image',
    'Volumes',
    'MacAddress',
    'OnBuild',
    'Labels',
  ],
  // Of Windows.
  'ArgsEscaped',
]);

/**
 * The owner's own settings of a container: what it is inspected with, without what its image and the engine put there. What belongs to
 * HostConfig is carried as it is. Gives the reason, as a sentence, where something would be lost. Pure.
 */
export function ownSettings(container: Inspected, { imageConfig, hostName }: Surroundings): OwnSettings | string {
  const { config, host } = container;
  const strange = Object.keys(config).find((key) => !known.has(key) && !isEmpty(config[key]));
  if (strange !== undefined) return 'it has a setting that is not understood here';
  const own: Record<string, unknown> = {};
  const dropped: string[] = [];
  const keep = (key: string, value: unknown): void => {
    if (!isEmpty(value)) own[key] = value;
  };
  for (const key of plain) keep(key, config[key]);
  for (const key of inherited) if (!isSame(config[key], imageConfig[key])) keep(key, config[key]);
  keep(
    'Env',
    listOf(config['Env']).filter((line) => !listOf(imageConfig['Env']).includes(line)),
  );
  Object.assign(own, command(config, imageConfig));
  const mode = text(host['NetworkMode']);
  const ofOther = mode.startsWith('container:');
  const shortId = container.id.slice(0, 12);
  const hostname = text(config['Hostname']);
  const isMade = hostname === shortId || (mode === 'host' && hostname === hostName);
  if (isMade || ofOther || host['UTSMode'] === 'host') {
    if (hostname !== '') dropped.push('Hostname');
  } else {
    keep('Hostname', hostname);
    keep('Domainname', config['Domainname']);
  }
  keep('Volumes', without(config['Volumes'], imageConfig['Volumes']));
  const published = optional(host['PortBindings']) ?? {};
  keep(
    'ExposedPorts',
    without(config['ExposedPorts'], imageConfig['ExposedPorts'], (port) => Object.hasOwn(published, port)),
  );
  if (!ofOther && mode !== 'host') keep('MacAddress', config['MacAddress']);
  else if (!isEmpty(config['MacAddress'])) dropped.push('MacAddress');
  keep(
    'Labels',
    withoutOwnLabels(withoutSame(optional(config['Labels']) ?? {}, optional(imageConfig['Labels']) ?? {})),
  );
  const joined = networksOf(container, mode, shortId);
  if (typeof joined === 'string') return joined;
  const body = {
    ...own,
    Image: text(config['Image']),
    HostConfig: { ...host, Links: linksOf(host['Links']), ...mountsOf(container) },
    ...(joined.main !== undefined && {
      NetworkingConfig: { EndpointsConfig: { [joined.main.network]: joined.main.endpoint } },
    }),
  };
  return { body, connect: joined.connect, own: new Set(Object.keys(own)), dropped };
}

/**
 * Command and entry point go together: with an entry point of its own a container has none of its image's command (moby,
 * daemon/commit.go, merge).
 */
function command(config: Fields, imageConfig: Fields): Fields {
  const [entry, cmd] = [listOf(config['Entrypoint']), listOf(config['Cmd'])];
  const ofImage = [listOf(imageConfig['Entrypoint']), listOf(imageConfig['Cmd'])];
  const isCleared = cmd.length === 0 && (ofImage[1] ?? []).length > 0;
  if (isSame(entry, ofImage[0]) && !isCleared) return isSame(cmd, ofImage[1]) ? {} : { Cmd: cmd };
  // An empty word takes the image's entry point away.
  return { Entrypoint: entry.length === 0 ? [''] : entry, ...(cmd.length > 0 && { Cmd: cmd }) };
}

interface Joined {
  readonly main?: { readonly network: string; readonly endpoint: Fields };
  readonly connect: readonly { readonly network: string; readonly endpoint: Fields }[];
}

/** In these there are no names, and addresses are not chosen. */
const unnamed: ReadonlySet<string> = new Set(['bridge', 'host', 'none', 'default', '']);

function networksOf({ networks }: Inspected, mode: string, shortId: string): Joined | string {
  if (mode === 'host' || mode === 'none' || mode.startsWith('container:')) return { connect: [] };
  const all = Object.entries(networks).map(([network, one]) => ({
    network,
    id: text(one['NetworkID']),
    endpoint: unnamed.has(network) ? {} : endpointOf(one, shortId),
  }));
  const isDefault = unnamed.has(mode);
  const main = all.find(({ network, id }) =>
    isDefault ? network === 'bridge' : network === mode || (id !== '' && id === mode),
  );
  if (main === undefined && (!isDefault || all.some(({ network }) => network !== 'none')))
    return 'it has left the network that it was made with';
  return {
    ...(main !== undefined && !isDefault && { main }),
    connect: all
      .filter((one) => one !== main && one.network !== 'none')
      .map(({ network, endpoint }) => ({ network, endpoint })),
  };
}

/** What was asked for of an endpoint. Below 1.45 the engine lists the short id among its aliases; an address that it chose itself is in other fields. */
function endpointOf(one: Fields, shortId: string): Fields {
  const aliases = [...new Set(listOf(one['Aliases']))].filter((alias) => alias !== shortId);
  const asked = {
    IPAMConfig: one['IPAMConfig'],
    Links: one['Links'],
    Aliases: aliases,
    DriverOpts: one['DriverOpts'],
    GwPriority: one['GwPriority'],
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => !isEmpty(value)));
}

/** They come back as `/target:/self/alias`, and are given as `target:alias`. */
function linksOf(links: unknown): unknown {
  if (!Array.isArray(links)) return links;
  return links.map((one) => text(one).replace(/^\/([^:]+):\/.*\/([^/]+)$/, '$1:$2'));
}

/**
 * A volume without a name of its own stands nowhere in what its owner asked for, or without a name: as a mount by the name that the engine
 * gave it, it is the new container's as well.
 */
function mountsOf({ host, mounts }: Inspected): { readonly Binds: unknown; readonly Mounts: unknown } {
  const asked = (Array.isArray(host['Mounts']) ? host['Mounts'] : []).map((one) => optional(one) ?? {});
  const binds = listOf(host['Binds']).filter((bind) => bind.includes(':'));
  const bound = new Set(binds.map((bind) => cleanPath(bind.split(':')[1] ?? '')));
  const volumes = mounts.filter((one) => one['Type'] === 'volume' && text(one['Name']) !== '');
  const found = (target: string): Fields | undefined =>
    volumes.find((one) => cleanPath(text(one['Destination'])) === target);
  const named = asked.map((one) => {
    const isNameless = one['Type'] === 'volume' && isEmpty(one['Source']);
    const volume = isNameless ? found(cleanPath(text(one['Target']))) : undefined;
    return volume === undefined ? one : { ...one, Source: volume['Name'] };
  });
  const targets = new Set(asked.map((one) => cleanPath(text(one['Target']))));
  const anonymous = volumes.filter((one) => {
    const at = cleanPath(text(one['Destination']));
    return !bound.has(at) && !targets.has(at);
  });
  const added = anonymous.map((one) => ({
    Type: 'volume',
    Source: one['Name'],
    Target: one['Destination'],
    ...(one['RW'] === false && { ReadOnly: true }),
  }));
  const all = [...named, ...added];
  return {
    Binds: Array.isArray(host['Binds']) ? binds : host['Binds'],
    Mounts: all.length === 0 ? host['Mounts'] : all,
  };
}

/** As the engine shows it (Go's path.Clean). */
function cleanPath(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

/** Where it writes that is not its own file system, nor memory. */
export function writableMounts({ mounts }: Inspected): string[] {
  return mounts.filter((one) => one['RW'] !== false && one['Type'] !== 'tmpfs').map((one) => text(one['Destination']));
}

function listOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return (Array.isArray(value) ? value : []).map(text);
}

function without(value: unknown, ofImage: unknown, always: (key: string) => boolean = () => false): Fields {
  const theirs = optional(ofImage) ?? {};
  const entries = Object.entries(optional(value) ?? {});
  return Object.fromEntries(entries.filter(([key]) => always(key) || !Object.hasOwn(theirs, key)));
}

function withoutSame(labels: Fields, ofImage: Fields): Fields {
  return Object.fromEntries(
    Object.entries(labels).filter(([key, value]) => !(Object.hasOwn(ofImage, key) && ofImage[key] === value)),
  );
}
