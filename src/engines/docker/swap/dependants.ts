import { type Fields, text } from '../../connection/answer-fields.ts';
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

/** Everybody who needs it, and who needs them, each behind what it needs; undefined where they need each other. Pure. */
export function followersOf(first: Inspected, all: readonly Inspected[]): readonly Inspected[] | undefined {
  const found: Inspected[] = [];
  const waiting: { readonly one: Inspected; readonly above: readonly string[] }[] = [{ one: first, above: [first.id] }];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    for (const one of dependantsOf(next.one, all)) {
      if (next.above.includes(one.id)) return undefined;
      // Behind the last of those that it needs.
      const at = found.indexOf(one);
      if (at >= 0) found.splice(at, 1);
      found.push(one);
      waiting.push({ one, above: [...next.above, one.id] });
    }
  }
  return found;
}

/** Settings of a host that name those who are made anew by their new ids. Names are left: they are taken over. Pure. */
export function repointed(host: Fields, ids: ReadonlyMap<string, string>): Fields {
  const renewed = (id: string): string | undefined =>
    [...ids].find(([old]) => id.length >= 12 && old.startsWith(id))?.[1];
  const modes = shared.flatMap((key) => {
    const id = renewed(text(host[key]).replace(/^container:/, ''));
    return id === undefined ? [] : [[key, `container:${id}`] as const];
  });
  const from = host['VolumesFrom'];
  const volumes = (Array.isArray(from) ? from : []).map((one) => {
    const [id = '', ...mode] = text(one).split(':');
    return [renewed(id) ?? id, ...mode].join(':');
  });
  return { ...host, ...Object.fromEntries(modes), ...(volumes.length > 0 && { VolumesFrom: volumes }) };
}
