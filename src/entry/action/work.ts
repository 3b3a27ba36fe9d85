import type { Config } from '../../config/config.ts';
import { parseKnownPlatform } from '../../core/image/platform.ts';
import type { RunRecord } from '../../core/run-record.ts';
import type { Forge } from '../../forges/forge.ts';
import { assembleJob, type JobWishes, requestOver, treeSettings } from '../../job/assemble.ts';
import { enginesConfigured } from '../../job/engines.ts';
import { run } from '../../job/run.ts';
import { runJob } from '../../job/run-job.ts';
import type { ChannelOutcome } from '../../notify/deliver.ts';
import type { RunTrigger, Store } from '../../state/store.ts';
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
  readonly env: NodeJS.ProcessEnv;
  readonly trigger: RunTrigger;
  /** How the step ends after what came of it. */
  readonly exitCode: (worked: Worked) => number;
}

/** What came of a run of the Action; no channels where none was to be told. */
export interface Worked {
  readonly record: RunRecord;
  readonly channels: readonly ChannelOutcome[];
}

/** Checks what was checked out, or does the whole scheduled job over what the forge has. */
export async function work(given: Work): Promise<Worked> {
  const { mode, inputs, config, configFile, repository, session, store, forge, signal, env, trigger, exitCode } = given;
  const { parts } = session;
  const overrides = { platform: inputs.platforms };
  const trees = pathsOf(given).map((path) => ({ path, ...treeSettings(config, undefined, overrides) }));
  const request = requestOver({ trees }, config, store, session.now);
  if (mode === 'check' || forge === undefined || store === undefined) {
    const { record } = await run(request, parts.run);
    return { record, channels: [] };
  }
  const wishes: JobWishes = {
    config,
    given: overrides,
    request,
    engines: await enginesConfigured(config.engines, env),
    home: { type: 'github', pattern: repository },
    open: async (wanted) => (wanted.type === forge.type ? forge : parts.forge(wanted, env)),
    operatorFile: { repository, file: configFile },
    paths: inputs.paths,
    proposals: mode === 'pull-request' ? 'make' : 'none',
    dispatches: true,
  };
  const job = await assembleJob(wishes, parts, store);
  try {
    return await runJob({ ...job, trigger, exitCode }, { run: parts.run, store, signal });
  } finally {
    await Promise.all(job.channels.map(({ channel }) => channel.close()));
  }
}

/** Local folders: the checkout in mode check, and what the configuration names beside repositories elsewhere. */
function pathsOf({ mode, inputs, config }: Work): readonly string[] {
  if (mode !== 'check') return config.forges.some(({ type }) => type === 'github') ? config.repositories : [];
  const whole = inputs.paths.length > 0 ? inputs.paths : config.repositories;
  return whole.length > 0 ? whole : ['.'];
}

/** Throws PlimsollError 'PLATFORM' before any request. */
export function checkPlatforms({ platforms = [] }: Pick<ActionInputs, 'platforms'>): void {
  for (const one of platforms) parseKnownPlatform(one);
}
