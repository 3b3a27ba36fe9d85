import { treeId } from '../core/place.ts';
import type { RunTargets } from '../core/run-record.ts';
import type { ReadScope } from '../state/run-coverage.ts';
import type { KnownScope, ScopeFile, Watch } from '../state/store.ts';
import { unreadPlaces, unreadScopes } from '../verdict/run-problems.ts';
import type { Conclusion } from './run.ts';

/** What earlier runs have read, as far as it matters to this one. */
export interface ReadBefore {
  readonly scopes: readonly KnownScope[];
  /** Files that this run could not read, and one before could. */
  readonly lost: readonly ScopeFile[];
}

/** Asks the state what a run has to know of those before it. */
export async function readBefore({ record }: Conclusion, watch: Watch): Promise<ReadBefore> {
  const unread = unreadPlaces(record).flatMap(({ place }) => place ?? []);
  return { scopes: await watch.scopes(), lost: unread.length === 0 ? [] : await watch.readBefore(unread) };
}

/** Every scope that was read, as a whole or in part, with the files in it. Pure. */
export function readScopes(
  { record, files, repositories }: Conclusion,
  { lost }: Pick<ReadBefore, 'lost'>,
): readonly ReadScope[] {
  const unread = new Set(unreadScopes(record).map(({ subject }) => subject));
  const byScope = Map.groupBy(files, ({ tree }) => tree.name);
  const missedBy = Map.groupBy(
    unreadPlaces(record).flatMap(({ place }) => place ?? []),
    ({ scope }) => scope,
  );
  const scope = (id: string, name: string, isPartial: true | undefined): ReadScope => {
    const missed = new Set((missedBy.get(name) ?? []).map(({ file }) => file));
    const own = (byScope.get(name) ?? []).map(({ file }) => file);
    return {
      id,
      name,
      files: own.filter((file) => !missed.has(file)),
      lost: lost.flatMap((one) => (one.scope === name ? [one.file] : [])),
      missed: [...missed],
      ...(isPartial && { isPartial }),
    };
  };
  return [
    // A folder in which something could not be read says what; of an engine that was not listed as a whole nothing ends.
    ...record.scopes
      .filter(({ kind, name, whole }) => kind !== 'branch' && !unread.has(name) && (kind === 'folder' || whole))
      .map(({ id, name }) => scope(id, name, undefined)),
    ...repositories
      .filter(({ tree }) => !unread.has(tree))
      .map(({ tree, repository, isPartial }) => scope(treeId(tree, repository), tree, isPartial)),
  ];
}

/** Was all read that there is to read? */
export function isComplete({ record }: Conclusion, read: readonly ReadScope[], targeted?: RunTargets): boolean {
  const isWhole = ({ missed, isPartial }: ReadScope): boolean => !isPartial && missed.length === 0;
  const isRead = unreadScopes(record).length === 0 && record.scopes.every(({ whole }) => whole);
  return targeted === undefined && isRead && read.every(isWhole);
}
