import type { ImageReference } from './reference.ts';

/** How an image is published: from which file, as which name. */
export interface PublishedImage {
  /** With its tag. */
  readonly image: ImageReference;
  /** `owner/name`, or the folder as it was named. */
  readonly repository: string;
  /** The Dockerfile: its path in the tree. */
  readonly file: string;
  /** The stage that is built; absent: the last. */
  readonly target?: string;
}

/** An image that another one is made with. */
export interface GraphEdge {
  /** What is used. */
  readonly base: string;
  /** What is published of it. */
  readonly child: string;
  readonly kind: 'from' | 'copy' | 'mount';
  readonly file: string;
  readonly line: number;
  /** Does the file name its digest? */
  readonly pinned: boolean;
}

/** An image of the graph. */
export interface GraphNode {
  readonly image: string;
  readonly published: boolean;
  /** What its tag named when it was looked at last; null: nobody has looked. */
  readonly digest: string | null;
  /** Where it is built, if it is known. */
  readonly repository?: string;
  readonly file?: string;
}

/** Which published image is made of which; `order` has parents before children, level by level, and what is on a cycle in none. */
export interface ImageGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly order: readonly (readonly string[])[];
  readonly cycles: readonly (readonly string[])[];
}
