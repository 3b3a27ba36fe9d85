import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { AdvisoryFeed, SourceMove } from '../../src/advisories/feed.ts';
import { createFolderFeed } from '../../src/advisories/folder.ts';
import { startFakeOsv } from '../support/fake-osv.ts';
import { temporaryTree } from '../support/fleet.ts';
import { testApp } from '../support/test-app.ts';
import { longestStretch } from '../support/watchdog.ts';

let remove: (() => void) | undefined;
afterEach(() => remove?.());

const debian = { id: 'debian', versionId: '12' };
const record = (i: number): object => ({
  id: `DEBIAN-CVE-2026-${i}`,
  affected: [
    {
      package: { ecosystem: 'Debian:12', name: `s${i % 5000}` },
      ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2' }] }],
    },
  ],
});
const moves = (count: number): readonly SourceMove[] =>
  Array.from({ length: count }, (_, i) => ({ source: `s${i}`, name: `p${i}`, before: '1', after: '2' }));

it.each([
  [
    'many files',
    () => Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`${i}.json`, JSON.stringify(record(i))])),
  ],
  [
    'a large one',
    () => {
      const packages = Array.from({ length: 60_000 }, (_, i) => {
        const secfixes = Array.from({ length: 20 }, (_, k) => [`1.${k}-r0`, [`CVE-2026-${i}${k}`]]);
        return { pkg: { name: `s${i}`, secfixes: Object.fromEntries(secfixes) } };
      });
      return { 'main.json': JSON.stringify({ distroversion: 'v3.22', packages }), 'a.json': JSON.stringify(record(0)) };
    },
  ],
])('a folder of %s is read and asked in turns', async (_what, files) => {
  const tree = temporaryTree(files());
  remove = tree.remove;
  const ask = async (): Promise<void> => {
    const { verdicts } = await createFolderFeed(tree.folder).compare(debian, moves(60_000));
    expect(verdicts[0]?.fixed).not.toEqual([]);
  };
  expect(await longestStretch(ask)).toBeLessThan(250);
});

it('OSV is asked about thousands of packages in turns, and remembers in turns', async () => {
  const osv = await startFakeOsv();
  const tree = temporaryTree({});
  remove = tree.remove;
  try {
    const folder = path.join(tree.folder, 'cache');
    const ask = async (): Promise<void> => {
      const app = testApp({ cacheFolder: folder, advisories: { kind: 'osv', base: osv.base } });
      const [feed] = app.run.feeds as readonly [AdvisoryFeed];
      expect((await feed.compare(debian, moves(4000))).verdicts).toHaveLength(4000);
      app.close();
    };
    const first = async (): Promise<void> => {
      rmSync(folder, { recursive: true, force: true });
      await ask();
    };
    expect(await longestStretch(first)).toBeLessThan(250);
    expect(await longestStretch(ask)).toBeLessThan(250);
  } finally {
    await osv.close();
  }
});
