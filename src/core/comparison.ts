import type { ConfigChange } from './finding.ts';
import type { PackageChange } from './package.ts';
import type { Problem } from './problem.ts';

/** What differs between two images of one platform, and the class that follows from it. */
export interface ImageComparison {
  readonly class: 'packages' | 'config' | 'content' | 'rebuild';
  /** null: at least one side could not be read completely; the problems say which and why. */
  readonly packages: readonly PackageChange[] | null;
  readonly config: readonly ConfigChange[];
  readonly labels: readonly ConfigChange[];
  /** How many settings and labels differ beside those listed. */
  readonly unlistedSettings?: { readonly config: number; readonly labels: number };
  readonly os: { readonly before: string; readonly after: string } | null;
  /** Length of the common prefix of diff IDs: a layer deeper in another stack is not the same base. */
  readonly sharedLayers: number;
  readonly layers: { readonly before: number; readonly after: number };
  /** Compressed bytes. */
  readonly size: { readonly before: number; readonly after: number };
  readonly created: { readonly before: string | null; readonly after: string | null };
  /** The label org.opencontainers.image.version. */
  readonly version: { readonly before: string | null; readonly after: string | null };
  /** The repository both were built from and the revisions, when both carry the labels. */
  readonly source?: { readonly url: string; readonly before: string; readonly after: string };
  /** Why this is a step back, if it is one. */
  readonly downgrade: string | null;
  /** Files that no package needs were not compared: one side is a folder or an SBOM, which do not have them. */
  readonly unlisted?: true;
  /** Where the packages come from, when SBOMs were asked for; a sentence says which, or why not. */
  readonly packagesFrom?: {
    readonly kind: 'sbom' | 'layers';
    readonly note: string;
    /** SBOMs could not be asked for; the next run may have more luck. */
    readonly isPassing?: true;
  };
  readonly problems: readonly Problem[];
}
