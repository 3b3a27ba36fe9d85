import { createAptArchives } from './archives/apt/apt-archives.ts';
import type { ByteCache } from './cache/byte-cache.ts';
import { FileCache } from './cache/file-cache.ts';
import { memoryCache } from './cache/memory-cache.ts';
import type { Clock } from './core/clock.ts';
import type { Logger } from './core/logger.ts';
import { Gate } from './http/gate.ts';
import { type AddressClass, isLoopbackHost } from './http/host-rules.ts';
import { HttpClient } from './http/http-client.ts';
import type { CredentialSource } from './oci/credentials.ts';
import { decodeExtract, encodeExtract } from './oci/layer-codec.ts';
import { addListings, emptyListing } from './oci/layer-listing.ts';
import { readLayer } from './oci/layer-reader.ts';
import { mergeLayers } from './oci/merge-layers.ts';
import { RegistryClient } from './oci/registry-client.ts';
import { comparePackages } from './packages/compare.ts';
import { readInventory } from './packages/inventory.ts';
import { aptCandidates } from './packages/repositories/apt-candidates.ts';
import { readAptPreferences } from './packages/repositories/apt-preferences.ts';
import { readAptSources } from './packages/repositories/apt-sources.ts';
import { extractorNumber, leadsToWantedPath, wantedPath } from './packages/wanted-paths.ts';
import { createInspector, type Inspector } from './pipeline/inspect.ts';
import type { PendingDependencies } from './pipeline/pending.ts';
import type { RunDependencies } from './pipeline/run.ts';

export interface AppSettings {
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** null: keep nothing beyond this run. */
  readonly cacheFolder: string | null;
  /** Bytes. */
  readonly cacheMax: number;
  readonly credentials: CredentialSource;
  /** How far into the own network registries may be that the content we read names. */
  readonly reach: AddressClass;
  /** What the operator says about single registries. */
  readonly registries: Readonly<Record<string, { readonly insecure?: boolean; readonly concurrency?: number }>>;
  readonly progress: (done: number, all: number) => void;
}

export interface App {
  readonly run: RunDependencies;
  readonly pending: PendingDependencies;
  readonly registry: RegistryClient;
  readonly inspector: Inspector;
  readonly http: HttpClient;
  /** Ends connections and brings the cache below its limit. */
  close(): void;
}

// These answer many requests at once with 429 (their users report it): half the usual sockets.
const careful = new Set(['registry-1.docker.io', 'docker.io', 'ghcr.io', 'quay.io', 'public.ecr.aws']);
/** Each layer being read costs a core and some buffers. */
const layersAtOnce = 2;
const releaseMaxAge = 6 * 60 * 60 * 1000;
/** Minutes for the largest index on a slow line. */
const archiveFileTime = 5 * 60 * 1000;

/** Puts the parts together; the only place that knows them all. */
export function createApp(settings: AppSettings): App {
  const { clock, logger, signal, registries } = settings;
  const http = new HttpClient({
    userAgent: `plimsoll/${settings.version}`,
    clock,
    logger,
    signal,
    concurrency: (host) => registries[host]?.concurrency ?? (careful.has(host) ? 4 : 8),
  });
  const files =
    settings.cacheFolder === null
      ? undefined
      : new FileCache({ folder: settings.cacheFolder, max: settings.cacheMax, clock, logger });
  const cache: ByteCache = files ?? memoryCache();
  const registry = new RegistryClient({
    http,
    cache,
    credentials: settings.credentials,
    // A host that the operator wrote into the configuration was not named by content.
    reach: (host) => (registries[host] ? 'loopback' : settings.reach),
    insecure: (host) => isLoopbackHost(host) || registries[host]?.insecure === true,
  });
  const inspector = createInspector({
    source: registry,
    cache,
    layerGate: new Gate(layersAtOnce, signal),
    readLayer,
    mergeLayers,
    encodeExtract,
    decodeExtract,
    interest: { wants: wantedPath, leadsToWanted: leadsToWantedPath },
    extractorNumber,
    readInventory,
  });
  const archives = createAptArchives({
    http,
    cache,
    clock,
    reach: settings.reach,
    maxAge: releaseMaxAge,
    fileTime: archiveFileTime,
  });
  return {
    http,
    registry,
    inspector,
    pending: { inspector, archives, readAptSources, readAptPreferences, aptCandidates },
    run: {
      registry,
      inspector,
      cache,
      extractorNumber,
      comparePackages,
      addListings,
      emptyListing,
      clock,
      cost: http.cost,
      progress: settings.progress,
    },
    close: () => {
      http.close();
      files?.pruneWhenDue();
    },
  };
}
