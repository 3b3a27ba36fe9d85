import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { decode, decodeLimits } from '../../src/packages/archives/decode.ts';
import { streamOf } from '../support/read-layer.ts';
import { longestStretch } from '../support/watchdog.ts';
import { runTool } from './support/run-tool.ts';

it('what xz has made of nothing is unpacked in turns', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-xz-'));
  try {
    const [file, size] = [path.join(folder, 'zeros'), 300 * 1024 * 1024];
    writeFileSync(file, '');
    truncateSync(file, size);
    runTool('xz', [file]);
    const packed = readFileSync(`${file}.xz`);
    const anything = { ratio: Number.POSITIVE_INFINITY, ratioFrom: 0 };
    const unpack = async (): Promise<void> => {
      let unpacked = 0;
      for await (const piece of decode('.xz', streamOf(packed), decodeLimits.size, 'zeros', anything)) {
        unpacked += piece.length;
      }
      expect(unpacked).toBe(size);
    };
    expect(await longestStretch(unpack)).toBeLessThan(250);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
