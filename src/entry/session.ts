import { defaultConfig } from '../config/config.ts';
import { folderTrouble } from '../config/folder-trouble.ts';
import {
  type AdvisorySettings,
  type ArchiveSettings,
  advisorySettings,
  type RegistrySettings,
} from '../config/settings.ts';
import { PlimsollError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Clock } from '../core/time/clock.ts';
import type { AddressClass } from '../http/host-rules.ts';
import type { HostPlaces } from '../http/placed-hosts.ts';
import { type ConnectionSettings, type Connections, openConnections, type RunParts } from '../job/connections.ts';
import type { CredentialSource } from '../oci/credentials/credentials.ts';
import { clockFromEnvironment, credentialStores, defaultCacheFolder, networkFromEnvironment } from './environment.ts';
import { keepHeapSmall, keepYoungSmall } from './heap.ts';
import { version } from './origin.ts';
import { type Output, processOutput } from './output.ts';

/** Options that every command with network access shares. */
export interface CommonOptions {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly config?: string;
  readonly cache?: string;
  readonly state?: string;
  readonly platform?: readonly string[];
}

/** The parts of the one run that a command makes, with its output and its time. */
export interface Session {
  readonly parts: RunParts;
  readonly output: Output;
  readonly clock: Clock;
  /** The time by which the command decides, milliseconds since 1970. */
  readonly now: number;
  /** The parts of another run, which is answered by nothing that the first one has seen. */
  again(): RunParts;
  /** Ends connections and brings the cache below its limit. */
  close(): void;
}

/** What of a configuration the parts are made of. `cache.max` is in bytes; a `dir` of null is the door's default. */
export interface SessionSettings {
  readonly cache: { readonly dir: string | null; readonly max: number };
  readonly registries: Readonly<Record<string, RegistrySettings>>;
  readonly archives: ArchiveSettings;
  readonly advisories: AdvisorySettings;
}

/** Where a command runs, when that is not a terminal or cron. */
export interface Surroundings {
  readonly output?: Output;
  /** Asked last. */
  readonly logins?: CredentialSource;
}

/** What one command works with. Whoever opens it closes it. */
export function openSession(
  options: CommonOptions,
  settings: SessionSettings,
  reach: AddressClass,
  signal: AbortSignal,
  { output = processOutput(options), logins }: Surroundings = {},
): Session {
  keepYoungSmall();
  const connected = connectionSettings(options, settings, reach, output.logger, { ...(logins && { logins }) });
  const { clock } = connected;
  const now = clock.now();
  const connections = openConnections(connected);
  const again = (): RunParts =>
    connections.forRun({ now, signal, progress: output.progress, manyFiles: keepHeapSmall });
  return { parts: again(), output, clock, now, again, close: () => connections.close() };
}

/** What lives as long as a process that makes parts of many runs. `places`: where it agrees with others about hosts. */
export function openSharedConnections(
  options: CommonOptions,
  settings: SessionSettings,
  { logger }: Pick<Output, 'logger'>,
  places: HostPlaces,
): Connections {
  return openConnections(connectionSettings(options, settings, 'public', logger, { places }));
}

function connectionSettings(
  options: CommonOptions,
  settings: SessionSettings,
  reach: AddressClass,
  logger: Logger,
  rest: Pick<ConnectionSettings, 'logins' | 'places'>,
): ConnectionSettings {
  const folder = options.cache ?? settings.cache.dir ?? defaultCacheFolder(process.env);
  return {
    version: version(),
    clock: clockFromEnvironment(process.env),
    logger,
    cacheFolder: folder === 'none' ? null : folder,
    cacheMax: settings.cache.max,
    stores: credentialStores(process.env),
    network: networkFromEnvironment(process.env),
    reach,
    registries: settings.registries,
    archives: settings.archives,
    advisories: settings.advisories,
    ...rest,
  };
}

/** The environment stands before the configuration: a machine without a way out says so once for all. */
export function withEnvironment<T extends { readonly advisories: AdvisorySettings }>(settings: T): T {
  const text = process.env['PLIMSOLL_ADVISORIES'];
  // It would stand in reports and messages.
  if (text && URL.parse(text)?.host && /^[^/]*\/\/[^/]*@/.test(text)) {
    throw new PlimsollError('CONFIG', 'PLIMSOLL_ADVISORIES: an address without a login; it is printed in reports');
  }
  return text ? { ...settings, advisories: advisorySettings(text, namedFolder) } : settings;
}

function namedFolder(name: string): string {
  const trouble = folderTrouble(name);
  if (trouble !== undefined) throw new PlimsollError('CONFIG', `PLIMSOLL_ADVISORIES: ${trouble}`);
  return name;
}

/** What the operator's file says, when a command was given one. */
export async function settingsFor(options: CommonOptions): Promise<SessionSettings> {
  if (options.config === undefined) return withEnvironment(defaultConfig);
  return withEnvironment((await import('../config/load.ts')).loadConfig(options.config, 'operator', process.env));
}
