import { homedir } from 'node:os';
import path from 'node:path';
import { type App, createApp } from './app.ts';
import { defaultConfig } from './config/config.ts';
import { advisorySettings } from './config/settings.ts';
import { parsePlatform } from './core/image/platform.ts';
import { silentLogger } from './core/logger.ts';
import type { Inventory } from './core/package.ts';
import { ProblemLog } from './core/problem-log.ts';
import type { RunRecord } from './core/run-record.ts';
import { systemClock } from './core/time/clock.ts';
import { formats } from './formats/index.ts';
import { run } from './job/run.ts';
import { parseImageArgument, resolveImage } from './named-image.ts';
import type { CredentialSource } from './oci/credentials/credentials.ts';
import { storedCredentials } from './oci/credentials/stored-credentials.ts';

/** What a program may say beside the image. */
export interface InspectOptions {
  /** `linux/amd64` unless said otherwise. */
  readonly platform?: string;
  /** A folder for derived data; null: none. Default: none. */
  readonly cache?: string | null;
  /** A Docker `config.json`; null: anonymous. Default: the user's own. */
  readonly dockerConfig?: string | null;
  /** `off`, `osv`, the address of a server with OSV's API, or a folder. Default: osv. */
  readonly advisories?: string;
  readonly signal?: AbortSignal;
}

/** What a program may say of a look at local trees. */
export interface CheckOptions extends Omit<InspectOptions, 'platform'> {
  /** Folders and files. Default: the working directory. */
  readonly paths?: readonly string[];
  readonly platforms?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * What is installed in an image: a reference, or `dir:PATH`, `tar:PATH`, `oci:PATH`, `docker-archive:PATH`. Throws
 * PlimsollError 'REFERENCE', 'PLATFORM', 'REGISTRY', 'LAYER' or 'HTTP'.
 */
export async function inspectImage(text: string, options: InspectOptions = {}): Promise<Inventory> {
  const named = parseImageArgument(text);
  const platform = parsePlatform(options.platform ?? 'linux/amd64');
  return withApp(options, async (app) => {
    const { reference, manifest } = await resolveImage(named, platform, app);
    return (await app.inspector.inspect(reference, manifest)).inventory;
  });
}

/** Findings for local trees: the document of `plimsoll check --format json`. Changes nothing. */
export async function check(options: CheckOptions = {}): Promise<RunRecord> {
  const { paths = ['.'], platforms = defaultConfig.platforms, include = [], exclude = [] } = options;
  const settings = {
    discovery: { formats, include, exclude },
    platforms: { targets: platforms.map(parsePlatform), build: parsePlatform(defaultConfig.buildPlatform) },
    policy: { rules: [], pin: false },
  };
  return withApp(options, async (app) => {
    const request = { trees: paths.map((one) => ({ path: one, ...settings })), baseLines: [] };
    return (await run(request, app.run)).record;
  });
}

async function withApp<T>(options: Omit<InspectOptions, 'platform'>, work: (app: App) => Promise<T>): Promise<T> {
  const problems = new ProblemLog(silentLogger);
  const app = createApp({
    version: 'library',
    clock: systemClock,
    now: systemClock.now(),
    logger: silentLogger,
    signal: options.signal ?? new AbortController().signal,
    cacheFolder: options.cache ?? null,
    cacheMax: defaultConfig.cache.max,
    credentials: credentials(options.dockerConfig, problems),
    problems,
    reach: 'loopback',
    registries: {},
    archives: defaultConfig.archives,
    advisories: advisorySettings(options.advisories ?? 'osv', (name) => name),
    progress: () => undefined,
  });
  try {
    return await work(app);
  } finally {
    app.close();
  }
}

function credentials(file: string | null | undefined, problems: ProblemLog): CredentialSource {
  if (file === null) return () => undefined;
  return storedCredentials([{ kind: 'file', file: file ?? path.join(homedir(), '.docker', 'config.json') }], problems);
}
