import { limits } from '../../core/limits/limits.ts';
import { namedKeys } from '../apt/apt-repository.ts';
import { readAptSources } from '../apt/apt-sources.ts';
import { lockListPaths } from '../rpm/policy/rpm-policy.ts';
import { rpmKeyFiles } from '../rpm/rpm-repositories.ts';
import { excessiveSettings } from './excessive-settings.ts';

/**
 * Where the files lie that the settings of a root file system name: keyrings, by Signed-By of sources.list(5) and
 * `gpgkey=file://…` of dnf.conf(5), and the list of versions that dnf's plugin locks. Paths without a leading `/`, else as written. Never throws.
 */
export function namedPaths(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  if (excessiveSettings(files)) return [];
  const apt = readAptSources(files, '').repositories.flatMap(({ trust }) => namedKeys(trust).paths);
  return [...new Set([...apt, ...rpmKeyFiles(files), ...lockListPaths(files)])].slice(
    0,
    limits.settings.namedFiles.most,
  );
}
