import type { Finding, LineEdit } from '../core/finding.ts';

/** What editing one place would do. */
export type EditPreview =
  | {
      readonly kind: 'possible';
      readonly written: string;
      readonly edits: readonly LineEdit[];
      /** Of the same value for places that change all of them or none. */
      readonly together?: string;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** What a finding says of its edit. */
export function editsOf({
  written,
  edits,
  together,
}: Extract<EditPreview, { kind: 'possible' }>): Pick<Finding, 'proposed' | 'edits' | 'together'> {
  return { proposed: written, edits, ...(together !== undefined && { together }) };
}
