/*
 * src/oci/layers/
 *
 * Reading a layer in one pass, in little memory: decompress.ts, tar-scanner.ts (tar-header.ts, tar-pax.ts), and
 * layer-collector.ts, which keeps the wanted files and a sum over the whole listing. What is kept is an extract
 * (layer-extract.ts, layer-codec.ts for the cache). merge-layers.ts lays extracts over each other, whiteouts and links
 * included. Nothing is believed before the end: whoever brings the bytes verifies their digest. Source: OCI image-spec,
 * "Image Layer Filesystem Changeset".
 * Begin here, then image-layers.ts for all layers of an image.
 */

import type { Problem } from '../../core/problem.ts';
import { decompress } from './decompress.ts';
import { LayerCollector, type PathInterest } from './layer-collector.ts';
import { defaultLayerLimits, type LayerExtract, type LayerLimits } from './layer-extract.ts';
import { TarScanner } from './tar-scanner.ts';

/** What of a layer is wanted. Absent limits are the default ones. */
export interface ReadLayerOptions extends Pick<PathInterest, 'wants' | 'leadsToWanted'> {
  readonly limits?: Partial<LayerLimits>;
  readonly signal?: AbortSignal;
}

/**
 * Reads one layer in one pass: `chunks` are the bytes of the blob as stored, and whoever provides them verifies their
 * digest. The compression is found by its magic number. Memory stays within `limits.keptSize` and a few chunks whatever
 * the layer's size. Throws only what `chunks` throws, and the signal's reason; everything wrong with the layer is a
 * problem, and `truncated` says that not all of it was read.
 */
export async function readLayer(chunks: AsyncIterable<Uint8Array>, options: ReadLayerOptions): Promise<LayerExtract> {
  const limits: LayerLimits = { ...defaultLayerLimits, ...options.limits };
  const collector = new LayerCollector(options, limits);
  const scanner = new TarScanner(collector);
  let compressed = 0;
  let archived = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      compressed += chunk.length;
      yield chunk;
    }
  }
  const sink = (bytes: Uint8Array): boolean => {
    archived += bytes.length;
    const tooLarge = sizeProblem(compressed, archived, limits) ?? headerProblem(scanner, limits);
    if (tooLarge !== undefined) collector.stop(tooLarge);
    else scanner.push(bytes);
    return !collector.isStopped;
  };
  const ending = await decompress(counted(), sink, options.signal);
  if (ending.kind === 'unsupported') {
    const message = `the layer is compressed with ${ending.format}, which image layers may not be; expected gzip, zstd or a plain tar archive`;
    collector.stop({ code: 'layer-unsupported', message });
  } else if (!collector.isStopped) {
    const damage = ending.kind === 'damaged' ? ending : undefined;
    if (compressed === 0) collector.stop(emptyProblem);
    else if (scanner.isEnded && damage?.isBehind) collector.note(behindProblem(damage.reason));
    else if (!scanner.isEnded || damage !== undefined) {
      const problem = damageProblem(scanner, damage?.reason, archived);
      if (problem !== undefined) collector.stop(problem);
    }
  }
  return collector.extract();
}

function sizeProblem(compressed: number, archived: number, limits: LayerLimits): Problem | undefined {
  if (archived > limits.archiveSize) {
    const message = `stopped reading the layer after ${limits.archiveSize} uncompressed bytes; what follows is not known`;
    return { code: 'layer-too-large', message };
  }
  if (archived <= limits.ratioFrom || archived <= compressed * limits.ratio) return undefined;
  const message = `stopped reading the layer: ${compressed} bytes became more than ${archived}, as in a decompression bomb`;
  return { code: 'layer-bomb', message };
}

/** An entry may have three headers before its own: one of pax and two of GNU. More of them describe nothing. */
function headerProblem(scanner: TarScanner, limits: LayerLimits): Problem | undefined {
  if (scanner.entries <= 4 * limits.entries) return undefined;
  const message = `stopped reading the layer after ${scanner.entries} headers; what follows is not known`;
  return { code: 'layer-too-many-entries', message };
}

/** Builders and registries have left such bytes behind; unpackers differ in whether they take the layer. */
function behindProblem(reason: string): Problem {
  const message = `the layer's archive is whole, and behind it are bytes that are no gzip (${reason}); not every program unpacks such a layer`;
  return { code: 'layer-bytes-behind', message };
}

/** An archive of nothing has two blocks of zeros (POSIX pax, "ustar Interchange Format"). */
const emptyProblem: Problem = {
  code: 'layer-truncated',
  message: 'the layer has 0 bytes, which is no archive, not even an empty one; what it should hold is not known',
};

/** Why the archive has no end, when it should have one. */
function damageProblem(scanner: TarScanner, decoding: string | undefined, archived: number): Problem | undefined {
  if (scanner.damage !== undefined) {
    // Nothing but the first block: then it never was an archive.
    if (scanner.entries === 0) {
      const message = `the layer is no tar archive: ${scanner.damage}`;
      return { code: 'layer-unsupported', message };
    }
    const message = `the layer's archive is damaged after ${scanner.entries} entries: ${scanner.damage}; what follows is not known`;
    return { code: 'layer-damaged', message };
  }
  if (decoding !== undefined) {
    const message = `the layer could be decompressed up to byte ${archived} of its archive (${decoding}); what follows is not known`;
    return { code: 'layer-truncated', message };
  }
  if (scanner.isAtBoundary) return undefined;
  return {
    code: 'layer-truncated',
    message: `the layer's archive breaks off after ${archived} bytes, inside an entry`,
  };
}
