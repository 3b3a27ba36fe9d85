import type { LayerExtract, LayerLimits } from '../../src/oci/layer-extract.ts';
import { type TarInputs } from './image-builder.ts';
/** The bytes as a stream of pieces of that size. */
export declare function streamOf(bytes: Uint8Array, size?: number): AsyncGenerator<Uint8Array>;
/** Reads layer bytes with the wanted paths of the package databases. */
export declare function readBytes(
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  limits?: Partial<LayerLimits>,
): Promise<LayerExtract>;
export declare function readEntries(inputs: TarInputs): Promise<LayerExtract>;
export declare function texts(files: ReadonlyMap<string, Uint8Array>): Record<string, string>;
