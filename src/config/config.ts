import { type DispatchLimits, defaultDispatchLimits } from '../core/image/rebuild.ts';
import type { Secret } from '../core/secret.ts';
import type { Selection } from '../forges/forge.ts';
import type { ForgeServer } from '../forges/forge-type.ts';
import type { FilePattern } from '../formats/pattern/file-pattern.ts';
import type { ChannelSettings } from '../notify/channel-settings.ts';
import type { FileChoices } from '../sources/discover.ts';
import type { CommitSettings } from '../sources/discover-repositories.ts';
import type { PublishedSetting } from '../sources/published-builds.ts';
import type { Keep } from '../state/memory.ts';
import type { Snooze } from '../state/snoozes.ts';
import type { Limits } from '../targets/proposals/pull-request-limits.ts';
import type { PinChoice, Rule } from '../verdict/policy.ts';
import type { EngineSettings } from './engine-settings.ts';
import { defaultServe, type ServeSettings } from './serve-settings.ts';
import { type AdvisorySettings, type ArchiveSettings, advisorySettings, type RegistrySettings } from './settings.ts';

/** The repositories of one server of a forge. */
export interface ForgeSettings {
  readonly type: string;
  /** Absent: the one that the environment names, or the only one there is. */
  readonly server?: ForgeServer;
  readonly selections: readonly Selection[];
}

/** One server of a forge, without what is read there. */
export type WantedForge = Omit<ForgeSettings, 'selections'>;

const day = 24 * 60 * 60 * 1000;

/** A configuration with every default filled in. */
export interface Config {
  /** IANA name; decides where a week begins. */
  readonly timezone: string;
  /** Local folders. */
  readonly repositories: readonly string[];
  /** What people call some of them, by path. */
  readonly titles: Readonly<Record<string, string>>;
  /** How long the state keeps what is over. */
  readonly keep: Keep;
  readonly serve: ServeSettings;
  /** Repositories of forges, by type and server. */
  readonly forges: readonly ForgeSettings[];
  /** What runs. */
  readonly engines: readonly EngineSettings[];
  /** Images that files of these repositories are built into. */
  readonly published: readonly PublishedSetting[];
  readonly limits: Limits;
  /** How many rebuilds are asked for. */
  readonly dispatch: DispatchLimits;
  readonly commit: CommitSettings;
  /** No image use at all is no failure. */
  readonly allowEmpty: boolean;
  /** Globs; when given, they replace the default file names. */
  readonly include: readonly string[];
  /** Globs; they add to the default list. */
  readonly exclude: readonly string[];
  readonly platforms: readonly string[];
  readonly buildPlatform: string;
  readonly pin: PinChoice;
  /** Which kinds of files are read: by name, false for none, globs for those alone. */
  readonly files: FileChoices;
  /** Files of kinds that no format knows, and how images stand in them. */
  readonly patterns: readonly FilePattern[];
  readonly rules: readonly Rule[];
  readonly registries: Readonly<Record<string, RegistrySettings>>;
  readonly policy: { readonly allow: readonly string[]; readonly block: readonly string[] };
  readonly archives: ArchiveSettings;
  readonly advisories: AdvisorySettings;
  readonly snooze: readonly Snooze[];
  /** An address that is asked for at the end of every good run; null: none. */
  readonly heartbeat: Secret | null;
  /** An issue per repository on a forge that lists what is known of it. */
  readonly dashboard: boolean;
  /** null: none. */
  readonly state: string | null;
  readonly cache: { readonly dir: string | null; readonly max: number };
  readonly notify: readonly ChannelSettings[];
}

export const defaultConfig: Config = {
  timezone: 'UTC',
  repositories: ['.'],
  titles: {},
  serve: defaultServe,
  keep: { events: 180 * day, inventories: 180 * day, runs: 400 * day },
  forges: [],
  engines: [],
  published: [],
  limits: { open: 10, perRun: 3, security: { open: 20, perRun: 5 } },
  dispatch: defaultDispatchLimits,
  commit: { prefix: '', signoff: false },
  allowEmpty: false,
  include: [],
  exclude: [],
  platforms: ['linux/amd64'],
  buildPlatform: 'linux/amd64',
  pin: false,
  files: {},
  patterns: [],
  rules: [],
  registries: {},
  policy: { allow: [], block: [] },
  archives: { mirrors: {}, offline: null, skip: [], maxAge: 6 * 60 * 60 * 1000 },
  advisories: advisorySettings('osv', (name) => name),
  snooze: [],
  heartbeat: null,
  dashboard: false,
  state: null,
  cache: { dir: null, max: 2 * 1024 ** 3 },
  notify: [],
};
