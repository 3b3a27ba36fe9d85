import type { Finding } from '../core/finding.ts';
import { referenceKey } from '../core/image/reference.ts';
import { type PlaceFields, placeFields } from '../core/place.ts';
import type { Use } from '../sources/use.ts';
import type { ExaminedUse } from './examined-use.ts';

type OfTheUse =
  | keyof PlaceFields
  | 'id'
  | 'count'
  | 'subject'
  | 'role'
  | 'written'
  | 'reference'
  | 'pinned'
  | 'platforms';

/** What every finding about a use says of the use itself. */
export function saidOfUse({ use, examination, platforms }: ExaminedUse): Pick<Finding, OfTheUse> {
  return {
    id: use.key,
    subject: 'image',
    ...placeFields(use.place),
    ...(use.count !== undefined && { count: use.count }),
    role: use.role,
    written: use.written,
    ...(use.reference && { reference: use.reference }),
    pinned: examination.pinned,
    platforms,
  };
}

/** The reference key; what cannot be read as a reference stands for itself. */
export function imageKey({ reference, written }: Pick<Use, 'reference' | 'written'>): string {
  return reference === undefined ? written : referenceKey(reference);
}
