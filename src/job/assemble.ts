import { type Config, defaultConfig, type ForgeSettings, type WantedForge } from '../config/config.ts';
import type { RepositoryConfig } from '../config/load.ts';
import { PlimsollError } from '../core/errors.ts';
import { parseKnownPlatform, parsePlatform } from '../core/image/platform.ts';
import { everything, type Forge, type Selection } from '../forges/forge.ts';
import { formats } from '../formats/index.ts';
import { patternFormat } from '../formats/pattern/index.ts';
import type { OpenChannel } from '../notify/deliver.ts';
import type { NotifierDependencies } from '../notify/notifier.ts';
import {
  discoverRepositories,
  namedBy,
  type RepositorySettings,
  type RepositoryTree,
} from '../sources/discover-repositories.ts';
import type { Store } from '../state/store.ts';
import { act } from './act.ts';
import type { RunParts } from './connections.ts';
import { type EngineWish, engineSources, type OpenHands, openHands } from './engines.ts';
import type { RunRequest, TreeRequest } from './look-at-scopes.ts';
import type { MoveDependencies } from './moves/engine-moves.ts';
import { type RunRedeploys, runRedeploys } from './moves/redeploys.ts';
import { askRebuilds } from './published/ask-rebuilds.ts';
import type { Job } from './run-job.ts';
import { stateKnowledge } from './state-knowledge.ts';

/** What a command line, or the inputs of a step, say beside the configuration. */
export interface Overrides {
  readonly platform?: readonly string[] | undefined;
  /** Whoever asks for it by hand means every kind of file. */
  readonly pin?: boolean;
  /** False: read also what git ignores and does not track. */
  readonly ignore?: boolean;
  /** As `versions` of a rule for everything. */
  readonly versions?: string;
}

/** The settings of one tree: the operator's, then its own, then those of the door. Throws PlimsollError 'PLATFORM'. */
export function treeSettings(
  operator: Config | undefined,
  own: RepositoryConfig | undefined,
  { platform, pin, ignore, versions }: Overrides,
): Omit<TreeRequest, 'path'> {
  const config: Config = { ...defaultConfig, ...operator, ...own };
  const patterns = [...(operator?.patterns ?? []), ...(own?.patterns ?? [])];
  const asked = versions === undefined ? [] : [{ match: {}, versions }];
  return {
    discovery: {
      // What a configuration says of a file goes before what its name says.
      formats: patterns.length === 0 ? formats : [patternFormat(patterns), ...formats],
      include: config.include,
      files: { ...operator?.files, ...own?.files },
      exclude: [...(operator?.exclude ?? []), ...(own?.exclude ?? [])],
      readsIgnored: ignore === false,
      problems: own?.unusable ?? [],
    },
    platforms: {
      targets: (platform ?? config.platforms).map(parseKnownPlatform),
      build: parsePlatform(config.buildPlatform),
    },
    policy: {
      rules: [...(operator?.rules ?? []), ...(own?.rules ?? []), ...asked],
      pin: pin === undefined ? config.pin : pin && 'all',
      ...operator?.policy,
    },
  };
}

/**
 * What holds in repositories of a forge: the operator's settings, and what each says of itself laid over them. Its own file
 * is read as a repository's: no environment, no files, no keys that reach beyond it.
 */
export async function repositorySettings(operator: Config, given: Overrides = {}): Promise<RepositorySettings> {
  const { parseConfig } = await import('../config/load.ts');
  return (name, file) => {
    const own = file && parseConfig(file.text, `${name}/${file.file}`, 'repository', {});
    return { ...treeSettings(operator, own, given), commit: own?.commit ?? operator.commit };
  };
}

/** What is to be looked at, with what the configuration and the state know. `baseLines` stand before the state's. */
export function requestOver(
  {
    trees,
    sources = [],
    unread = [],
    baseLines = [],
  }: Partial<Pick<RunRequest, 'unread' | 'baseLines' | 'sources'>> & Pick<RunRequest, 'trees'>,
  { snooze, published, dispatch: limits }: Pick<Config, 'snooze' | 'published' | 'dispatch'>,
  store: Store | undefined,
  now: number,
): RunRequest {
  const known = store && stateKnowledge(store);
  return {
    trees,
    sources,
    unread,
    published,
    rebuilds: {
      limits,
      requests: async (images) => (await store?.rebuilds.list(images, now - dayAndMore)) ?? [],
      since: async () => (await store?.openNews()) ?? new Map(),
    },
    baseLines: [...baseLines, ...(known ? [known.baseLine] : [])],
    // Asked for when the run has come across the images: only then a state of hashes knows them.
    snoozes: async () => [...snooze, ...((await store?.snoozes.active(now)) ?? [])],
    ...(known && { seen: known.seen }),
  };
}

/** Limits are over 24 hours. */
const dayAndMore = 25 * 60 * 60 * 1000;

/** What a door has made up its mind about. */
export interface JobWishes {
  readonly config: Config;
  readonly given: Overrides;
  /** Local trees, and what is known of their images. */
  readonly request: RunRequest;
  /** What is read where the configuration names no repository of this type. */
  readonly home?: { readonly type: string; readonly pattern: string };
  /** Looked at beside the request's own sources. Default: none. */
  readonly engines?: readonly EngineWish[];
  /** Opens a forge, or says why there is no login. */
  readonly open: (wanted: WantedForge) => Promise<Forge | string>;
  /** The operator's file, where it was read from a repository: there it is not the repository's own. */
  readonly operatorFile?: { readonly repository: string; readonly file: string | undefined };
  /** Only files at or below these paths of repositories; none: all. */
  readonly paths?: readonly string[];
  /** `rehearse`: it is said what would be done. */
  readonly proposals: 'none' | 'make' | 'rehearse';
  /** Whoever builds may be asked for rebuilds. */
  readonly dispatches?: boolean;
  /** How the process may be stopped while an engine moves a workload. Absent: nothing is moved. */
  readonly moving?: Pick<MoveDependencies, 'stopping' | 'uninterrupted' | 'logger'>;
}

