import { describe, expect, it } from 'vitest';
import { atOnce } from '../../../src/core/time/turns.ts';
import { readLayers } from '../../../src/oci/layers/image-layers.ts';
import type { LayerExtract } from '../../../src/oci/layers/layer-extract.ts';
import { mergeLayers } from '../../../src/oci/layers/merge-layers.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import type { TarInput } from '../../support/image-builder.ts';
import { readEntries } from '../../support/read-layer.ts';

const limits = { layers: 5, keptSize: 1000, keptPaths: 20 };
const sized = (size: number): Promise<LayerExtract> => readEntries({ 'etc/os-release': 'x'.repeat(size) });

/** Hands the layers out with a delay of so many turns each. */
async function read(layers: readonly LayerExtract[], delays: readonly number[] = []): Promise<readonly LayerExtract[]> {
  return readLayers(
    layers.map((layer, at) => ({ layer, turns: delays[at] ?? 0 })),
    async ({ layer, turns }) => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      return layer;
    },
    limits,
  );
}

describe('the layers of an image', () => {
  it('are all read where they are within its limits', async () => {
    const layers = [await sized(400), await sized(600)];
    expect(await read(layers)).toEqual(layers);
  });

  it('are left out, and said, beyond the bytes that are kept of one image', async () => {
    const layers = await Promise.all([sized(400), sized(500), sized(200), sized(1)]);
    const found = await read(layers);
    expect(found.slice(0, 2)).toEqual(layers.slice(0, 2));
    expect(found.slice(2).map(({ truncated }) => truncated)).toEqual(['image-too-large', 'image-too-large']);
    const merged = atOnce(mergeLayers(found));
    expect(merged.complete).toBe(false);
    expect(merged.problems).toEqual([
      {
        code: 'image-too-large',
        message:
          "the last 2 of the image's 4 layers are left out: only 5 layers, 1000 bytes and 20 paths of an image are read",
      },
    ]);
  });

  it('are the same whichever was faster', async () => {
    const layers = await Promise.all([300, 300, 500, 10, 10].map(sized));
    const expected = await read(layers);
    for (const delays of [[50], [0, 50], [0, 0, 50], [9, 7, 5, 3, 1]]) {
      expect(await read(layers, delays)).toEqual(expected);
    }
  });

  it('are at most as many as an image may have', async () => {
    const one = await sized(1);
    const found = await read(Array.from({ length: 7 }, () => one));
    expect(found.map(({ truncated }) => truncated === undefined)).toEqual([1, 1, 1, 1, 1, 0, 0].map(Boolean));
  });

  it('are at most as many paths, whiteouts too', async () => {
    const whiteouts = await readEntries(
      Array.from({ length: 15 }, (_, n): TarInput => ({ path: `var/lib/dpkg/status.d/.wh.p${n}`, content: '' })),
    );
    const found = await read([whiteouts, whiteouts]);
    expect(found.map(({ truncated }) => truncated)).toEqual([undefined, 'image-too-large']);
  });
});

it('laying layers together takes time in proportion to what they hold', async () => {
  const layersOf = async (count: number): Promise<LayerExtract[]> =>
    Promise.all(
      Array.from({ length: count }, (_, at) =>
        readEntries([
          ...Array.from(
            { length: 700 },
            (__, n): TarInput => ({ path: `var/lib/dpkg/status.d/p${at}.${n}`, content: 'x' }),
          ),
          { path: `var/lib/dpkg/status.d/.wh.p${at - 1}.1`, content: '' },
        ]),
      ),
    );
  const all = await layersOf(127);
  const time = await cpuTime(() => expect(atOnce(mergeLayers(all)).files.size).toBe(127 * 700 - 126));
  expect(time).toBeLessThan(1500);
});
