import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readLayer } from '../../../src/oci/layers/layer-reader.ts';
import { fc } from '../../support/fast-check.ts';
import { layer, noise, paxRecords, type TarInput, tar, tarBody, tarHeader } from '../../support/image-builder.ts';
import { readBytes, readEntries, streamOf, texts } from '../../support/read-layer.ts';

const status = 'var/lib/dpkg/status';
const long = `${'d/'.repeat(80)}file`;

describe('readLayer', () => {
  it('keeps the wanted files and passes over the others', async () => {
    const extract = await readEntries({ 'usr/bin/app': noise(5000), [status]: 'dpkg', 'etc/os-release': 'ID=x' });
    expect(texts(extract.files)).toEqual({ [status]: 'dpkg', 'etc/os-release': 'ID=x' });
    expect(extract).toMatchObject({ problems: [], missingLinkTargets: [] });
    expect(extract.truncated).toBeUndefined();
    expect(extract.listing.count).toBe(2);
  });

  const archive = tar({ 'etc/os-release': 'ID=x', 'a/b': noise(2000), [status]: noise(3000, 'status') });
  const [head, tail] = [archive.subarray(0, 4001), archive.subarray(4001)];
  const named = (bytes: Buffer): Buffer => {
    const [fixed, rest] = [Buffer.from(bytes.subarray(0, 10)), bytes.subarray(10)];
    fixed[3] = 8;
    return Buffer.concat([fixed, Buffer.from('layer.tar\0'), rest]);
  };
  const skippable = Buffer.concat([Buffer.from('532a4d1803000000', 'hex'), Buffer.from('abc')]);
  it.each([
    ['gzip', gzipSync(archive)],
    ['several gzip members', Buffer.concat([gzipSync(head), gzipSync(tail)])],
    ['gzip padded with zeros', Buffer.concat([gzipSync(archive), Buffer.alloc(700)])],
    ['zstd', zstdCompressSync(archive)],
    ['several zstd frames', Buffer.concat([zstdCompressSync(head), zstdCompressSync(tail)])],
    [
      'zstd with skippable frames',
      Buffer.concat([skippable, zstdCompressSync(head), skippable, skippable, zstdCompressSync(tail), skippable]),
    ],
    ['nothing', archive],
  ])('reads a layer compressed with %s, in pieces of any size', async (_, bytes) => {
    for (const size of [1, 7, 512, 4099, 1 << 20]) {
      const extract = await readBytes(streamOf(bytes, size));
      expect(extract.problems).toEqual([]);
      expect(extract.files.get(status)).toEqual(noise(3000, 'status'));
      expect(extract.listing.count).toBe(2);
    }
  });

  it.each([
    ['other bytes', Buffer.concat([gzipSync(archive), Buffer.from('and more')])],
    ['bytes behind zeros', Buffer.concat([named(gzipSync(archive)), Buffer.alloc(512), Buffer.from('x')])],
  ])('reads all of an archive with %s behind its gzip, and says so', async (_, bytes) => {
    for (const size of [1, 7, 512, 4099, 1 << 20]) {
      const extract = await readBytes(streamOf(bytes, size));
      expect(extract.problems).toEqual([
        {
          code: 'layer-bytes-behind',
          message:
            "the layer's archive is whole, and behind it are bytes that are no gzip (incorrect header check); not every program unpacks such a layer",
        },
      ]);
      expect(extract.truncated).toBeUndefined();
      expect(extract.files.get(status)).toEqual(noise(3000, 'status'));
    }
  });

  it('does not believe an archive whose sum is wrong, also when it has an end', async () => {
    const bytes = gzipSync(archive);
    bytes.writeUInt32LE(bytes.readUInt32LE(bytes.length - 8) ^ 1, bytes.length - 8);
    const extract = await readBytes(bytes);
    expect([extract.truncated, extract.problems[0]?.message]).toEqual([
      'layer-truncated',
      expect.stringContaining('(incorrect data check)'),
    ]);
  });

  it('gives the same extract wherever the archive is cut into pieces', async () => {
    const entries: readonly TarInput[] = [
      { path: './' },
      { path: long, content: 'x'.repeat(700), longNames: 'pax' },
      { path: status, content: 'y'.repeat(1300) },
      { path: `${long}/2`, longNames: 'gnu', content: 'z' },
      { path: 'lib', type: 'symlink', link: 'usr/lib' },
    ];
    const bytes = layer(entries, { compression: 'none' }).bytes;
    const whole = await readBytes(streamOf(bytes, bytes.length));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1600 }), async (size) => {
        expect(await readBytes(streamOf(bytes, size))).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it.each(['./var/lib/dpkg/status', '/var/lib/dpkg/status', 'var//lib/./dpkg/status', './/var/lib/dpkg/status'])(
    'normalises %s',
    async (path) => {
      expect(texts((await readEntries([{ path, content: 'x' }])).files)).toEqual({ [status]: 'x' });
    },
  );

  it.each(['../var/lib/dpkg/status', 'var/lib/dpkg/../dpkg/status', 'a/..', '..'])('refuses %s', async (path) => {
    const extract = await readEntries([
      { path, content: 'x' },
      { path: 'etc/os-release', content: 'ID=x' },
    ]);
    expect([...extract.files.keys()]).toEqual(['etc/os-release']);
    expect(extract.problems).toEqual([{ code: 'layer-path-refused', message: expect.any(String), subject: path }]);
    expect(extract.truncated).toBeUndefined();
  });

  it('takes the last of several entries of one path', async () => {
    const extract = await readEntries([
      { path: status, content: 'old' },
      { path: 'lib', type: 'symlink', link: 'a' },
      { path: status, content: 'new' },
      { path: 'lib', type: 'directory' },
    ]);
    expect(texts(extract.files)).toEqual({ [status]: 'new' });
    expect(extract.symlinks.size).toBe(0);
    expect(extract.directories).toEqual(['lib']);
  });

  it('keeps links, directories, whiteouts and obstacles only where they matter', async () => {
    const extract = await readEntries([
      { path: 'bin', type: 'symlink', link: 'usr/bin' },
      { path: 'lib', type: 'symlink', link: 'usr/lib' },
      { path: 'etc/os-release', type: 'symlink', link: '../usr/lib/os-release' },
      { path: 'var/lib/rpm', type: 'symlink', link: '../../usr/lib/sysimage/rpm' },
      { path: 'home', type: 'directory' },
      { path: 'usr', type: 'directory' },
      { path: 'var/lib/dpkg', content: 'not a directory' },
      { path: 'usr/lib/os-release', type: 'fifo' },
      { path: 'var/lib/dpkg/.wh.status' },
      { path: 'var/lib/.wh.apk' },
      { path: 'home/.wh.user' },
      { path: 'var/lib/dpkg/status.d/.wh..wh..opq' },
      { path: '.wh..wh..opq' },
      { path: 'home/.wh..wh..opq' },
      { path: 'var/.wh..wh.aufs' },
      { path: 'var/.wh..wh.plnk', type: 'directory' },
      { path: 'var/.wh..wh..opqX' },
    ]);
    expect(Object.fromEntries(extract.symlinks)).toEqual({
      lib: 'usr/lib',
      'etc/os-release': '../usr/lib/os-release',
      'var/lib/rpm': '../../usr/lib/sysimage/rpm',
    });
    expect(extract.directories).toEqual(['usr']);
    expect(extract.nonDirectories).toEqual(['var/lib/dpkg', 'usr/lib/os-release']);
    expect(extract.whiteouts).toEqual([status]);
    expect(extract.opaque).toEqual(['var/lib/dpkg/status.d', '']);
    expect(extract.problems).toEqual([]);
  });

  it.each(['var/.wh.', '.wh.', 'var/.wh..', 'var/.wh...'])('ignores the malformed whiteout %s', async (path) => {
    const extract = await readEntries([{ path }]);
    expect(extract).toMatchObject({ whiteouts: [], opaque: [] });
    expect(extract.problems.map(({ code }) => code)).toEqual(['layer-path-refused']);
  });

  it('asks for the targets of hard links that it did not keep', async () => {
    const entries: readonly TarInput[] = [
      { path: 'opt/real', content: 'dpkg' },
      { path: status, type: 'hardlink', link: './opt/real' },
      { path: 'etc/os-release', content: 'ID=x' },
      { path: 'usr/lib/os-release', type: 'hardlink', link: 'etc/os-release' },
    ];
    const first = await readEntries(entries);
    expect(Object.fromEntries(first.hardlinks)).toEqual({
      [status]: 'opt/real',
      'usr/lib/os-release': 'etc/os-release',
    });
    expect(first.missingLinkTargets).toEqual(['opt/real']);
    const again = await readLayer(streamOf(tar(entries)), {
      wants: (path) => path === 'opt/real' || path === status,
      leadsToWanted: () => false,
    });
    expect(texts(again.files)).toEqual({ 'opt/real': 'dpkg' });
    expect(again.missingLinkTargets).toEqual([]);
  });

  it('reads ustar prefixes, GNU and pax names, base-256 sizes and pax sizes', async () => {
    const big = Buffer.alloc(12);
    big[0] = 0x80;
    big.writeUInt32BE(3, 8);
    const paxSize = paxRecords({ size: '5', atime: '12' });
    const archive = Buffer.concat([
      tarHeader({ name: 'status', flag: '0', size: 3 }, [[345, 'var/lib/dpkg']]),
      tarBody('one'),
      tarHeader({ name: 'etc/os-release', flag: '0' }, [[124, big]]),
      tarBody('two'),
      tarHeader({ name: 'x', flag: 'x', size: paxSize.length }),
      tarBody(paxSize),
      tarHeader({ name: 'lib/apk/db/installed', flag: '0', size: 0 }),
      tarBody('three'),
      tarHeader({ name: 'L', flag: 'L', size: 19 }),
      tarBody('usr/lib/os-release\0'),
      tarHeader({ name: 'short', flag: '\0', size: 4 }),
      tarBody('four'),
      Buffer.alloc(1024),
    ]);
    expect(texts((await readBytes(archive)).files)).toEqual({
      [status]: 'one',
      'etc/os-release': 'two',
      'lib/apk/db/installed': 'three',
      'usr/lib/os-release': 'four',
    });
  });

  it('lets a global header change nothing, as the programs that unpack images do', async () => {
    const archive = Buffer.concat([
      tarHeader({ name: 'pax_global_header', flag: 'g', size: paxRecords({ path: status, size: '9' }).length }),
      tarBody(paxRecords({ path: status, size: '9' })),
      tar({ 'etc/os-release': 'ID=x' }),
    ]);
    expect(texts((await readBytes(archive)).files)).toEqual({ 'etc/os-release': 'ID=x' });
  });

  it('passes over the maps of old GNU sparse files and leaves pax sparse files out', async () => {
    const more = Buffer.alloc(512);
    more[504] = 1;
    const archive = Buffer.concat([
      tarHeader({ name: 'big', flag: 'S', size: 600 }, [[482, Buffer.of(1)]]),
      more,
      Buffer.alloc(512),
      Buffer.alloc(1024, 'x'),
      tar(
        [
          { path: 'GNUSparseFile.0/x', pax: { 'GNU.sparse.major': '1', 'GNU.sparse.name': status }, content: 'map' },
          { path: 'etc/os-release', content: 'ID=x' },
        ],
        { end: true },
      ),
    ]);
    const extract = await readBytes(archive);
    expect(texts(extract.files)).toEqual({ 'etc/os-release': 'ID=x' });
    expect(extract.nonDirectories).toEqual([status]);
    expect(extract.problems.map(({ code, subject }) => [code, subject])).toEqual([['file-unreadable', status]]);
  });

  it('ignores the size of entries without a body and what follows the end of the archive', async () => {
    const archive = Buffer.concat([
      tarHeader({ name: 'var', flag: '5', size: 512 }),
      tarHeader({ name: 'a', flag: '1', link: 'b', size: 999 }),
      tar({ [status]: 'x' }),
      tar({ [status]: 'after the end' }),
    ]);
    expect(texts((await readBytes(archive)).files)).toEqual({ [status]: 'x' });
  });

  it('accepts an archive that ends without its zero blocks, and an empty one', async () => {
    const open = await readBytes(tar({ [status]: 'x' }, { end: false }));
    expect(open).toMatchObject({ problems: [] });
    expect(open.files.size).toBe(1);
    expect(await readBytes(tar([]))).toMatchObject({ problems: [], listing: { count: 0 } });
    expect(await readBytes(gzipSync(''))).toMatchObject({ problems: [] });
  });
});

describe('the input of readLayer', () => {
  const { bytes } = layer({ [status]: noise(500_000) });

  it('is read to its end, so that its digest can be verified there', async () => {
    for (const content of [
      bytes,
      Buffer.concat([bytes.subarray(0, 5000), noise(5000), bytes.subarray(10_000)]),
      noise(9000),
    ]) {
      let read = 0;
      await readBytes(
        (async function* () {
          for await (const chunk of streamOf(content, 1000)) {
            read += chunk.length;
            yield chunk;
          }
        })(),
      );
      expect(read).toBe(content.length);
    }
  });

  it('is closed when a limit ends the reading', async () => {
    let isClosed = false;
    const extract = await readBytes(
      (async function* () {
        try {
          for (;;) yield Buffer.alloc(65_536, 'x');
        } finally {
          isClosed = true;
        }
      })(),
      { archiveSize: 1_000_000 },
    );
    expect(isClosed).toBe(true);
    expect(extract.truncated).toBe('layer-too-large');
  });

  it.each([0, 3, 2000, 40_000])('passes its errors on after %i bytes', async (after) => {
    const broken = (async function* () {
      yield* streamOf(bytes.subarray(0, after), 1000);
      throw new Error('connection reset');
    })();
    await expect(readBytes(broken)).rejects.toThrow('connection reset');
  });

  it('is abandoned with the reason of the signal', async () => {
    const controller = new AbortController();
    let isClosed = false;
    const endless = (async function* () {
      try {
        yield bytes;
        controller.abort(new Error('enough'));
        for (;;) yield Buffer.alloc(10);
      } finally {
        isClosed = true;
      }
    })();
    const reading = readLayer(endless, { wants: () => true, leadsToWanted: () => true, signal: controller.signal });
    await expect(reading).rejects.toThrow('enough');
    expect(isClosed).toBe(true);
  });
});
