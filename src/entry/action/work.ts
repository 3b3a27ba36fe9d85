import type { Config } from '../../config/config.ts';
import { parsePlatform } from '../../core/image/platform.ts';
import type { RunRecord } from '../../core/run-record.ts';
import type { Forge, Selection } from '../../forges/forge.ts';
import { act } from '../../job/act.ts';
import { type RunRequest, run } from '../../job/run.ts';
import { type Job, runJob } from '../../job/run-job.ts';
import { stateKnowledge } from '../../job/state-knowledge.ts';
import type { ChannelOutcome } from '../../notify/deliver.ts';
import { discoverRepositories, namedBy, type RepositoryTree } from '../../sources/discover-repositories.ts';
import type { Store } from '../../state/store.ts';
import { openChannels } from '../channels.ts';
import { repositorySettings } from '../repository-settings.ts';
import { treeSettings } from '../run-request.ts';
import type { Session } from '../session.ts';
import type { ActionInputs, ActionMode } from './inputs.ts';

/** Everything that a run of the Action works with. */
export interface Work {
  readonly mode: ActionMode;
  readonly inputs: ActionInputs;
  readonly config: Config;
  /** Where in `repository` the configuration was found, which is then no repository's own. */
  readonly configFile: string | undefined;
  /** `owner/name`. */
  readonly repository: string;
  readonly session: Session;
  readonly store: Store | undefined;
  /** Undefined without a token. */
  readonly forge: Forge | undefined;
  readonly signal: AbortSignal;
}

/** What came of a run of the Action; no channels where none was to be told. */
export interface Worked {
  readonly record: RunRecord;
  readonly channels: readonly ChannelOutcome[];
}

/** Checks what was checked out, or does the whole scheduled job over what the forge has. */
export async function work(given: Work): Promise<Worked> {
  const { mode, store, forge, session, config, signal } = given;
  if (mode === 'check' || forge === undefined || store === undefined) {
    const { record } = await run(requestOf(given), session.parts.run);
    return { record, channels: [] };
  }
  const channels = await openChannels(config, session, signal);
  try {
    const job: Job = {
      request: requestOf(given, await repositoriesOf(given, forge)),
      timezone: config.timezone,
      channels,
      isNamed: namedBy(ofGitHub(config)),
      ...(mode === 'pull-request' && {
        propose: (result) => act(result, [forge], { ...config, dryRun: false }, { ...session.parts.propose, store }),
      }),
    };
    return await runJob(job, { run: session.parts.run, store, signal });
  } finally {
    await Promise.all(channels.map(({ channel }) => channel.close()));
  }
}

/** Local folders: the checkout in mode check, and what the configuration names beside repositories elsewhere. */
function requestOf(
  { mode, inputs, config, store, session }: Work,
  repositories?: AsyncIterable<RepositoryTree>,
): RunRequest {
  const given = inputs.platforms === undefined ? {} : { platform: inputs.platforms };
  const named = ofGitHub(config).length > 0 ? config.repositories : [];
  const whole = inputs.paths.length > 0 ? inputs.paths : config.repositories;
  const known = store && stateKnowledge(store);
  const paths = mode === 'check' ? (whole.length > 0 ? whole : ['.']) : named;
  return {
    trees: paths.map((path) => ({ path, ...treeSettings(config, undefined, given) })),
    baseLines: known === undefined ? [] : [known.baseLine],
    ...(repositories !== undefined && { repositories }),
    snoozes: async () => [...config.snooze, ...((await store?.snoozes.active(session.now)) ?? [])],
    ...(known !== undefined && { seen: known.seen }),
  };
}

/** The repositories of the configuration, else the one the job lives in, as its default branch stands. */
async function repositoriesOf(
  { config, repository, inputs, configFile }: Work,
  forge: Forge,
): Promise<AsyncGenerator<RepositoryTree>> {
  const own: Selection = {
    pattern: repository,
    topics: [],
    languages: [],
    archived: false,
    forks: true,
    templates: true,
    branches: [],
  };
  const given = inputs.platforms === undefined ? {} : { platform: inputs.platforms };
  const settings = await repositorySettings(config, given);
  const named = ofGitHub(config);
  const selections = named.length > 0 ? named : [own];
  const trees = discoverRepositories(
    {
      selections,
      // The operator's file says more than a repository's may, and was read as what it is.
      settings: (name, file) => settings(name, name === repository && file?.file === configFile ? undefined : file),
    },
    forge,
  );
  return inputs.paths.length === 0 ? trees : within(inputs.paths, trees);
}

function ofGitHub({ forges }: Config): readonly Selection[] {
  return forges.find(({ type }) => type === 'github')?.selections ?? [];
}

/** Only files at or below these paths. */
async function* within(
  paths: readonly string[],
  trees: AsyncGenerator<RepositoryTree>,
): AsyncGenerator<RepositoryTree> {
  const roots = paths.map((path) => path.replace(/^\.\/|\/+$/g, '')).filter((path) => path !== '.' && path !== '');
  const isWithin = (file: string): boolean =>
    roots.length < paths.length || roots.some((root) => file === root || file.startsWith(`${root}/`));
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

/** Throws PlimsollError 'PLATFORM' before any request. */
export function checkPlatforms({ platforms = [] }: Pick<ActionInputs, 'platforms'>): void {
  for (const one of platforms) parsePlatform(one);
}
