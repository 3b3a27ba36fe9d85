import { rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, defaultConfig } from '../../config/config.ts';
import { findConfig } from '../../config/find.ts';
import { parseConfig, readConfigText } from '../../config/load.ts';
import { defaultServe, openComplaint, parseListen } from '../../config/serve-settings.ts';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { isAddress } from '../../core/secret.ts';
import { type Clock, clockFrom, systemClock } from '../../core/time/clock.ts';
import { makeFolder } from '../../disk/make-folder.ts';
import { type Daemon, openListeners, Supervisor, scheduleOf, WorkerKeeper } from '../../serve/index.ts';
import { clockFromEnvironment, shortLivedState } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { inContainer } from '../first-tokens.ts';
import { keepDaemonSmall, keepYoungSmall } from '../heap.ts';
import { version } from '../origin.ts';
import { type Loudness, type Output, processOutput } from '../output.ts';
import { lockState, openStateAt, statePlace } from '../state-place.ts';
import { serveAddressFile } from './healthcheck.ts';

interface ServeOptions extends Loudness {
  readonly config?: string;
  readonly state?: string;
  readonly cache?: string;
  readonly listen?: string;
  readonly now?: boolean;
  /** Workers make the runs, of which so many are kept beside this one. */
  readonly workers?: string;
}

/** A configuration with the text that it was read from. */
interface Read {
  readonly config: Config;
  readonly source?: { readonly file: string; readonly text: string };
  readonly refused?: string;
}

/** `plimsoll serve`: the scheduled job by its own clock, with pages, an API, metrics and hooks, until it is stopped. */
export async function serve(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as ServeOptions;
  keepYoungSmall();
  keepDaemonSmall();
  const output = processOutput(options);
  const clock = daemonClock(process.env);
  const file = options.config ?? findConfig('.');
  let inForce = readConfig(file);
  const state = statePlace(options.state, inForce.config.state);
  const workers = workersOf(options, state);
  const shortLived = shortLivedState(state, process.env);
  if (shortLived !== undefined) output.logger.warn(shortLived);
  const { settings, tokens } = listening(inForce.config, options, state);
  const fixed = { settings, state, hasOwnTokens: tokens !== undefined };
  inForce = { ...inForce, config: asListening(inForce.config, fixed) };
  let lock = await lockState('serve', state, clock.now(), (error) => void regain(error));
  const regain = async (lost: PlimsollError): Promise<void> => {
    output.logger.error(lost.message);
    for (;;) {
      await sleep(limits.serve.regain.most, undefined, { ref: false });
      try {
        lock = await lockState('serve', state, clock.now(), (error) => void regain(error));
        output.note('the state answers again');
        return;
      } catch (error) {
        if ((error as PlimsollError).code !== 'LOCKED') continue;
        output.logger.error(messageOf(error));
        process.kill(process.pid, 'SIGTERM');
        return;
      }
    }
  };
  const command = [process.execPath, ...process.execArgv, process.argv[1] ?? ''] as const;
  // Everybody can read the words of a process.
  const environment = { ...process.env, PLIMSOLL_STATE: state };
  const cached = options.cache === undefined ? [] : ['--cache', options.cache];
  const keeper = new WorkerKeeper(workers ?? 0, {
    logger: output.logger,
    command,
    words: () => [
      '--log',
      options.log ?? 'text',
      ...cached,
      // What is on this machine is served by its own workers.
      '--here',
    ],
    environment,
    config: () => inForce.source,
  });
  try {
    const store = await openStateAt(state, { readOnly: false });
    try {
      const supervisor = new Supervisor(scheduleFor(inForce.config), {
        store,
        clock,
        logger: output.logger,
        command,
        isShared: workers !== undefined,
        words: ['--log', options.log ?? 'text', ...(isAddress(state) ? [] : ['--state', state]), ...cached],
        config: () => inForce.source,
        environment,
      });
      const daemon: Daemon = {
        store,
        supervisor,
        clock,
        logger: output.logger,
        version: version(),
        started: clock.now(),
        inForce: () => ({
          config: inForce.config,
          ...(file !== undefined && { configFile: file }),
          ...(inForce.refused !== undefined && { refused: inForce.refused }),
        }),
      };
      const reread = (): void => {
        inForce = readAgain(file, inForce, options, output, fixed);
        supervisor.reschedule(scheduleFor(inForce.config));
        keeper.restart();
      };
      if (tokens !== undefined) output.note(`its tokens are in ${tokens}`);
      keeper.start();
      return await serving(daemon, { settings, state, reread, isNow: options.now === true, output });
    } finally {
      await keeper.stop();
      await store.close();
    }
  } finally {
    await lock.release();
  }
}

async function serving(
  daemon: Daemon,
  {
    settings,
    state,
    reread,
    isNow,
    output,
  }: {
    readonly settings: Config['serve'];
    readonly state: string;
    readonly reread: () => void;
    readonly isNow: boolean;
    readonly output: Output;
  },
): Promise<number> {
  const stopped = stopSignal();
  const listeners = await openListeners(daemon, settings.listen);
  process.on('SIGHUP', reread);
  const [main, hooks] = listeners;
  makeFolder(path.dirname(path.resolve(serveAddressFile(state))), 0o700);
  writeFileSync(serveAddressFile(state), `${main?.url}\n`, { mode: 0o600 });
  output.note(`listening on ${main?.url}`);
  if (hooks !== undefined) output.note(`listening for hooks on ${hooks.url}`);
  await daemon.supervisor.start();
  if (isNow) await daemon.supervisor.request('person');
  const signal = await stopped;
  output.note(`stopping after ${signal}`);
  const isCutOff = await daemon.supervisor.stop();
  process.off('SIGHUP', reread);
  rmSync(serveAddressFile(state), { force: true });
  await Promise.all(listeners.map((one) => one.close()));
  return isCutOff ? 143 : exitCodes.done;
}

