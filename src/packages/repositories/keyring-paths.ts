import { namedKeys } from './apt-repository.ts';
import { readAptSources } from './apt-sources.ts';
import { rpmKeyFiles } from './rpm-repositories.ts';

/** Real images name fewer than ten. */
const mostKeyrings = 100;

/**
 * Where the keyrings lie that the package sources of a root file system name: Signed-By of sources.list(5), and
 * `gpgkey=file://…` of dnf.conf(5). Paths without a leading `/`, else as written. Never throws.
 */
export function keyringPaths(files: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const apt = readAptSources(files, '').repositories.flatMap(({ trust }) => namedKeys(trust).paths);
  return [...new Set([...apt, ...rpmKeyFiles(files)])].slice(0, mostKeyrings);
}
