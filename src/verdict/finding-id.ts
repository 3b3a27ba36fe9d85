import type { Finding } from '../core/finding.ts';
import { referenceKey } from '../core/image/reference.ts';
import { findingId } from '../core/news.ts';
import type { RepositoryPlace } from '../core/repository-place.ts';
import type { ExaminedUse } from './examined-use.ts';

type Place =
  | 'id'
  | 'subject'
  | 'tree'
  | 'repository'
  | 'file'
  | 'line'
  | 'column'
  | 'kind'
  | 'stage'
  | 'final'
  | 'written'
  | 'reference'
  | 'pinned'
  | 'platforms';

/** What every finding about a use says of the use itself. */
export function placeOf(examined: ExaminedUse): Pick<Finding, Place> {
  const { tree, repository, use, examination, platforms } = examined;
  return {
    id: useId(examined),
    subject: 'image',
    ...(tree !== '.' && { tree }),
    ...(repository && { repository }),
    file: use.file,
    line: use.line,
    column: use.column,
    kind: use.kind,
    ...(use.stage !== undefined && { stage: use.stage }),
    ...(use.final !== undefined && { final: use.final }),
    written: use.written,
    ...(use.reference && { reference: use.reference }),
    pinned: examination.pinned,
    platforms,
  };
}

/** Identity of a use: that of every finding about it. */
export function useId({
  tree,
  repository,
  use,
  ordinal,
}: Pick<ExaminedUse, 'tree' | 'repository' | 'use' | 'ordinal'>): string {
  const key = useKey({ use });
  return findingId({ tree: treeId(tree, repository), file: use.file, subject: 'image', key, ordinal });
}

/** The reference key; what cannot be read as a reference stands for itself. */
export function useKey({ use: { reference, written } }: Pick<ExaminedUse, 'use'>): string {
  return reference === undefined ? written : referenceKey(reference);
}

/** A repository's id survives its rename; another branch than the default is another tree. */
export function treeId(tree: string, repository: RepositoryPlace | undefined): string {
  return repository === undefined ? tree : `${repository.forge}:${repository.id} ${tree.split('@')[1] ?? ''}`.trimEnd();
}
