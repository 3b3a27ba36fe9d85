import { settingsText } from '../archives/excessive-settings.ts';
import { readIni } from '../archives/ini.ts';
import type { RpmModules, RpmSource } from './rpm-view.ts';

/**
 * The repositories with what dnf's modular filtering leaves of them: of the builds of modules those of streams that are
 * enabled in `etc/dnf/modules.d/*.module`, or taken by default; and no build of a name that such a stream holds, too,
 * except those of the stream and of repositories with `module_hotfixes`. As they are when none says anything of modules.
 * Source: dnf's modularity(7), "Package filtering".
 */
export function filterModules(
  sources: readonly RpmSource[],
  files: ReadonlyMap<string, Uint8Array>,
): readonly RpmSource[] {
  const told = sources.flatMap(({ modules }) => modules ?? []);
  if (told.length === 0) return sources;
  const isActive = activeStreams(told, files);
  return sources.map((source) => {
    if (source.repository.moduleHotfixes) return source;
    const rows: RpmSource['rows'] = (name) => {
      const builds = told.flatMap((one) => one.builds(name));
      const isTaken = builds.some(({ stream }) => isActive(stream));
      return source.rows(name).filter(({ version, architecture }) => {
        const own = builds.filter((one) => one.version === version && one.architecture === architecture);
        return own.length > 0 ? own.some(({ stream }) => isActive(stream)) : !isTaken;
      });
    };
    return { ...source, rows };
  });
}

function activeStreams(
  told: readonly RpmModules[],
  files: ReadonlyMap<string, Uint8Array>,
): (stream: string) => boolean {
  const streams = new Map(told.flatMap(({ defaults }) => [...defaults]));
  for (const [path, bytes] of files) {
    if (!path.startsWith('etc/dnf/modules.d/') || !path.endsWith('.module')) continue;
    for (const { name, values } of readIni(settingsText(bytes))) {
      const state = values.get('state') ?? '';
      if (state === 'enabled') streams.set(name, values.get('stream') ?? '');
      else if (state === 'disabled') streams.delete(name);
    }
  }
  const active = new Set([...streams].map(([module, stream]) => `${module}:${stream}`));
  return (stream) => active.has(stream);
}
