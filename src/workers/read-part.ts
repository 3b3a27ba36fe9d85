import type { Forge } from '../forges/forge.ts';
import { repositorySettings, requestOver, treeSettings } from '../job/assemble.ts';
import { engineSources } from '../job/engines.ts';
import type { RunRequest } from '../job/look-at-scopes.ts';
import { readBranches } from '../sources/discover-repositories.ts';
import type { Reading } from './part-work.ts';
import { openForge, type PartSetup } from './worker-setup.ts';

/** What a part is about, as a run about nothing else; with the forge that it is on. */
export async function requestOf(
  reading: Exclude<Reading, { kind: 'list' }>,
  setup: PartSetup,
): Promise<{ readonly request: RunRequest; readonly forge?: Forge }> {
  const { config, given, store, run, parts } = setup;
  const over = (rest: Parameters<typeof requestOver>[0]): RunRequest => ({
    ...requestOver(rest, config, store, run.now),
    ...(run.targeted && { targeted: run.targeted }),
  });
  switch (reading.kind) {
    case 'folder':
      return { request: over(await setup.folder(reading.path)) };
    case 'engine': {
      const wish = setup.engines[reading.engine];
      const { policy } = treeSettings(config, undefined, given);
      return { request: over({ trees: [], sources: await engineSources(wish ? [wish] : [], policy, parts) }) };
    }
    case 'branches': {
      const forge = await openForge(setup, reading.forge);
      const settings = await repositorySettings(config, given);
      return {
        request: { ...over({ trees: [] }), repositories: readBranches(reading.branches, settings, forge) },
        forge,
      };
    }
  }
}
