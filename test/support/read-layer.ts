import type { LayerExtract, LayerLimits } from '../../src/oci/layers/layer-extract.ts';
import { readLayer } from '../../src/oci/layers/layer-reader.ts';
import { leadsToWantedPath, wantedPath } from '../../src/packages/wanted-paths.ts';
import { layer, type TarInputs } from './image-builder.ts';

/** The bytes as a stream of pieces of that size. */
export async function* streamOf(bytes: Uint8Array, size = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads layer bytes with the wanted paths of the package databases. */
export function readBytes(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  limits: Partial<LayerLimits> = {},
): Promise<LayerExtract> {
  const chunks = bytes instanceof Uint8Array ? streamOf(bytes) : bytes;
  return readLayer(chunks, { wants: wantedPath, leadsToWanted: leadsToWantedPath, limits });
}

export function readEntries(inputs: TarInputs): Promise<LayerExtract> {
  return readBytes(layer(inputs, { compression: 'none' }).bytes);
}

export function texts(files: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}
