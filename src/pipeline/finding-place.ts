import type { Finding } from '../core/finding.ts';
import { findingId } from '../core/news.ts';
import { referenceKey } from '../core/reference.ts';
import type { ExaminedUse } from './decide.ts';

type Place =
  | 'id'
  | 'subject'
  | 'tree'
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
export function placeOf({ tree, use, ordinal, examination, platforms }: ExaminedUse): Pick<Finding, Place> {
  const key = useKey({ use });
  return {
    id: findingId({ tree, file: use.file, subject: 'image', key, ordinal }),
    subject: 'image',
    ...(tree !== '.' && { tree }),
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

/** The reference key; what cannot be read as a reference stands for itself. */
export function useKey({ use: { reference, written } }: Pick<ExaminedUse, 'use'>): string {
  return reference === undefined ? written : referenceKey(reference);
}