/**
 * The scheduled job, as every door runs it: forges and channels opened, repositories to be read through them, proposals to be
 * made there. Whoever has it closes its channels. Throws PlimsollError 'CONFIG' where a login is missing, and what a channel
 * says of its own options.
 */
export async function assembleJob(wishes: JobWishes, parts: RunParts, store: Store | undefined): Promise<Job> {
  const { config, proposals, engines = [] } = wishes;
  const { policy } = treeSettings(config, undefined, wishes.given);
  const sources = [...(wishes.request.sources ?? []), ...(await engineSources(engines, policy, parts))];
  const redeploys = redeploysOf(wishes, parts, store);
  const request = { ...wishes.request, sources, ...(redeploys && { redeploys: redeploys.judging }) };
  const forges = await openForges(forgesOf(wishes), wishes.open);
  const channels = await openChannels(config, parts.notify);
  const { timezone } = config;
  const { keep } = config;
  const dispatch = wishes.dispatches && store ? dispatching(parts, store) : undefined;
  const job = { request, timezone, channels, keep, ...(redeploys && { redeploys }), ...(dispatch && { dispatch }) };
  if (forges.length === 0) return job;
  const settings = ownedBy(wishes.operatorFile, await repositorySettings(config, wishes.given));
  const opened = forges.map(({ forge }) => forge);
  const acting = { ...config, dryRun: proposals === 'rehearse' };
  return {
    ...job,
    request: { ...request, repositories: within(wishes.paths ?? [], everyRepository(forges, settings)) },
    isNamed: namedBy(forges.flatMap(({ selections }) => selections)),
    ...(proposals !== 'none' && { propose: (result) => act(result, opened, acting, { ...parts.propose, store }) }),
  };
}

function dispatching({ run, notify }: RunParts, { rebuilds }: Store): NonNullable<Job['dispatch']> {
  const { fetch, version, signal } = notify;
  const deps = { fetch, version, rebuilds, at: run.now, stopping: () => signal.aborted };
  return (result, now) => askRebuilds(result, { ...deps, now });
}

function redeploysOf(
  { config: { timezone }, engines = [], moving }: JobWishes,
  { hands: deps, credentials, run: { clock } }: RunParts,
  store: Store | undefined,
): RunRedeploys | undefined {
  if (moving === undefined) return undefined;
  const open = (wish: EngineWish): Promise<OpenHands> => openHands(wish, deps);
  return runRedeploys(engines, timezone, {
    ...moving,
    open,
    acts: store?.acts,
    clock,
    credentials,
  });
}

/** Opens the configured channels, loading what each needs. Throws what a channel says of its own options. */
export async function openChannels(
  { notify }: Pick<Config, 'notify'>,
  deps: Omit<NotifierDependencies, 'name'>,
): Promise<readonly OpenChannel[]> {
  return Promise.all(
    notify.map(async ({ open, ...rules }) => ({ name: rules.name, rules, channel: await open(deps) })),
  );
}

/** A forge with what is to be read of it. */
interface OpenedForge {
  readonly forge: Forge;
  readonly selections: readonly Selection[];
}

function forgesOf({ config: { forges }, home }: Pick<JobWishes, 'config' | 'home'>): readonly ForgeSettings[] {
  if (home === undefined || forges.some(({ type }) => type === home.type)) return forges;
  const { type, pattern } = home;
  return [{ type, selections: [{ ...everything, pattern }] }, ...forges];
}

function openForges(forges: readonly ForgeSettings[], open: JobWishes['open']): Promise<readonly OpenedForge[]> {
  return Promise.all(
    forges.map(async ({ selections, ...wanted }) => {
      const forge = await open(wanted);
      if (typeof forge === 'string') throw new PlimsollError('CONFIG', forge);
      return { forge, selections };
    }),
  );
}

/** The operator's file says more than a repository's may, and was read as what it is. */
function ownedBy(operator: JobWishes['operatorFile'], settings: RepositorySettings): RepositorySettings {
  if (operator?.file === undefined) return settings;
  const { repository, file } = operator;
  return (name, own) => settings(name, name === repository && own?.file === file ? undefined : own);
}

async function* everyRepository(
  forges: readonly OpenedForge[],
  settings: RepositorySettings,
): AsyncGenerator<RepositoryTree> {
  for (const { forge, selections } of forges) yield* discoverRepositories({ selections, settings }, forge);
}

/** Only files at or below these paths; none: all. */
async function* within(
  paths: readonly string[],
  trees: AsyncGenerator<RepositoryTree>,
): AsyncGenerator<RepositoryTree> {
  const roots = paths.map((path) => path.replace(/^\.\/|\/+$/g, '')).filter((path) => path !== '.' && path !== '');
  if (roots.length < paths.length || roots.length === 0) return yield* trees;
  const isWithin = (file: string): boolean => roots.some((root) => file === root || file.startsWith(`${root}/`));
  for await (const tree of trees) {
    const { discovery, read } = tree;
    const files = discovery.files.filter(({ file }) => isWithin(file));
    const isPartial = files.length < discovery.files.length;
    yield {
      ...tree,
      discovery: { ...discovery, files },
      ...(read !== undefined && { read: { ...read, ...(isPartial && { isPartial }) } }),
    };
  }
}
