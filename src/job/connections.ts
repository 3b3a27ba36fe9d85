import type { AdvisoryFeed } from '../advisories/feed.ts';
import { createFolderFeed } from '../advisories/folder.ts';
import { createOsvFeed } from '../advisories/osv.ts';
import { createSecdbFeed } from '../advisories/secdb-feed.ts';
import type { ByteCache } from '../cache/byte-cache.ts';
import { FileCache } from '../cache/file-cache.ts';
import { GatheringCache } from '../cache/gathering-cache.ts';
import { memoryCache } from '../cache/memory-cache.ts';
import type { WantedForge } from '../config/config.ts';
import { type AdvisorySettings, type ArchiveSettings, osvAddress, type RegistrySettings } from '../config/settings.ts';
import { PlimsollError } from '../core/errors.ts';
import { type ImageReference, parseReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import type { Logger } from '../core/logger.ts';
import { ProblemLog } from '../core/problem-log.ts';
import type { Clock } from '../core/time/clock.ts';
import type { EngineDependencies } from '../engines/engine.ts';
import type { Forge } from '../forges/forge.ts';
import type { Network } from '../http/agents.ts';
import { Gate } from '../http/gate.ts';
import { type AddressClass, isLoopbackHost } from '../http/host-rules.ts';
import { HttpClient } from '../http/http-client.ts';
import { HttpConnections } from '../http/http-connections.ts';
import { type HostPlaces, PlacedHosts } from '../http/placed-hosts.ts';
import { plainFetch } from '../http/plain-fetch.ts';
import type { TlsSettings } from '../http/tls-settings.ts';
import { localKinds } from '../local/index.ts';
import { LocalImages, withLocal } from '../local/local-images.ts';
import { createInspector, type Inspector } from '../look/inspect.ts';
import type { NotifierDependencies } from '../notify/notifier.ts';
import { type CredentialSource, type Credentials, firstOf } from '../oci/credentials/credentials.ts';
import { type CredentialStore, storedCredentials } from '../oci/credentials/stored-credentials.ts';
import type { KnownTokens } from '../oci/credentials/token.ts';
import { quirkOf, registryOf } from '../oci/quirks/index.ts';
import { RegistryClient } from '../oci/registry/registry-client.ts';
import { archiveFamilies } from '../packages/archives/archive-families.ts';
import type { VerifySignature } from '../signatures/verify-image.ts';
import type { ProposeDependencies } from '../targets/proposals/propose-settings.ts';
import type { RunDependencies } from './look-at-scopes.ts';

/** What all runs of a process share: who we are, where things are kept, and what the operator says of hosts. */
export interface ConnectionSettings {
  readonly version: string;
  /** For what elapses: deadlines, waits, leases. */
  readonly clock: Clock;
  readonly logger: Logger;
  /** null: keep nothing beyond a run. */
  readonly cacheFolder: string | null;
  /** Bytes. */
  readonly cacheMax: number;
  /** Where other tools keep logins for registries; those of the configuration stand before them. */
  readonly stores: readonly CredentialStore[];
  /** Asked last. */
  readonly logins?: CredentialSource;
  /** How far into the own network registries may be that the content we read names. */
  readonly reach: AddressClass;
  /** What the operator says about single registries. */
  readonly registries: Readonly<Record<string, RegistrySettings>>;
  /** Where this process agrees with others about hosts; absent: with nobody. */
  readonly places?: HostPlaces;
  /** Proxies, and certificates beside those of single registries. Default: none. */
  readonly network?: Network;
  readonly archives: ArchiveSettings;
  readonly advisories: AdvisorySettings;
}

/** What is one run's alone. */
export interface RunSettings {
  /** The time by which the run decides, milliseconds since 1970: one, however long it takes. */
  readonly now: number;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
  /** Milliseconds after which what is under way ends, and what was not looked up is unknown. Default: the limit of a run. */
  readonly deadline?: number;
  readonly progress: (done: number, all: number) => void;
  /** Called once when it turns out to be a large one. Default: nothing. */
  readonly manyFiles?: () => void;
}

/** What lives as long as the process: sockets, gates, breakers, tokens and what is kept; everything else is a run's. */
export interface Connections {
  /** The parts of a run, which remembers nothing of another one. */
  forRun(run: RunSettings): RunParts;
  /** Ends connections and brings the cache below its limit. */
  close(): void;
}

/** The parts of one run, put together. */
export interface RunParts {
  readonly run: RunDependencies;
  readonly registry: RegistryClient;
  /** Images that are in no registry. */
  readonly local: LocalImages;
  readonly inspector: Inspector;
  readonly http: HttpClient;
  /** Where logins for registries come from. */
  readonly credentials: CredentialSource;
  /** What connecting to an engine needs. */
  readonly engines: EngineDependencies;
  /** What moving a workload needs: no deadline of looking cuts it off. */
  readonly hands: EngineDependencies;
  /** A forge as whom its entry or the environment says; a sentence when neither names anybody. Throws 'CONFIG'. */
  readonly forge: (wanted: WantedForge, env: Readonly<Record<string, string | undefined>>) => Promise<Forge | string>;
  /** The way to channels and a heartbeat, which are told also when the time to look is up. */
  readonly notify: Omit<NotifierDependencies, 'name'>;
  /** What opening pull requests needs beside a forge. */
  readonly propose: Pick<ProposeDependencies, 'now' | 'cache' | 'isGone'>;
}

/** Connections to a host of which nothing else is known. */
const usualConcurrency = 8;
/** Kinds of the cache of which there may be several for each image. */
const gathered = ['config', 'document', 'extract', 'move', 'today'];
/** Each layer being read costs a core and some buffers. */
const layersAtOnce = 2;
/** Each is in memory whole, as text and as JSON. */
const sbomsAtOnce = 1;
/** Alpine edge is in no other feed. */
const alpineSecdb = 'https://secdb.alpinelinux.org/';

/** Opens what lives as long as the process; no request is sent. */
export function openConnections(settings: ConnectionSettings): Connections {
  const shared = shareable(settings);
  return {
    forRun: (run) => partsOf(run, shared),
    close: () => {
      shared.connections.close();
      shared.gathering?.flush();
      shared.files?.close();
    },
  };
}

type Shared = ReturnType<typeof shareable>;

function shareable(settings: ConnectionSettings) {
  const { clock, logger, cacheFolder, cacheMax: max, registries, stores, logins = () => undefined } = settings;
  const settingsOf = (host: string): RegistrySettings | undefined => registries[registryOf(host)];
  const network: Network = {
    ...settings.network,
    tlsFor: (host) => tlsOf(settingsOf(host), settings.network?.tlsFor?.(host)),
  };
  const ofLogins = new ProblemLog(logger);
  const files = cacheFolder === null ? undefined : new FileCache({ folder: cacheFolder, max, clock, logger });
  return {
    settings,
    userAgent: `plimsoll/${settings.version}`,
    network,
    connections: new HttpConnections({
      concurrency: (host) => settingsOf(host)?.concurrency ?? quirkOf(host)?.concurrency ?? usualConcurrency,
      rate: (host) => settingsOf(host)?.rps ?? quirkOf(host)?.rps,
      network,
      ...(settings.places && { shared: new PlacedHosts(settings.places) }),
    }),
    credentials: firstOf(configuredLogins(registries), storedCredentials(stores, ofLogins), logins),
    /** What is wrong with stored logins is a problem of every run. */
    ofLogins,
    tokens: new Map() as KnownTokens,
    files,
    gathering: files && new GatheringCache(files, { folder: cacheFolder ?? '', kinds: gathered, clock }),
    layerGate: new Gate(layersAtOnce),
    sbomGate: new Gate(sbomsAtOnce),
  };
}

function partsOf(run: RunSettings, shared: Shared): RunParts {
  const { settings, userAgent, network, connections, credentials } = shared;
  const { clock, logger, registries, archives: places } = settings;
  const { now } = run;
  const signal = withDeadline(run.signal, run.deadline ?? limits.run.deadline.most);
  const problems = new ProblemLog(logger);
  const mirrors = new Set(Object.values(places.mirrors).map((address) => new URL(address).host));
  const http = new HttpClient({
    userAgent,
    clock,
    logger,
    signal,
    connections,
    onward: (host) => (registries[registryOf(host)] === undefined && !mirrors.has(host) ? settings.reach : 'loopback'),
  });
  const cache: ByteCache = shared.gathering ?? memoryCache();
  const registry = new RegistryClient({
    http,
    cache,
    credentials,
    tokens: shared.tokens,
    // A host that the operator wrote into the configuration was not named by content.
    reach: (host) => (registries[host] ? 'loopback' : settings.reach),
    insecure: (host) => isLoopbackHost(host) || registries[host]?.insecure === true,
    mirror: (host) => registries[host]?.mirror,
    problems,
  });
  const local = new LocalImages(localKinds);
  const source = withLocal(registry, local);
  const inspector = createInspector({ source, cache, layerGate: shared.layerGate, signal });
  let verifying: Promise<VerifySignature> | undefined;
  const fetch = plainFetch(connections.agents, signal);
  const { maxAge } = places;
  const fileTime = limits.archive.fileTime.most;
  return {
    http,
    credentials,
    engines: { userAgent, signal },
    hands: { userAgent, signal: new AbortController().signal },
    notify: {
      fetch: plainFetch(connections.agents, run.signal),
      tlsFor: (host) => network.tlsFor?.(host),
      clock,
      version: settings.version,
      signal: run.signal,
    },
    registry,
    local,
    inspector,
    run: {
      inspector,
      families: archiveFamilies({ http, cache, now, reach: settings.reach, places, maxAge, fileTime, signal }),
      feeds: feedsOf(settings.advisories, { http, cache, now }),
      registry,
      local,
      cache,
      archivesMaxAge: maxAge,
      advisoriesFrom: JSON.stringify(settings.advisories),
      clock,
      now,
      cost: http.cost,
      attachments: registry.attachments,
      sbomGate: shared.sbomGate,
      verifySignature: async (repository, digest, wish) => {
        verifying ??= import('../signatures/verify-image.ts').then(({ imageVerifier }) =>
          imageVerifier({ attachments: registry.attachments, rootFolder: settings.cacheFolder }),
        );
        return (await verifying)(repository, digest, wish);
      },
      noted: {
        get all() {
          return [...shared.ofLogins.all, ...problems.all];
        },
      },
      progress: run.progress,
      manyFiles: run.manyFiles ?? (() => undefined),
      signal,
    },
    forge: async ({ type, server }, env) => {
      const { forges } = await import('../forges/index.ts');
      const login = forges.find((one) => one.type === type)?.login(env, server) ?? `there is no forge ${type}`;
      return typeof login === 'string' ? login : login({ fetch, userAgent, logger, cache, now });
    },
    propose: { now, cache, isGone: async (key, digest) => isGone(registry, parseReference(key), digest) },
  };
}

/** What is under way when the time is up ends, and what was not looked up by then is unknown. */
function withDeadline(signal: AbortSignal, milliseconds: number): AbortSignal {
  const deadline = new AbortController();
  const why = `the run took longer than ${milliseconds / 60_000} minutes; this was not looked up`;
  setTimeout(() => deadline.abort(new PlimsollError('CANCELLED', why)), milliseconds).unref();
  return AbortSignal.any([signal, deadline.signal]);
}

/** What the configuration says about registries; one object per login, as token requests are shared by login. */
function configuredLogins(registries: ConnectionSettings['registries']): CredentialSource {
  const known = new Map<string, Credentials>();
  for (const [host, { username, password }] of Object.entries(registries)) {
    if (username !== undefined && password !== undefined) {
      known.set(host, { kind: 'password', username, password, origin: 'the configuration' });
    }
  }
  return (registry) => known.get(registry);
}

/** By the proof that a broken pin needs: two answers that it is not there, from a repository that answers for others. */
async function isGone(registry: RegistryClient, image: ImageReference, digest: string): Promise<boolean> {
  if ((await registry.look(image, digest)).kind !== 'gone') return false;
  return (await registry.proveGone(image, 'digest')).kind === 'proven';
}

/** What the configuration says about a host stands before what was found on this machine. */
function tlsOf(own: RegistrySettings | undefined, found: TlsSettings | undefined): TlsSettings | undefined {
  if (own === undefined) return found;
  const { ca, cert, key, insecure } = own;
  return {
    ...found,
    ...(insecure !== undefined && { insecure }),
    ...(ca !== undefined && { ca: [...(found?.ca ?? []), ca] }),
    ...(cert !== undefined && key !== undefined && { cert, key: key.reveal() }),
  };
}

function feedsOf(
  advisories: AdvisorySettings,
  deps: { readonly http: HttpClient; readonly cache: ByteCache; readonly now: number },
): readonly AdvisoryFeed[] {
  switch (advisories.kind) {
    case 'off':
      return [];
    case 'folder':
      return [createFolderFeed(advisories.folder)];
    case 'osv': {
      const { base } = advisories;
      // The operator names the server, so it may be anywhere.
      const osv = createOsvFeed({ ...deps, base: new URL(base), reach: 'loopback' });
      if (base !== osvAddress) return [osv];
      return [osv, createSecdbFeed({ ...deps, base: new URL(alpineSecdb), reach: 'public' })];
    }
  }
}
