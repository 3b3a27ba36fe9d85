import { text } from '../../connection/answer-fields.ts';
import type { Inspected } from './inspected.ts';

/** Where a container may live in what is another's. */
const shared = ['NetworkMode', 'IpcMode', 'PidMode'] as const;

/**
 * Of these containers, those that run in the network, the memory or among the processes of another, or have its volumes: they name it by its
 * id, and lose it when it is made anew. Pure.
 */
export function dependantsOf(
  { id, name }: Pick<Inspected, 'id' | 'name'>,
  all: readonly Inspected[],
): readonly Inspected[] {
  const isIt = (named: string): boolean => named === name || (named.length >= 12 && id.startsWith(named));
  return all.filter(({ host }) => {
    const lent = shared.map((key) => text(host[key])).filter((mode) => mode.startsWith('container:'));
    const volumes = (Array.isArray(host['VolumesFrom']) ? host['VolumesFrom'] : []).map(
      (one) => text(one).split(':')[0] ?? '',
    );
    return lent.some((mode) => isIt(mode.slice('container:'.length))) || volumes.some(isIt);
  });
}
