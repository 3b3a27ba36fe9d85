import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Config, defaultConfig } from '../../config/config.ts';
import { findConfig } from '../../config/find.ts';
import { loadConfig, parseConfig } from '../../config/load.ts';
import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { configNames, isConfigFolder } from '../../core/place.ts';
import { readAtMost } from '../../disk/read-at-most.ts';
import type { Forge, ForgeRepository, Home } from '../../forges/forge.ts';
import { decodeText } from '../../sources/discover.ts';
import { placeholders } from '../placeholders.ts';
import type { Runner } from './runner.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The operator's configuration, and what in it must not be printed. */
export interface OperatorConfig {
  readonly config: Config;
  /** Where it was found, from the root of the repository; undefined: there is none, and the defaults hold. */
  readonly file: string | undefined;
  readonly secrets: readonly string[];
}

/**
 * The configuration that holds in this job: the checkout's, or the default branch's where there is no checkout; and where
 * anybody may have written what is checked out, always the latter, without its secrets. Throws PlimsollError 'CONFIG' or
 * 'FORGE'.
 */
export async function operatorConfig(
  named: string | undefined,
  { isUntrusted }: Pick<Runner, 'isUntrusted'>,
  { home, forge }: { readonly home: Home | undefined; readonly forge: Forge | undefined },
  env: Environment,
): Promise<OperatorConfig> {
  if (!isUntrusted) {
    const own = configOfCheckout(named, env);
    // Without a checkout there are no files, but there is the default branch.
    if (own.file !== undefined || home === undefined || forge === undefined) return own;
    return configOfDefaultBranch(named, home.repository, forge, env);
  }
  if (home === undefined || forge === undefined) {
    return { config: defaultConfig, file: undefined, secrets: [] };
  }
  return withoutSecrets(await configOfDefaultBranch(named, home.repository, forge, placeholders(env)));
}

/**
 * The file named by the input, or the one of the checkout, which is the default branch's where people with write access
 * started the job. Throws PlimsollError 'CONFIG'.
 */
function configOfCheckout(named: string | undefined, env: Environment): OperatorConfig {
  const file = named ?? findConfig('.');
  if (file === undefined) return { config: defaultConfig, file: undefined, secrets: [] };
  return { config: loadConfig(file, 'operator', env), file: path.normalize(file), secrets: secretsIn(file, env) };
}

/** The same from the default branch, whatever was checked out; undefined as well when there is none. Throws 'CONFIG' or 'FORGE'. */
async function configOfDefaultBranch(
  named: string | undefined,
  repository: ForgeRepository,
  forge: Forge,
  env: Environment,
): Promise<OperatorConfig> {
  const [head] = repository.branches;
  const files = head === undefined ? [] : await forge.tree(repository, head.tree);
  const names = named === undefined ? configNames : [path.posix.normalize(named)];
  const [found, second] = files.filter((one) => names.includes(one.path));
  if (found === undefined) {
    if (named === undefined) return { config: defaultConfig, file: undefined, secrets: [] };
    throw new PlimsollError('CONFIG', `there is no ${named} on the default branch of ${repository.name}`);
  }
  if (second !== undefined) {
    throw new PlimsollError('CONFIG', `two configurations, ${found.path} and ${second.path}; keep one of them`);
  }
  if ((found.size ?? 0) > limits.file.size.most)
    throw new PlimsollError('CONFIG', `${found.path}: larger than ${limits.file.size.most} bytes`);
  const { text } = decodeText(await forge.blob(repository, found));
  return { config: parseConfig(text, found.path, 'operator', env) as Config, file: found.path, secrets: [] };
}

/**
 * What holds on a pull request: anybody may have written what is checked, and secrets are not there. So nothing of the
 * configuration that logs in, sends, or reads files of the checkout is used; a variable that is not set is no error.
 */
export function withoutSecrets({ config, ...rest }: OperatorConfig): OperatorConfig {
  const registries = Object.entries(config.registries).map(([host, { insecure, mirror, concurrency, rps }]) => {
    const kept = { insecure, mirror, concurrency, rps };
    return [host, Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))];
  });
  return {
    ...rest,
    config: { ...config, registries: Object.fromEntries(registries), notify: [], heartbeat: null, forges: [] },
  };
}

/** What `${NAME}` and `file:PATH` stand for in a configuration that could be read. */
function secretsIn(file: string, env: Environment): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const folder = path.dirname(file);
  const base = isConfigFolder(path.basename(folder)) ? path.dirname(folder) : folder;
  return [...text.matchAll(/\$\{(\w+)\}|\bfile:([^\s"'#,}]+)/g)].flatMap(([, name, location]) => {
    if (name !== undefined) return env[name] ?? [];
    return location === undefined ? [] : contentOf(path.resolve(base, location));
  });
}

function contentOf(file: string): string[] {
  try {
    return [readAtMost(file, limits.tree.named.most).toString('utf8').trimEnd()];
  } catch {
    // What could not be read as a secret has stopped the configuration; this only looks like one.
    return [];
  }
}
