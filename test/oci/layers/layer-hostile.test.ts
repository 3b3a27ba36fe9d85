import { createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';
import { layer, noise, paxRecords, type TarInput, tar, tarBody, tarHeader } from '../../support/image-builder.ts';
import { readBytes, readEntries, streamOf, texts } from '../../support/read-layer.ts';

const status = 'var/lib/dpkg/status';

describe('a hostile layer', () => {
  it.each([
    ['gzip', gzipSync(Buffer.alloc(64 << 20))],
    ['zstd', zstdCompressSync(Buffer.alloc(64 << 20))],
  ])('cannot grow without end: a %s bomb is stopped', async (_, bomb) => {
    const head = tarHeader({ name: 'zeros', flag: '0', size: 2 ** 33 - 1 });
    const bytes =
      bomb[0] === 0x1f ? Buffer.concat([gzipSync(head), bomb]) : Buffer.concat([zstdCompressSync(head), bomb]);
    const extract = await readBytes(bytes, { ratioFrom: 16 << 20, ratio: 500 });
    expect(extract.truncated).toBe('layer-bomb');
    expect(extract.problems[0]?.message).toContain('decompression bomb');
  });

  it('stops at the largest archive that is read', async () => {
    const extract = await readBytes(layer({ [status]: 'x', big: noise(500_000) }).bytes, { archiveSize: 100_000 });
    expect(extract).toMatchObject({ truncated: 'layer-too-large' });
    expect(texts(extract.files)).toEqual({ [status]: 'x' });
  });

  it('stops at the largest number of entries, quickly and in little memory', async () => {
    const gzip = createGzip({ level: 1 });
    const block = Buffer.concat(
      Array.from({ length: 1000 }, (_, at) => tarHeader({ name: `usr/share/doc/file-${at}`, flag: '0' })),
    );
    const write = async (): Promise<void> => {
      for (let at = 0; at < 1000; at++) {
        if (!gzip.write(block)) await new Promise((resolve) => gzip.once('drain', resolve));
        if (gzip.destroyed) return;
      }
      gzip.end();
    };
    void write();
    const time = await cpuTime(async () => {
      const extract = await readBytes(gzip, { entries: 200_000 });
      expect(extract).toMatchObject({ truncated: 'layer-too-many-entries', listing: { count: 200_000 } });
    });
    expect(time).toBeLessThan(5000);
  });

  it('stops at headers that describe no entry', async () => {
    const headers = Buffer.concat(Array.from({ length: 3000 }, () => tarHeader({ name: 'x', flag: 'x' })));
    expect(await readBytes(headers, { entries: 100 })).toMatchObject({ truncated: 'layer-too-many-entries' });
  });

  it.each(['pax', 'gnu'] as const)('leaves out a %s name of a megabyte and reads on', async (longNames) => {
    const extract = await readEntries([
      { path: `a/${'x'.repeat(1_000_000)}`, longNames, content: 'y' },
      { path: 'link', type: 'symlink', link: 'z'.repeat(1_000_000), longNames },
      { path: status, content: 'x' },
    ]);
    expect(texts(extract.files)).toEqual({ [status]: 'x' });
    expect(extract.problems.map(({ code }) => code)).toEqual(['layer-name-too-long', 'layer-name-too-long']);
    expect(JSON.stringify(extract.problems).length).toBeLessThan(1000);
  });

  it('leaves out an entry whose extended header is larger than is read', async () => {
    const body = paxRecords({ path: 'p'.repeat(3_000_000) });
    const archive = Buffer.concat([
      tarHeader({ name: 'x', flag: 'x', size: body.length }),
      tarBody(body),
      tar({ [status]: 'whose name is not known', 'etc/os-release': 'ID=x' }),
    ]);
    const extract = await readBytes(archive);
    expect(texts(extract.files)).toEqual({ 'etc/os-release': 'ID=x' });
    expect(extract.problems.map(({ code }) => code)).toEqual(['layer-entry-unreadable']);
  });

  it('cannot fill the memory with wanted files: they are left out, named, and hide what is below', async () => {
    const files = { [status]: noise(5000), 'etc/os-release': 'ID=x', 'lib/apk/db/installed': noise(900) };
    const byFile = await readBytes(layer(files).bytes, { fileSize: 1000 });
    expect([...byFile.files.keys()]).toEqual(['etc/os-release', 'lib/apk/db/installed']);
    expect(byFile.nonDirectories).toEqual([status]);
    expect(byFile.problems).toEqual([{ code: 'file-too-large', message: expect.any(String), subject: status }]);
    const together = await readBytes(layer(files).bytes, { keptSize: 5100 });
    expect([...together.files.keys()]).toEqual([status, 'etc/os-release']);
    expect(together.problems.map(({ subject }) => subject)).toEqual(['lib/apk/db/installed']);
  });

  it('cannot claim a size without paying for it', async () => {
    const archive = Buffer.concat([tarHeader({ name: status, flag: '0', size: 2 ** 33 - 1 }), noise(1000)]);
    const extract = await readBytes(archive);
    expect(extract.files.size).toBe(0);
    expect(extract.problems.map(({ code }) => code)).toEqual(['layer-truncated', 'file-too-large']);
  });

  it('cannot fill the memory with paths that matter', async () => {
    const whiteouts = Array.from({ length: 500 }, (_, at): TarInput => ({ path: `var/lib/dpkg/status.d/.wh.${at}` }));
    const extract = await readBytes(layer(whiteouts).bytes, { keptPaths: 100 });
    expect(extract.truncated).toBe('layer-too-many-databases');
    expect(extract.whiteouts).toHaveLength(100);
    const links = Array.from(
      { length: 300 },
      (_, at): TarInput => ({ path: `var/lib/pacman/local/${at}`, type: 'symlink', link: 'x' }),
    );
    const linked = await readEntries(links);
    expect(linked.truncated).toBe('layer-too-many-databases');
    expect(linked.symlinks.size).toBe(200);
  });

  it('cannot flood the report with problems', async () => {
    const { problems } = await readEntries(Array.from({ length: 3000 }, (_, at): TarInput => ({ path: `../${at}` })));
    expect(problems.length).toBeLessThan(60);
    expect(problems.at(-1)?.message).toContain('2950 more');
  });

  it.each([
    ['a wrong checksum', (bytes: Buffer) => bytes.fill('7', 1024 + 148, 1024 + 152), 'layer-damaged'],
    ['a size that is no number', (bytes: Buffer) => bytes.fill('z', 1024 + 124, 1024 + 130), 'layer-damaged'],
  ])('is read up to %s', async (_, damage, code) => {
    const bytes = tar({ [status]: 'x', 'etc/os-release': 'ID=x' });
    damage(bytes);
    const extract = await readBytes(bytes);
    expect(texts(extract.files)).toEqual({ [status]: 'x' });
    expect(extract.truncated).toBe(code);
    expect(extract.problems[0]?.message).toContain('after 1 entries');
  });

  it.each([
    ['no digits', 'x path=a\n'],
    ['a length beyond the header', '99 path=a\n'],
    ['a length that is too short', '2 path=a\n'],
    ['no equals sign', '8 patha\n'],
    ['no newline', '9 path=ab'],
    ['a size that is no number', '10 size=-1\n'],
    ['a NUL in the path', '12 path=a\0b\n'],
  ])('is damaged by an extended header with %s', async (_, text) => {
    const archive = Buffer.concat([
      tarHeader({ name: 'x', flag: 'x', size: text.length }),
      tarBody(text),
      tar({ [status]: 'x' }),
    ]);
    expect(await readBytes(archive)).toMatchObject({ truncated: 'layer-damaged', files: new Map() });
  });

  it.each(['gzip', 'zstd', 'none'] as const)('is read as far as it goes when cut short (%s)', async (compression) => {
    const { bytes } = layer(
      { 'etc/os-release': 'ID=x', a: noise(900_000, 'a'), [status]: noise(900_000) },
      { compression },
    );
    const extract = await readBytes(bytes.subarray(0, bytes.length - 500_000));
    expect(extract.truncated).toBe('layer-truncated');
    expect(texts(extract.files)).toEqual({ 'etc/os-release': 'ID=x' });
    // Its content is not known, but lower layers' must not be taken for it.
    expect(extract.nonDirectories).toEqual([status]);
  });

  it('is read up to bytes that are no gzip, which leave open what is missing when it has not ended', async () => {
    const whole = tar({ 'etc/os-release': 'ID=x', [status]: 'x' });
    const open = whole.subarray(0, whole.length - 1024);
    const extract = await readBytes(Buffer.concat([gzipSync(open), Buffer.from('and more')]));
    expect(texts(extract.files)).toEqual({ 'etc/os-release': 'ID=x', [status]: 'x' });
    expect(extract.truncated).toBe('layer-truncated');
    expect(extract.problems[0]?.message).toContain(`up to byte ${open.length} of its archive (incorrect header check)`);
  });

  it.each([
    ['an error page', Buffer.from(`<html>${' '.repeat(3000)}</html>`), 'no tar archive'],
    ['noise', noise(5000), 'no tar archive'],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), 'compressed with xz'],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'compressed with bzip2'],
  ])('is refused when it is %s', async (_, bytes, text) => {
    const extract = await readBytes(bytes);
    expect(extract.truncated).toBe('layer-unsupported');
    expect(extract.problems[0]?.message).toContain(text);
    expect(extract.files.size).toBe(0);
  });

  it('never throws and never hangs, whatever the bytes', async () => {
    const base = layer({ [status]: 'x', 'etc/os-release': 'ID=x', [`${'d/'.repeat(70)}f`]: 'y' });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('gzip', 'zstd', 'none'),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.nat(),
        async (compression, changes, cut) => {
          const built = compression === 'none' ? tar([]) : Buffer.from(base.bytes);
          const bytes = compression === 'zstd' ? zstdCompressSync(tar({ [status]: 'x' })) : built;
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const extract = await readBytes(streamOf(bytes.subarray(0, cut % (bytes.length + 1)), 100));
          expect(extract.truncated === undefined).toBe(
            extract.problems.every(({ code }) => code !== extract.truncated),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
