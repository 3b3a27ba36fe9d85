import path from 'node:path';
import { defaultConfig } from './config/config.ts';
import { homeFolder } from './config/home-folder.ts';
import { advisorySettings } from './config/settings.ts';
import { parsePlatform } from './core/image/platform.ts';
import { silentLogger } from './core/logger.ts';
import type { Inventory } from './core/package.ts';
import type { RunRecord } from './core/run-record.ts';
import { systemClock } from './core/time/clock.ts';
import { treeSettings } from './job/assemble.ts';
import { openConnections, type RunParts } from './job/connections.ts';
import { parseImageArgument, resolveImage } from './job/named-image.ts';
import { run } from './job/run.ts';

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
  return withParts(options, async (parts) => {
    const { reference, manifest } = await resolveImage(named, platform, parts);
    return (await parts.inspector.inspect(reference, manifest)).inventory;
  });
}

/** Findings for local trees: the document of `plimsoll check --format json`. Changes nothing. */
export async function check(options: CheckOptions = {}): Promise<RunRecord> {
  const { paths = ['.'], platforms = defaultConfig.platforms, include = [], exclude = [] } = options;
  const settings = treeSettings({ ...defaultConfig, platforms, include, exclude }, undefined, {});
  return withParts(options, async (parts) => {
    const request = { trees: paths.map((one) => ({ path: one, ...settings })), baseLines: [] };
    return (await run(request, parts.run)).record;
  });
}

async function withParts<T>(
  options: Omit<InspectOptions, 'platform'>,
  work: (parts: RunParts) => Promise<T>,
): Promise<T> {
  const home = homeFolder();
  const file =
    options.dockerConfig ?? (options.dockerConfig === null || !home ? null : path.join(home, '.docker', 'config.json'));
  const connections = openConnections({
    version: 'library',
    clock: systemClock,
    logger: silentLogger,
    cacheFolder: options.cache ?? null,
    cacheMax: defaultConfig.cache.max,
    stores: file === null ? [] : [{ kind: 'file', file }],
    reach: 'loopback',
    registries: {},
    archives: defaultConfig.archives,
    advisories: advisorySettings(options.advisories ?? 'osv', (name) => name),
  });
  try {
    const signal = options.signal ?? new AbortController().signal;
    return await work(connections.forRun({ now: systemClock.now(), signal, progress: () => undefined }));
  } finally {
    connections.close();
  }
}
