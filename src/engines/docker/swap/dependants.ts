import { type Fields, text } from '../../connection/answer-fields.ts';
import type { Inspected } from './inspected.ts';

/** Where a container may live in what is another's. */
const shared = ['NetworkMode', 'IpcMode', 'PidMode'] as const;

/** What a container is linked to on the bridge (`/web:/proxy/backend`); in other networks a link is a name that is looked up, and has no slash. */
const link = /^\/([^:]+)(?=:\/)/;

/**
 * Of these containers, those that run in the network, the memory or among the processes of another, have its volumes, or are linked to it: they
 * hold on to it by its id, and lose it when it is made anew; one that is linked does not even start again. Pure.
 */
export function dependantsOf(
  { id, name }: Pick<Inspected, 'id' | 'name'>,
  all: readonly Inspected[],
): readonly Inspected[] {
  const isIt = (named: string): boolean => named === name || (named.length >= 12 && id.startsWith(named));
  return all.filter(({ host }) => {
    const lent = shared.map((key) => text(host[key])).filter((mode) => mode.startsWith('container:'));
    const volumes = listOf(host['VolumesFrom']).map((one) => one.split(':')[0] ?? '');
    const links = listOf(host['Links']).flatMap((one) => link.exec(one)?.[1] ?? []);
    return lent.some((mode) => isIt(mode.slice('container:'.length))) || volumes.some(isIt) || links.includes(name);
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

/** A container that was made anew: whose place it takes, and its id. */
export interface Renewed {
  readonly old: Pick<Inspected, 'id' | 'name'>;
  readonly newId: string;
}

/**
 * Settings of a host that name those who are made anew by their new ids. Names are left, and taken over; but a link holds on to whoever has
 * the name when it is made. Pure.
 */
export function repointed(host: Fields, made: readonly Renewed[]): Fields {
  const renewed = (id: string): string | undefined =>
    made.find(({ old }) => id.length >= 12 && old.id.startsWith(id))?.newId;
  const modes = shared.flatMap((key) => {
    const id = renewed(text(host[key]).replace(/^container:/, ''));
    return id === undefined ? [] : [[key, `container:${id}`] as const];
  });
  const volumes = listOf(host['VolumesFrom']).map((one) => {
    const [id = '', ...mode] = one.split(':');
    return [renewed(id) ?? id, ...mode].join(':');
  });
  const links = listOf(host['Links']).map((one) => {
    const [name = '', ...alias] = one.split(':');
    return [made.find(({ old }) => old.name === name)?.newId ?? name, ...alias].join(':');
  });
  return {
    ...host,
    ...Object.fromEntries(modes),
    ...(volumes.length > 0 && { VolumesFrom: volumes }),
    ...(links.length > 0 && { Links: links }),
  };
}

function listOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : []).map(text);
}
