import { limits } from '../../core/limits/limits.ts';
import { LayerCollector } from './layer-collector.ts';
import { defaultLayerLimits, type LayerExtract } from './layer-extract.ts';

/** What is kept of the layers of one image together. */
export interface ImageLimits {
  /** Layers. */
  readonly layers: number;
  /** Bytes of the contents of wanted files. */
  readonly keptSize: number;
  /** Paths, whiteouts and links among them. */
  readonly keptPaths: number;
}

export const defaultImageLimits: ImageLimits = {
  layers: limits.image.layers.most,
  keptSize: limits.image.keptSize.most,
  keptPaths: limits.image.keptPaths.most,
};

/** Of one image, so many layers are under way: what they keep is not counted yet. */
const atOnce = 2;

/**
 * Reads the layers of an image, base first, as far as its limits allow. What is beyond them is one more truncated extract
 * in the place of each layer, so that nobody takes the image for read. Which layers are read does not depend on which
 * were faster. Rejects as `read` does.
 */
export async function readLayers<L>(
  layers: readonly L[],
  read: (layer: L) => Promise<LayerExtract>,
  bounds: ImageLimits = defaultImageLimits,
): Promise<readonly LayerExtract[]> {
  const extracts: LayerExtract[] = [];
  let [next, size, paths] = [0, 0, 0];
  const isFull = (): boolean => size > bounds.keptSize || paths > bounds.keptPaths;
  const work = async (): Promise<void> => {
    while (next < Math.min(layers.length, bounds.layers) && !isFull()) {
      const at = next++;
      const extract = await read(layers[at] as L);
      extracts[at] = extract;
      size += keptSize(extract);
      paths += keptPaths(extract);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return withinLimits(layers.length, extracts, bounds);
}

/** In their order, for they were counted in the order in which they were ready. */
function withinLimits(all: number, extracts: readonly LayerExtract[], bounds: ImageLimits): readonly LayerExtract[] {
  const kept: LayerExtract[] = [];
  let [size, paths] = [0, 0];
  for (const extract of extracts) {
    size += keptSize(extract);
    paths += keptPaths(extract);
    if (size > bounds.keptSize || paths > bounds.keptPaths) break;
    kept.push(extract);
  }
  if (kept.length === all) return kept;
  const collector = new LayerCollector({ wants: () => false, leadsToWanted: () => false }, defaultLayerLimits);
  const left = `the last ${all - kept.length} of the image's ${all} layers are left out`;
  const why = `only ${bounds.layers} layers, ${bounds.keptSize} bytes and ${bounds.keptPaths} paths of an image are read`;
  collector.stop({ code: 'image-too-large', message: `${left}: ${why}` });
  const none = collector.extract();
  const silent = { ...none, problems: [] };
  return [...kept, none, ...Array.from({ length: all - kept.length - 1 }, () => silent)];
}

function keptSize({ files }: LayerExtract): number {
  let size = 0;
  for (const content of files.values()) size += content.length;
  return size;
}

function keptPaths(extract: LayerExtract): number {
  const { files, symlinks, hardlinks, directories, nonDirectories, whiteouts, opaque } = extract;
  const maps = files.size + symlinks.size + hardlinks.size;
  return maps + directories.length + nonDirectories.length + whiteouts.length + opaque.length;
}
