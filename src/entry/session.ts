import { type App, createApp } from '../app.ts';
import type { RegistrySettings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { PlimsollError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { AddressClass } from '../http/host-rules.ts';
import { type CredentialSource, loadDockerCredentials } from '../oci/docker-config.ts';
import { clockFromEnvironment, defaultCacheFolder, dockerConfigFile } from './environment.ts';
import { type Output, processOutput } from './output.ts';
import { version } from './version.ts';

/** Options that every command with network access shares. */
export interface CommonOptions {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly config?: string;
  readonly cache?: string;
  readonly state?: string;
  readonly platform?: readonly string[];
}

export interface Session {
  readonly app: App;
  readonly output: Output;
  readonly clock: Clock;
}

export interface SessionSettings {
  readonly cache: { readonly dir: string | null; readonly max: number };
  readonly registries: Readonly<Record<string, RegistrySettings>>;
}

/** However slow registries are, a job must end before the next one starts. Milliseconds. */
const runDeadline = 30 * 60_000;
const defaultCacheMax = 2 * 1024 ** 3;
export const noSettings: SessionSettings = { cache: { dir: null, max: defaultCacheMax }, registries: {} };

/** What one command works with. Whoever opens it closes `app`. */
export function openSession(
  options: CommonOptions,
  settings: SessionSettings,
  reach: AddressClass,
  signal: AbortSignal,
): Session {
  const output = processOutput(options);
  const clock = clockFromEnvironment(process.env);
  const folder = options.cache ?? settings.cache.dir ?? defaultCacheFolder(process.env);
  const app = createApp({
    version: version(),
    clock,
    logger: output.logger,
    signal: withDeadline(signal),
    cacheFolder: folder === 'none' ? null : folder,
    cacheMax: settings.cache.max,
    credentials: configuredFirst(
      settings.registries,
      loadDockerCredentials(dockerConfigFile(process.env), output.logger),
    ),
    reach,
    registries: settings.registries,
    progress: output.progress,
  });
  return { app, output, clock };
}

/** What is under way when the time is up ends, and what was not looked up by then is unknown. */
function withDeadline(signal: AbortSignal): AbortSignal {
  const deadline = new AbortController();
  const why = `the run took longer than ${runDeadline / 60_000} minutes; this was not looked up`;
  setTimeout(() => deadline.abort(new PlimsollError('CANCELLED', why)), runDeadline).unref();
  return AbortSignal.any([signal, deadline.signal]);
}

/** What the configuration says about a registry stands before what `docker login` left. */
function configuredFirst(registries: SessionSettings['registries'], docker: CredentialSource): CredentialSource {
  return (registry) => {
    const { username, password } = registries[registry] ?? {};
    return username !== undefined && password !== undefined
      ? { username, password: password instanceof Secret ? password : new Secret(password) }
      : docker(registry);
  };
}
