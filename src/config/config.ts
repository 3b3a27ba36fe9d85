import type { Rule } from '../pipeline/policy.ts';
import { type AdvisorySettings, type ArchiveSettings, advisorySettings, type RegistrySettings } from './settings.ts';

/** A configuration with every default filled in. */
export interface Config {
  /** IANA name; decides where a week begins. */
  readonly timezone: string;
  /** Local folders. */
  readonly repositories: readonly string[];
  /** Globs; when given, they replace the default file names. */
  readonly include: readonly string[];
  /** Globs; they add to the default list. */
  readonly exclude: readonly string[];
  readonly platforms: readonly string[];
  readonly buildPlatform: string;
  readonly pin: boolean;
  readonly rules: readonly Rule[];
  readonly registries: Readonly<Record<string, RegistrySettings>>;
  readonly policy: { readonly allow: readonly string[]; readonly block: readonly string[] };
  readonly archives: ArchiveSettings;
  readonly advisories: AdvisorySettings;
  /** null: none. */
  readonly state: string | null;
  readonly cache: { readonly dir: string | null; readonly max: number };
}

export const defaultConfig: Config = {
  timezone: 'UTC',
  repositories: ['.'],
  include: [],
  exclude: [],
  platforms: ['linux/amd64'],
  buildPlatform: 'linux/amd64',
  pin: false,
  rules: [],
  registries: {},
  policy: { allow: [], block: [] },
  archives: { mirrors: {}, offline: null, maxAge: 6 * 60 * 60 * 1000 },
  advisories: advisorySettings('osv', (name) => name),
  state: null,
  cache: { dir: null, max: 2 * 1024 ** 3 },
};
