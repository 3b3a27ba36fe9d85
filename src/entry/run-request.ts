import { statSync } from 'node:fs';
import { type Config, defaultConfig } from '../config/config.ts';
import type { RepositoryConfig } from '../config/load.ts';
import { messageOf, PlimsollError } from '../core/errors.ts';
import { parsePlatform } from '../core/image/platform.ts';
import { limits } from '../core/limits/limits.ts';
import type { Problem } from '../core/problem.ts';
import { readAtMost } from '../disk/read-at-most.ts';
import type { AddressClass } from '../http/host-rules.ts';
import { type Overrides, requestOver, treeSettings } from '../job/assemble.ts';
import { type EngineWish, engineNamed, engineSources, enginesConfigured } from '../job/engines.ts';
import type { RunRequest, TreeRequest } from '../job/look-at-scopes.ts';
import { baseLinesSince } from '../job/named-image.ts';
import { discover, isFolder } from '../sources/discover.ts';
import type { Store } from '../state/store.ts';
import { versionsAllowed } from '../tags/ranges.ts';
import { shortLivedState } from './environment.ts';
import { type CommonOptions, openSession, type Session, withEnvironment } from './session.ts';
import { namedState, openStateAt, openStateIfThere, statePlace } from './state-place.ts';

/** Options of commands that look at trees. */
export interface RunOptions extends CommonOptions, Omit<Overrides, 'platform'> {
  readonly since?: string;
  /** The text of the configuration comes by stdin: a daemon's is not always what its file says. */
  readonly configFromStdin?: boolean;
}

/** Everything that a run works with, opened; whoever has it closes it. */
export interface PreparedRun {
  readonly session: Session;
  readonly request: RunRequest;
  readonly config: Config;
  /** What is asked what it runs. */
  readonly engines: readonly EngineWish[];
  /** What earlier runs saw, when a state was given. */
  readonly store: Store | undefined;
  readonly stateFile: string | undefined;
  close(): Promise<void>;
}

/** `look`: a person reads what is in front of them. `run`: the scheduled job. `dry-run`: the same, remembering nothing. */
export type Purpose = 'look' | 'run' | 'dry-run';

/**
 * Puts together what a command over trees needs: configuration, connections, state, base lines. A configuration found
 * in the working directory is the operator's own in the scheduled job, and a repository's elsewhere. Throws
 * PlimsollError 'CONFIG', 'USAGE', 'RANGE' or 'STATE' before any request.
 */
export async function prepareRun(
  options: RunOptions,
  paths: readonly string[],
  purpose: Purpose,
  signal: AbortSignal,
): Promise<PreparedRun> {
  if (options.versions !== undefined) versionsAllowed(options.versions);
  const operator = await operatorConfig(options, purpose);
  const words = await Promise.all(paths.map(async (word) => (await engineNamed(word, process.env)) ?? word));
  const named = words.filter((one) => typeof one === 'object');
  const folders = words.filter((one) => typeof one === 'string');
  const targets = words.length > 0 ? folders : (operator?.repositories ?? ['.']);
  const ownFile = purpose === 'look' && options.config === undefined;
  const config = operator ?? defaultConfig;
  const read = (target: string): Promise<TreeRequest> =>
    treeRequest(target, operator, options, ownFile || target !== '.');
  // What somebody types and is not there is a slip of theirs; what a configuration names keeps nothing else from being read.
  for (const target of folders) isFolder(target);
  const { trees, unread } =
    folders.length > 0
      ? { trees: await Promise.all(targets.map(read)), unread: [] }
      : await readable(targets, read, config);
  if (purpose === 'look') for (const tree of trees) await refuseUnknown(tree);
  // A person who types `check` means what is in front of them, this machine and its network included.
  const reach: AddressClass = purpose === 'look' ? 'loopback' : 'public';
  const session = openSession(options, withEnvironment(config), reach, signal);
  const place = purpose === 'look' ? namedState : statePlace;
  const file = place(options.state, config.state);
  const shortLived = file !== undefined && purpose === 'run' ? shortLivedState(file, process.env) : undefined;
  const store = file === undefined ? undefined : await openStore(file, purpose, options.state !== undefined);
  if (shortLived !== undefined) session.output.logger.warn(shortLived);
  const platform = trees[0]?.platforms.targets[0] ?? parsePlatform('linux/amd64');
  const configured = purpose === 'look' ? [] : await enginesConfigured(config.engines, process.env);
  const engines = [...named, ...configured];
  // Those of the configuration are part of the job.
  const sources = await engineSources(named, treeSettings(operator, undefined, options).policy, session.parts);
  for (const { address } of named.filter(({ asked }) => asked.endsWith(':')))
    session.output.note(`reading ${address.url} (${address.from})`);
  const baseLines = await baseLinesSince(options.since, platform, session.parts);
  return {
    session,
    config,
    engines,
    store,
    stateFile: file,
    request: requestOver({ trees, sources, unread, baseLines }, config, store, session.now),
    close: async () => {
      await store?.close();
      session.close();
    },
  };
}

