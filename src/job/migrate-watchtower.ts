import { PlimsollError } from '../core/errors.ts';
import type { EngineDependencies } from '../engines/engine.ts';
import type { Migration } from '../engines/watchtower/watchtower-config.ts';
import { engineNamed } from './engines.ts';

/** What a Watchtower on an engine does, as a configuration. */
export interface WatchtowerMigration extends Migration {
  /** The container. */
  readonly name: string;
  /** Other Watchtowers there. */
  readonly others: readonly string[];
}

/** Asks the engine that a word names, by GET alone. Throws PlimsollError 'USAGE' for none, and 'ENGINE' where no Watchtower is. */
export async function migrateWatchtower(
  word: string,
  container: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  deps: EngineDependencies,
): Promise<WatchtowerMigration> {
  const wish = await engineNamed(word, env);
  if (wish === undefined || (wish.type !== 'docker' && wish.type !== 'podman'))
    throw new PlimsollError(
      'USAGE',
      `${word} is no engine that a Watchtower could run on: docker:[ADDRESS] or podman:[ADDRESS]`,
    );
  const { readWatchtowers } = await import('../engines/watchtower/read-watchtower.ts');
  const { watchtowerConfig } = await import('../engines/watchtower/watchtower-config.ts');
  const { watchtowers, others, isPodman } = await readWatchtowers(wish.address, deps);
  const chosen = watchtowers.find(({ name }) => container === undefined || name === container);
  if (chosen === undefined)
    throw new PlimsollError(
      'USAGE',
      `no Watchtower there is called ${container}; there are: ${watchtowers.map(({ name }) => name).join(', ')}`,
    );
  const host = `${isPodman || wish.type === 'podman' ? 'podman+' : ''}${wish.address.url}`;
  return {
    ...watchtowerConfig(chosen, others, { host, isTls: wish.address.tls !== undefined }),
    name: chosen.name,
    others: watchtowers.filter((one) => one !== chosen).map(({ name }) => name),
  };
}
