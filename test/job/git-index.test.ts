import { expect, it } from 'vitest';
import { inTurns } from '../../src/core/time/turns.ts';
import { trackedPaths } from '../../src/sources/git-index.ts';
import { longestStretch } from '../support/watchdog.ts';

/** gitformat-index(5), version 2, with nothing but the names. */
function indexOf(count: number): Buffer {
  const head = Buffer.alloc(12);
  head.write('DIRC');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(count, 8);
  const entries = Array.from({ length: count }, (_, i) => {
    const name = `folder-${i % 1000}/file-${i}`;
    const entry = Buffer.alloc(Math.ceil((62 + name.length + 1) / 8) * 8);
    entry.write(name, 62);
    return entry;
  });
  return Buffer.concat([head, ...entries, Buffer.alloc(20)]);
}

it('the index of a huge work tree is read in turns', async () => {
  const index = indexOf(500_000);
  const tracked = await inTurns(trackedPaths(index, 20));
  expect([tracked?.has('folder-1/file-1001'), tracked?.hasIn('folder-999')]).toEqual([true, true]);
  expect(await longestStretch(() => inTurns(trackedPaths(index, 20)))).toBeLessThan(250);
});