/** Who names a file wants it read. */
async function refuseUnknown({ path, discovery }: TreeRequest): Promise<void> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  const unknown = (await discover(path, discovery)).problems.find(({ code }) => code === 'not-recognised');
  if (unknown !== undefined) throw new PlimsollError('USAGE', `${path}: ${unknown.message}`);
}

interface UnreadTree {
  readonly target: string;
  readonly error: PlimsollError;
}

/** A configured tree with a broken configuration of its own, or that is gone, keeps no other from being looked at. */
async function readTrees(
  targets: readonly string[],
  read: (target: string) => Promise<TreeRequest>,
): Promise<{ readonly trees: readonly TreeRequest[]; readonly errors: readonly UnreadTree[] }> {
  const trees: TreeRequest[] = [];
  const errors: UnreadTree[] = [];
  for (const target of targets) {
    try {
      isFolder(target);
      trees.push(await read(target));
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error;
      errors.push({ target, error });
    }
  }
  return { trees, errors };
}

async function readable(
  targets: readonly string[],
  read: (target: string) => Promise<TreeRequest>,
  { forges }: Pick<Config, 'forges'>,
): Promise<{ readonly trees: readonly TreeRequest[]; readonly unread: readonly Problem[] }> {
  const { trees, errors } = await readTrees(targets, read);
  const [first] = errors;
  // Nothing but mistakes of the configuration is known before any request; what is gone is told like everything else.
  const isConfig = errors.every(({ error }) => error.code === 'CONFIG');
  if (first !== undefined && isConfig && trees.length + forges.length === 0) throw first.error;
  return { trees, unread: errors.map(unreadProblem) };
}

/** The subject has the name already. */
function unreadProblem({ target, error }: UnreadTree): Problem {
  return error.code === 'CONFIG'
    ? { code: 'repository-config', message: error.message, subject: target }
    : { code: 'repository-unreadable', message: `cannot read it: ${messageOf(error.cause ?? error)}`, subject: target };
}

/** The operator's file: the one that is named, else in the scheduled job the one that lies here. */
export async function operatorConfig(
  options: Pick<RunOptions, 'config' | 'configFromStdin'>,
  purpose: Purpose,
): Promise<Config | undefined> {
  return (await operatorSource(options, purpose))?.config;
}

/** The same, with its text. */
export async function operatorSource(
  options: Pick<RunOptions, 'config' | 'configFromStdin'>,
  purpose: Purpose,
): Promise<{ readonly config: Config; readonly text: string } | undefined> {
  if (options.config === undefined && purpose === 'look') return undefined;
  const { findConfig } = await import('../config/find.ts');
  const { loadConfig, parseConfig } = await import('../config/load.ts');
  if (options.config !== undefined && options.configFromStdin) {
    const text = readAtMost(0, limits.tree.config.most).toString('utf8');
    return { config: parseConfig(text, options.config, 'operator', process.env), text };
  }
  const file = options.config ?? findConfig('.');
  if (file === undefined) return undefined;
  return {
    config: loadConfig(file, 'operator', process.env),
    text: readAtMost(file, limits.tree.config.most).toString('utf8'),
  };
}

/** A folder of the configuration with its settings, or why it cannot be read: for whoever reads one by itself. */
export async function readFolder(
  path: string,
  operator: Config | undefined,
  options: RunOptions,
): Promise<Pick<RunRequest, 'trees' | 'unread'>> {
  const { trees, errors } = await readTrees([path], (one) => treeRequest(one, operator, options, one !== '.'));
  return { trees, unread: errors.map(unreadProblem) };
}

async function treeRequest(
  target: string,
  operator: Config | undefined,
  options: RunOptions,
  readsOwn: boolean,
): Promise<TreeRequest> {
  const own = readsOwn ? await repositoryConfig(target) : undefined;
  const { discovery, ...settings } = treeSettings(operator, own, options);
  const title = operator?.titles[target];
  return { path: target, ...settings, discovery: { ...discovery, ...(title !== undefined && { title }) } };
}

async function repositoryConfig(target: string): Promise<RepositoryConfig | undefined> {
  const { findConfig } = await import('../config/find.ts');
  const isFolder = statSync(target, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const file = isFolder ? findConfig(target) : undefined;
  return file === undefined
    ? undefined
    : (await import('../config/load.ts')).loadConfig(file, 'repository', process.env);
}

async function openStore(file: string, purpose: Purpose, isNamed: boolean): Promise<Store | undefined> {
  // Before the first run there is nothing to read: a dry run may well be asked for then, and a look that names none.
  if (purpose === 'dry-run' || (purpose === 'look' && !isNamed)) return openStateIfThere(file);
  return openStateAt(file, { readOnly: purpose !== 'run' });
}
