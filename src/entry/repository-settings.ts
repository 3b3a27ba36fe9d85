import type { Config } from '../config/config.ts';
import type { RepositorySettings } from '../sources/discover-repositories.ts';
import { type RunOptions, treeSettings } from './run-request.ts';

/**
 * What holds in repositories of a forge: the operator's settings, and what each says of itself laid over them. Its own
 * file is read as a repository's: no environment, no files, no keys that reach beyond it.
 */
export async function repositorySettings(
  operator: Config,
  given: Pick<RunOptions, 'platform' | 'pin'> = {},
): Promise<RepositorySettings> {
  const { parseConfig } = await import('../config/load.ts');
  return (name, file) => {
    const own = file && parseConfig(file.text, `${name}/${file.file}`, 'repository', {});
    return { ...treeSettings(operator, own, given), commit: own?.commit ?? operator.commit };
  };
}