/** Resolves when somebody wants it to end. A second signal ends it at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      // Every other command may stop at once; here a run may be under way.
      process.removeAllListeners(signal);
      process.once(signal, () => {
        process.once(signal, () => process.exit(code));
        resolve(signal);
      });
    }
  });
}

/** PLIMSOLL_NOW is where its clock starts, and not where it stands. */
function daemonClock(env: NodeJS.ProcessEnv): Clock {
  const fixed = clockFromEnvironment(env);
  return fixed === systemClock ? systemClock : clockFrom(fixed.now());
}

function readConfig(file: string | undefined): Read {
  if (file === undefined) return { config: defaultConfig };
  const text = readConfigText(file);
  return { config: parseConfig(text, file, 'operator', process.env), source: { file, text } };
}

/** What does not change while it runs: where it listens, and where its state is. */
interface Fixed {
  readonly settings: Config['serve'];
  readonly state: string;
  /** Its tokens are its own, whatever a configuration says. */
  readonly hasOwnTokens: boolean;
}

/** A configuration as it is in force: whoever asks where it listens is told where it does. */
function asListening(config: Config, { settings, hasOwnTokens }: Omit<Fixed, 'state'>): Config {
  const { listen } = settings.hooks;
  const { secrets } = config.serve.hooks;
  const auth = hasOwnTokens ? settings.auth : config.serve.auth;
  const hooks = { secrets, ...(listen !== undefined && { listen }) };
  return { ...config, serve: { ...config.serve, listen: settings.listen, auth, hooks } };
}

/** The newest configuration, or the one in force with what is wrong with the newest. */
function readAgain(
  file: string | undefined,
  before: Read,
  options: ServeOptions,
  output: Output,
  { settings, state, hasOwnTokens }: Fixed,
): Read {
  try {
    if (file === undefined) return before;
    const read = readConfig(file);
    const wanted = settingsOf(read.config, options);
    const config = asListening(read.config, { settings, hasOwnTokens });
    const open = openComplaint(config.serve);
    if (open !== undefined) throw new PlimsollError('CONFIG', `${file}: it has to be started again for that: ${open}`);
    const later = [
      ...(isSame([wanted.listen, wanted.hooks.listen], [settings.listen, settings.hooks.listen]) || hasOwnTokens
        ? []
        : ['where it listens']),
      ...(statePlace(options.state, read.config.state) === state ? [] : ['where its state is']),
    ];
    if (later.length > 0) {
      const what = later.join(' and ');
      output.logger.warn(`${what} changes when it is started again; the rest of the configuration is in force`);
    }
    output.note(`${file} is in force`);
    return { ...read, config };
  } catch (error) {
    const refused = messageOf(error);
    output.logger.error(`the configuration stays as it was: ${refused}`);
    return { ...before, refused };
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Where it listens and whom it believes; `tokens` is the file of those that it made itself. */
function listening(
  config: Config,
  options: ServeOptions,
  state: string,
): { readonly settings: Config['serve']; readonly tokens?: string } {
  const isUntold = options.listen === undefined && config.serve.listen === defaultServe.listen;
  if (!process.env['container'] || !isUntold) return { settings: settingsOf(config, options) };
  const { settings, file } = inContainer(
    config.serve,
    process.env['XDG_STATE_HOME'] || path.dirname(path.resolve(serveAddressFile(state))),
  );
  return { settings, ...(file !== undefined && { tokens: file }) };
}

/** Throws PlimsollError 'USAGE' for an address that everybody can reach, without a login. */
function settingsOf({ serve: configured }: Config, { listen }: ServeOptions): Config['serve'] {
  if (listen === undefined) return configured;
  if (!/^(?:unix:\/.+|.+:\d{1,5})$/.test(listen)) {
    throw new PlimsollError(
      'USAGE',
      `--listen ${JSON.stringify(listen)}: expected HOST:PORT, or unix:/path of a socket`,
    );
  }
  const settings = { ...configured, listen: parseListen(listen) };
  const open = openComplaint(settings);
  if (open !== undefined) throw new PlimsollError('USAGE', `--listen ${listen}: ${open}`);
  return settings;
}

/** How many workers are kept beside the daemon, if workers make its runs at all. Throws PlimsollError 'USAGE'. */
function workersOf({ workers }: ServeOptions, state: string): number | undefined {
  if (workers === undefined) return undefined;
  if (!/^\d{1,2}$/.test(workers))
    throw new PlimsollError('USAGE', `--workers ${workers}: expected a number from 0 to 99`);
  if (!isAddress(state)) {
    throw new PlimsollError(
      'USAGE',
      `--workers ${workers}: workers share a state in PostgreSQL, and ${state} is a file: name one with --state postgres://HOST/DATABASE`,
    );
  }
  return Number(workers);
}

function scheduleFor({ serve: { schedule, jitter }, timezone }: Config): ReturnType<typeof scheduleOf> | undefined {
  return schedule === null ? undefined : scheduleOf(schedule, timezone, jitter, hostname());
}
