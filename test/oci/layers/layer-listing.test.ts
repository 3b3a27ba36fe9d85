import { describe, expect, it } from 'vitest';
import { addListings, emptyListing, type LayerListing } from '../../../src/oci/layers/layer-listing.ts';
import { fc } from '../../support/fast-check.ts';
import type { TarInput } from '../../support/image-builder.ts';
import { readEntries } from '../../support/read-layer.ts';

async function listingOf(entries: readonly TarInput[]): Promise<LayerListing> {
  return (await readEntries(entries)).listing;
}

const base: readonly TarInput[] = [
  { path: 'usr/bin', type: 'directory' },
  { path: 'usr/bin/app', content: 'abc', mode: 0o755 },
  { path: 'usr/bin/link', type: 'symlink', link: 'app' },
  { path: 'usr/bin/hard', type: 'hardlink', link: 'usr/bin/app' },
  { path: 'etc/.wh.old' },
];

describe('the listing of a layer', () => {
  it('does not depend on order or spelling of paths', async () => {
    const other = [...base].reverse().map((entry) => ({ ...entry, path: `./${entry.path}` }));
    expect(await listingOf(other)).toEqual(await listingOf(base));
    expect((await listingOf(base)).count).toBe(base.length);
  });

  it.each<readonly [string, (entries: TarInput[]) => unknown]>([
    ['a path', (all) => all.splice(1, 1, { path: 'usr/bin/other', content: 'abc', mode: 0o755 })],
    ['a type', (all) => all.splice(1, 1, { path: 'usr/bin/app', type: 'fifo', mode: 0o755 })],
    ['a mode', (all) => all.splice(1, 1, { path: 'usr/bin/app', content: 'abc', mode: 0o4755 })],
    ['a size', (all) => all.splice(1, 1, { path: 'usr/bin/app', content: 'abcd', mode: 0o755 })],
    ['a symlink target', (all) => all.splice(2, 1, { path: 'usr/bin/link', type: 'symlink', link: 'hard' })],
    ['a hard link target', (all) => all.splice(3, 1, { path: 'usr/bin/hard', type: 'hardlink', link: 'usr/bin/link' })],
    ['a whiteout', (all) => all.splice(4, 1)],
    ['one more entry', (all) => all.push({ path: 'new' })],
  ])('differs by %s', async (_, change) => {
    const changed = [...base];
    change(changed);
    expect((await listingOf(changed)).sum).not.toBe((await listingOf(base)).sum);
  });

  it('does not differ by content of the same size', async () => {
    const changed = base.map((entry) => (entry.content === 'abc' ? { ...entry, content: 'xyz' } : entry));
    expect(await listingOf(changed)).toEqual(await listingOf(base));
  });

  it.each([
    'var/log',
    'var/log/dpkg.log',
    'var/cache/apt/pkgcache.bin',
    'var/lib/dpkg/status',
    'var/lib/apt/lists/x',
    'var/lib/apk/x',
    'var/lib/rpm/Packages',
    'tmp/x',
    'run/x/y',
    'etc/ld.so.cache',
    'usr/lib/python3/__pycache__/a.cpython-312.pyc',
    'var/.wh.log',
    'var/log/.wh.x',
  ])('leaves out %s', async (path) => {
    expect(await listingOf([...base, { path, content: 'x' }])).toEqual(await listingOf(base));
  });

  it.each(['var/lib/dpkgs', 'var/logs', 'usr/tmp/x', 'etc/ld.so.cached', 'var/lib', 'running', 'a.pyc/b'])(
    'counts %s',
    async (path) => {
      expect((await listingOf([...base, { path }])).count).toBe(base.length + 1);
    },
  );

  it('adds up over layers, in any order and grouping', async () => {
    const one = await listingOf(base.slice(0, 2));
    const two = await listingOf(base.slice(2));
    expect(addListings(one, two)).toEqual(await listingOf(base));
    const listing = fc.record({
      count: fc.nat(1000),
      sum: fc.stringMatching(/^[0-9a-f]{64}$/),
    });
    fc.assert(
      fc.property(listing, listing, listing, (a, b, c) => {
        expect(addListings(a, b)).toEqual(addListings(b, a));
        expect(addListings(addListings(a, b), c)).toEqual(addListings(a, addListings(b, c)));
        expect(addListings(a, emptyListing)).toEqual(a);
      }),
    );
  });
});
