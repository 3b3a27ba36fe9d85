import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';
import type { LayerListing } from './layer-listing.ts';

/**
 * What an inventory needs of one layer, in kilobytes where the layer has megabytes. Paths are normalised and have no
 * leading `/`; only wanted paths and paths that lead to them appear. It says what is *in the layer's archive*; what
 * that means for an image is said by `mergeLayers`.
 */
export interface LayerExtract {
  /** Content of wanted files. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Symlinks at wanted paths or on the way to them, with their targets as written. */
  readonly symlinks: ReadonlyMap<string, string>;
  /** Wanted paths that are another name of a file of this layer, whose normalised path is the value. */
  readonly hardlinks: ReadonlyMap<string, string>;
  /** Directories of this layer on the way to wanted paths. */
  readonly directories: readonly string[];
  /** What is neither a kept file nor a link nor a directory, but stands at such a path and hides what lower layers have there. */
  readonly nonDirectories: readonly string[];
  /** Paths that this layer deletes from lower layers, with everything below them. */
  readonly whiteouts: readonly string[];
  /** Directories whose content in lower layers this layer hides; `''` is the root. */
  readonly opaque: readonly string[];
  /** Targets of `hardlinks` that were not wanted. Read the layer once more, wanting these too. */
  readonly missingLinkTargets: readonly string[];
  /** A sum over all entries of the layer, wanted or not. */
  readonly listing: LayerListing;
  /** The code of the problem that ended the reading before the layer's end. What came before it is here. */
  readonly truncated?: ProblemCode;
  readonly problems: readonly Problem[];
}

/** The bounds on one layer, each from core/limits/image-limits.ts unless a caller says otherwise. */
export interface LayerLimits {
  /** Bytes of the uncompressed archive. */
  readonly archiveSize: number;
  /**
   * Uncompressed bytes per compressed byte, once the archive is larger than `ratioFrom`.
   */
  readonly ratio: number;
  readonly ratioFrom: number;
  readonly entries: number;
  /** Of one path or link target, in characters. */
  readonly nameLength: number;
  /** Of one wanted file, in bytes. */
  readonly fileSize: number;
  /** Of everything kept, names included, in bytes. */
  readonly keptSize: number;
  /** Of the names of what is kept, in bytes: real layers have some kilobytes. */
  readonly keptNames: number;
  /** Paths in the extract. */
  readonly keptPaths: number;
  /** Of these, symlinks: each may cost many steps to follow. Images have a handful. */
  readonly symlinks: number;
}

export const defaultLayerLimits: LayerLimits = {
  archiveSize: limits.image.layerSize.most,
  ratio: limits.image.layerRatio.most,
  ratioFrom: limits.image.layerRatioFrom.most,
  entries: limits.image.layerEntries.most,
  nameLength: limits.image.layerName.most,
  fileSize: limits.image.layerFile.most,
  keptSize: limits.image.layerKeptSize.most,
  keptNames: limits.image.layerKeptNames.most,
  keptPaths: limits.image.layerKeptPaths.most,
  symlinks: limits.image.layerSymlinks.most,
};
