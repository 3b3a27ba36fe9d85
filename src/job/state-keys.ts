import type { Finding } from '../core/finding.ts';
import { formatReference } from '../core/image/reference.ts';
import { type PlaceFields, treeId } from '../core/place.ts';
import type { RunRecord } from '../core/run-record.ts';

/** The name under which looks are kept: the tag, whatever digest a use pins it to. */
export function lookKey({ registry, repository, tag }: { registry: string; repository: string; tag?: string }): string {
  return formatReference({ registry, repository, tag: tag ?? 'latest' });
}

/** The reference that a finding is about, as state knows it. */
export function keyOf({ reference, written }: Pick<Finding, 'reference' | 'written'>): string {
  return reference ? lookKey(reference) : written;
}

/** The id of the scope in which a place is, among those of a run. */
export function scopeOf(
  { workload, tree = '.', repository }: PlaceFields,
  { scopes }: Pick<RunRecord, 'scopes'>,
): string {
  if (workload === undefined) return treeId(tree, repository);
  const engine = scopes.find(({ kind, name }) => kind !== 'folder' && kind !== 'branch' && name === workload.engine);
  return engine?.id ?? workload.engine;
}
