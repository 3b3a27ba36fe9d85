import { type Config, defaultConfig } from '../config/config.ts';
import { parsePlatform } from '../core/platform.ts';
import { formats } from '../formats/index.ts';
import type { RepositorySettings } from '../pipeline/discover-repositories.ts';

/**
 * What holds in repositories of a forge: the operator's settings, and what each says of itself laid over them. Its own
 * file is read as a repository's: no environment, no files, no keys that reach beyond it.
 */
export async function repositorySettings(
  operator: Config,
  given: { readonly platform?: readonly string[]; readonly pin?: boolean } = {},
): Promise<RepositorySettings> {
  const { parseConfig } = await import('../config/load.ts');
  return (name, file) => {
    const own = file && parseConfig(file.text, `${name}/${file.file}`, 'repository', {});
    const config: Config = { ...defaultConfig, ...operator, ...own };
    return {
      discovery: { formats, include: config.include, exclude: [...operator.exclude, ...(own?.exclude ?? [])] },
      platforms: {
        targets: (given.platform ?? config.platforms).map(parsePlatform),
        build: parsePlatform(config.buildPlatform),
      },
      policy: {
        rules: [...operator.rules, ...(own?.rules ?? [])],
        pin: given.pin ?? config.pin,
        ...operator.policy,
      },
      commit: config.commit,
    };
  };
}
