import { text } from '../../connection/answer-fields.ts';
import type { Inspected } from './inspected.ts';

/** What an engine calls a volume that nobody has named. */
const nameless = /^[0-9a-f]{64}$/;

/**
 * What stays of new containers that go: no volume is ever removed, so whoever wants those that the new image brought along, and the old one
 * does not have, to go is told their names. A clause that ends a sentence; empty where there are none. Pure.
 */
export function remaining(old: readonly Inspected[], made: readonly (Inspected | undefined)[]): string {
  const volumes = (all: readonly (Inspected | undefined)[]): Set<string> =>
    new Set(
      all.flatMap((one) => one?.mounts ?? []).flatMap((one) => (one['Type'] === 'volume' ? text(one['Name']) : [])),
    );
  const had = volumes(old);
  const left = [...volumes(made)].filter((name) => nameless.test(name) && !had.has(name));
  return left.length === 0
    ? ''
    : `; what the new image declares as a volume stays when its container has gone: docker volume rm ${left.join(' ')}`;
}
