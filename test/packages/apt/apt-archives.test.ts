import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import { HttpClient } from '../../../src/http/http-client.ts';
import { type ArchiveReading, createAptArchives } from '../../../src/packages/apt/apt-archives.ts';
import type { AptRepository } from '../../../src/packages/apt/apt-repository.ts';
import {
  clearSign,
  type FakeArchive,
  makeKey,
  packagesIndex,
  publishSuite,
  type SigningKey,
  type SuiteInput,
  startFakeArchive,
} from '../../support/fake-archive.ts';

// A minute from now: what the tests sign is signed before that.
/** Later than whatever is signed while these tests run. */
const now = Date.now() + 600_000;
const hour = 3_600_000;
const day = 24 * hour;
let archive: FakeArchive;
let key: SigningKey;
let stranger: SigningKey;

beforeAll(async () => {
  archive = await startFakeArchive();
  [key, stranger] = await Promise.all([makeKey(), makeKey()]);
});
afterAll(() => archive.close());
beforeEach(() => {
  archive.files.clear();
  archive.log.length = 0;
  archive.intercept = undefined;
});

const suite = (more: Partial<SuiteInput> = {}): SuiteInput => ({
  suite: 'stable',
  packages: [
    { name: 'base', version: '1.1' },
    { name: 'other', version: '2' },
  ],
  key,
  ...more,
});

interface ReadOptions {
  readonly repository?: Partial<AptRepository>;
  readonly keyring?: string | Uint8Array | null;
  readonly cache?: ByteCache;
  readonly at?: number;
  readonly fileTime?: number;
  readonly idleTimeout?: number;
  readonly reach?: 'loopback' | 'public';
}

async function read(options: ReadOptions = {}): Promise<ArchiveReading> {
  const [reading] = await readAll([options.repository ?? {}], options);
  if (reading === undefined) throw new Error('no reading');
  return reading;
}

/** All at once, as for one image. */
async function readAll(
  repositories: readonly Partial<AptRepository>[],
  {
    keyring = key.publicKey,
    cache = memoryCache(),
    at = now,
    fileTime = 60_000,
    idleTimeout = 60_000,
    reach = 'loopback',
  }: ReadOptions = {},
): Promise<readonly ArchiveReading[]> {
  const http = new HttpClient({
    userAgent: 'test',
    idleTimeout,
    sleep: () => Promise.resolve(),
  });
  const archives = createAptArchives({ http, cache, now: at, reach, maxAge: 6 * hour, fileTime });
  const files = new Map<string, Uint8Array>(
    keyring === null
      ? []
      : [['etc/apt/trusted.gpg.d/test.asc', typeof keyring === 'string' ? Buffer.from(keyring) : keyring]],
  );
  const usual: AptRepository = {
    uri: archive.uri,
    suite: 'stable',
    components: ['main'],
    trust: { signedBy: [] },
    checksValidUntil: true,
    place: 'etc/apt/sources.list:1',
  };
  try {
    return await Promise.all(
      repositories.map((one) =>
        archives.read({
          repository: { ...usual, ...one },
          architectures: ['amd64'],
          names: new Set(['base']),
          files,
        }),
      ),
    );
  } finally {
    http.close();
  }
}

const offer = { name: 'base', version: '1.1', architecture: 'amd64', component: 'main' };
const codes = ({ problems }: ArchiveReading): string[] => problems.map(({ code }) => code);
const paths = (): string[] => archive.log.map(({ path, status }) => `${path} ${status}`);

describe('a signed archive', () => {
  it('is verified with the keys of the image, and only the packages asked for are kept', async () => {
    await publishSuite(archive, suite());
    const reading = await read();
    expect(reading).toMatchObject({ trust: 'verified', problems: [], archive: { complete: true, offers: [offer] } });
  });

  it.each([
    ['in the detached form', { detached: true }, {}],
    ['flat', { suite: 'flat/' }, { suite: 'flat/', components: [] }],
    ['at its address itself', { suite: './' }, { suite: './', components: [] }],
    ['by hash', { fields: { 'Acquire-By-Hash': 'yes' } }, {}],
  ])('may be %s', async (_, input, repository) => {
    await publishSuite(archive, suite(input));
    for (const path of [...archive.files.keys()]) {
      if (path.startsWith('./')) archive.files.set(path.slice(2), archive.files.get(path) ?? Buffer.alloc(0));
    }
    const component = 'components' in repository ? '' : 'main';
    expect(await read({ repository })).toMatchObject({
      trust: 'verified',
      problems: [],
      archive: { offers: [{ ...offer, component }] },
    });
    if ('fields' in input) expect(paths()[1]).toMatch(/by-hash\/SHA256\/[0-9a-f]{64} 200$/);
  });

  const xz =
    '/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM4ABWAEhdACgYSGbb2jCF/hbfymYLfGNAaK3jBslOiJu9Y3fzGDkyixgQ62AwXiFj5b/7hrwm9Mf3/6YSJ3X5pxUZjdhFoe2Kl5/N42P5rwBcHjSgAAFgV9sadLCQQpkNAQAAAAABWVo=';
  it.each([
    ['xz before gzip', { '.xz': Buffer.from(xz, 'base64'), '.gz': Buffer.from('not looked at') }],
    ['zstd', { '.zst': zstdCompressSync(packagesIndex([{ name: 'base', version: '1.1' }])) }],
    ['the plain form', { '': packagesIndex([{ name: 'base', version: '1.1' }]) }],
  ])('is read from %s', async (_, forms) => {
    await publishSuite(archive, suite({ packages: [{ name: 'base', version: '1.1' }], forms }));
    expect(await read()).toMatchObject({ trust: 'verified', problems: [], archive: { offers: [offer] } });
  });

  it('is read in the next form when one that is listed is not there', async () => {
    await publishSuite(
      archive,
      suite({
        packages: [{ name: 'base', version: '1.1' }],
        forms: { '.xz': Buffer.from(xz, 'base64'), '.gz': gzipSync(packagesIndex([{ name: 'base', version: '1.1' }])) },
      }),
    );
    archive.files.delete('dists/stable/main/binary-amd64/Packages.xz');
    expect(await read()).toMatchObject({ problems: [], archive: { offers: [offer] } });
  });
});

describe('an index that is only there in a form that is not read', () => {
  const bzip2 = { '.bz2': Buffer.from('BZh') };
  it.each<[string, SuiteInput['forms'], RegExp]>([
    ['bzip2', bzip2, /it is there in bzip2, which is not read/],
    ['bzip2 and lz4', { ...bzip2, '.lz4': Buffer.from('x') }, /it is there in bzip2 and lz4, which is not read/],
  ])('names %s, and is not in the middle of anything', async (_, forms, expected) => {
    // The Release lists the plain form, too, as most do, and nobody has it.
    await publishSuite(archive, suite({ ...(forms && { forms }) }));
    const reading = await read();
    expect(codes(reading)).toEqual(['archive-index-form']);
    expect(reading.problems[0]?.message).toMatch(expected);
    expect(reading.archive?.complete).toBe(false);
  });

  it('is read where another form is there', async () => {
    await publishSuite(archive, suite({ forms: { ...bzip2, '.gz': gzipSync(packagesIndex(suite().packages)) } }));
    expect(await read()).toMatchObject({ problems: [], archive: { offers: [offer] } });
  });
});

describe('whom an image trusts', () => {
  it.each<[string, Partial<AptRepository['trust']>, string | null | undefined, string, RegExp]>([
    ['a key in the source', { armoredKey: 'ours' }, null, 'verified', /signed by key/],
    ['a fingerprint among its keys', { signedBy: ['ours'] }, undefined, 'verified', /signed by key/],
    ['a fingerprint that signed nothing', { signedBy: ['A'.repeat(40)] }, undefined, 'refused', /not among those/],
    ['a keyring by path', { signedBy: ['etc/apt/trusted.gpg.d/test.asc'] }, undefined, 'verified', /signed by key/],
    [
      'a keyring that is not there',
      { signedBy: ['usr/share/keyrings/x.gpg'] },
      undefined,
      'refused',
      /x\.gpg that Signed-By names could not be read/,
    ],
    [
      'one of two keyrings',
      { signedBy: ['opt/x', 'etc/apt/trusted.gpg.d/test.asc'] },
      undefined,
      'verified',
      /signed by/,
    ],
    [
      'a fingerprint without any keyring',
      { signedBy: ['ours'] },
      null,
      'refused',
      /that Signed-By names could not be read/,
    ],
    ['no key at all', {}, null, 'unverified', /trusted keyring was not found/],
    ['anything', { trusted: true }, null, 'unverified', /trusted=yes/],
    ['nothing', { trusted: false }, undefined, 'refused', /trusted=no/],
  ])('%s', async (_, trust, keyring, expected, detail) => {
    await publishSuite(archive, suite());
    const written: AptRepository['trust'] = {
      signedBy: (trust.signedBy ?? []).map((word) => (word === 'ours' ? key.fingerprint : word)),
      ...(trust.trusted !== undefined && { trusted: trust.trusted }),
      ...(trust.armoredKey !== undefined && { armoredKey: key.publicKey }),
    };
    const reading = await read({ repository: { trust: written }, ...(keyring !== undefined && { keyring }) });
    expect(reading.trust).toBe(expected);
    expect(reading.detail).toMatch(detail);
    expect(reading.archive?.offers).toEqual(expected === 'refused' ? undefined : [offer]);
  });

  it('finds the key in a file of several, armored or not', async () => {
    await publishSuite(archive, suite());
    const joined = `a remark\n${stranger.publicKey}\n${key.publicKey}`;
    expect((await read({ keyring: joined })).trust).toBe('verified');
    const binary = Buffer.concat([stranger, key].map(({ privateKey }) => privateKey.toPublic().write()));
    expect((await read({ keyring: binary })).trust).toBe('verified');
  });

  it('has no key in a keyring that is none', async () => {
    await publishSuite(archive, suite());
    expect((await read({ keyring: 'not a keyring' })).trust).toBe('refused');
    expect((await read({ keyring: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'.repeat(50_000) })).trust).toBe('refused');
  });

  it('refuses another key, a changed text and a signature that was taken away', async () => {
    await publishSuite(archive, suite({ key: stranger }));
    expect(await read()).toMatchObject({ trust: 'refused', problems: [{ code: 'archive-signature' }] });
    await publishSuite(archive, suite());
    const path = 'dists/stable/InRelease';
    const text = Buffer.from(archive.files.get(path) ?? []).toString();
    archive.files.set(path, Buffer.from(text.replace('Origin: Debian', 'Origin: Debiam')));
    expect(await read()).toMatchObject({ trust: 'refused', problems: [{ code: 'archive-signature' }] });
    const { key: _, ...unsigned } = suite();
    await publishSuite(archive, unsigned);
    const stripped = await read();
    expect(stripped).toMatchObject({ trust: 'refused', problems: [{ code: 'archive-signature' }] });
    expect(stripped.detail).toContain('not signed');
  });

  it('believes only what was signed, not what stands around it', async () => {
    await publishSuite(archive, suite());
    const path = 'dists/stable/InRelease';
    const text = Buffer.from(archive.files.get(path) ?? []).toString();
    const evil = `${'a'.repeat(64)} 5 main/binary-amd64/Packages.gz`;
    archive.files.set(path, Buffer.from(`SHA256:\n ${evil}\n${text}\nSHA256:\n ${evil}\n`));
    const reading = await read();
    expect(reading.trust === 'refused' || reading.archive?.offers[0]?.version === '1.1').toBe(true);
    expect(paths().filter((one) => one.includes('a'.repeat(64)))).toEqual([]);
  });

  it('uses an expired key, and says that apt will not', async () => {
    const old = await makeKey({ date: new Date(now - 10 * day), seconds: (2 * day) / 1000 });
    await publishSuite(archive, suite());
    const text = 'Suite: stable\nArchitectures: amd64\nSHA256:\n';
    const index = gzipSync(packagesIndex([{ name: 'base', version: '1.1' }]));
    const listed = ` ${createHash('sha256').update(index).digest('hex')} ${index.length} main/binary-amd64/Packages.gz\n`;
    archive.files.set('dists/stable/main/binary-amd64/Packages.gz', index);
    const signed = await clearSign(`${text}${listed}`, old, new Date(now - 9 * day));
    archive.files.set('dists/stable/InRelease', Buffer.from(signed));
    const reading = await read({ keyring: old.publicKey });
    expect(reading).toMatchObject({ trust: 'verified', archive: { complete: true, offers: [offer] } });
    expect(reading.problems[0]?.message).toContain('apt in this image will refuse this repository');
  });
});

describe('an archive that is not well', () => {
  const index = 'dists/stable/main/binary-amd64/Packages.gz';
  const blank = Buffer.alloc(80 * 1024 * 1024, '\n');
  const half = (): Uint8Array => (archive.files.get(index) ?? Buffer.alloc(0)).subarray(0, 40);
  const xzZeros =
    '/Td6WFoAAAFpIt42AgAhARwAAAAQz1jM70I/ANFdAABv/f//o7f/Rz5IFXI5YVG4kijmo4YH+e7kHoLTL8U6PAFLsX7JiopNL6MN2X+m44wjEVPgWRjFdYrid/i2lH8MasDedElk4ulcU7IE2PdEDKtfDW1G6eXDdoi3llestk3haR1v+0uIEGxCy4g/XACP0E6vJiiUcR89jyThcJ6nI1/sKMuF0ZWYin4qkfIndfcZwAaYTZj92K/VkA/EJVP49ZE2MQWlsO5vwXBNRwzRkRGqrWAdus6xJxhcWYbpZlJYvul2rFnk5VsFCPmTwz82AAAAAJ7LeRIAAekBwIQ9AMOi5zU+MA2LAgAAAAABWVo=';

  it.each<[string, string, string, () => Promise<void> | void]>([
    ['is gone', 'unread', 'archive-gone', () => archive.files.clear()],
    [
      'answers with errors',
      'unread',
      'archive-unreadable',
      () => {
        archive.intercept = (_, response) => Boolean(response.writeHead(500, { 'content-length': '0' }).end());
      },
    ],
    [
      'denies access',
      'unread',
      'archive-denied',
      () => {
        archive.intercept = (_, response) => Boolean(response.writeHead(403, { 'content-length': '0' }).end());
      },
    ],
    ['has no index', 'unread-index', 'archive-index-missing', () => void archive.files.delete(index)],
    [
      'has half an index',
      'refused',
      'archive-hash-mismatch',
      () => {
        archive.files.set(index, half());
      },
    ],
    [
      'has another index of that length',
      'refused',
      'archive-hash-mismatch',
      () => {
        const other = Buffer.from(archive.files.get(index) ?? []);
        other[9] = (other[9] ?? 0) ^ 1;
        archive.files.set(index, other);
      },
    ],
    [
      'has a longer index',
      'unread-index',
      'archive-file-too-large',
      () => {
        archive.files.set(index, Buffer.concat([archive.files.get(index) ?? Buffer.alloc(0), Buffer.alloc(10)]));
      },
    ],
    [
      'has an index that unpacks to more than is listed',
      'refused',
      'archive-index-bomb',
      () => publishSuite(archive, suite({ forms: { '.xz': Buffer.from(xzZeros, 'base64') } })),
    ],
    [
      'has a bomb that it vouches for',
      'refused',
      'archive-index-bomb',
      async () => {
        const bomb = gzipSync(blank);
        const sum = createHash('sha256').update(bomb).digest('hex');
        archive.files.set(index, bomb);
        const text = `Suite: stable\nSHA256:\n ${sum} ${bomb.length} main/binary-amd64/Packages.gz\n`;
        archive.files.set('dists/stable/InRelease', Buffer.from(await clearSign(text, key)));
      },
    ],
    [
      'has an xz index that is none',
      'unread-index',
      'archive-index-damaged',
      () => publishSuite(archive, suite({ forms: { '.xz': Buffer.from(`not xz at all, whatever it says`) } })),
    ],
    [
      'has a line without end',
      'refused',
      'archive-index-damaged',
      () =>
        publishSuite(
          archive,
          suite({
            forms: { '': Buffer.alloc(3 * 1024 * 1024, 120) },
            packages: [{ name: 'base', version: '1'.repeat(4 * 1024 * 1024) }],
          }),
        ),
    ],
    [
      'does not know the component',
      'unread-index',
      'archive-index-unlisted',
      () => publishSuite(archive, suite({ component: 'contrib' })),
    ],
    [
      'lists no hashes',
      'refused',
      'archive-release-damaged',
      async () => {
        archive.files.set('dists/stable/InRelease', Buffer.from(await clearSign('Suite: stable\n', key)));
      },
    ],
    [
      'sends a page instead of a Release',
      'refused',
      'archive-signature',
      () => {
        archive.files.set('dists/stable/InRelease', Buffer.from('<html>hello</html>'));
      },
    ],
    [
      'breaks off in the middle',
      'unread-index',
      'archive-unreachable',
      () => {
        archive.intercept = (request, response) => {
          if (!request.url?.endsWith('.gz')) return false;
          response.writeHead(200, { 'content-length': '500' }).write(half());
          setTimeout(() => response.destroy(), 20);
          return true;
        };
      },
    ],
    [
      'has a Release of last year',
      'refused',
      'archive-expired',
      () =>
        publishSuite(
          archive,
          suite({ fields: { 'Valid-Until': new Date(now - day).toUTCString().replace('GMT', 'UTC') } }),
        ),
    ],
  ])('%s', async (_, trust, code, damage) => {
    await publishSuite(archive, suite());
    await damage();
    const reading = await read();
    expect(codes(reading)).toEqual([code]);
    expect(reading.problems[0]?.subject).toBe(`${archive.uri} stable`);
    if (trust === 'unread-index') {
      expect(reading).toMatchObject({ trust: 'verified', archive: { complete: false, offers: [] } });
    } else {
      expect(reading.trust).toBe(trust);
      expect(reading.archive).toBeUndefined();
    }
  });

  /** Breaks the connection after 40 bytes, and answers to who asks for the rest with this. */
  function breaking(
    rest: (from: number, ifRange: string | undefined) => readonly [number, Record<string, string>, Uint8Array],
  ) {
    archive.intercept = (request, response) => {
      if (!request.url?.endsWith('.gz')) return false;
      const [, from] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
      if (from === undefined) {
        const { length } = archive.files.get(index) ?? [];
        response.writeHead(200, { 'content-length': String(length), etag: '"one"' }).write(half());
        setTimeout(() => response.destroy(), 20);
        return true;
      }
      const [status, headers, bytes] = rest(Number(from), request.headers['if-range'] as string | undefined);
      response.writeHead(status, { 'content-length': String(bytes.length), ...headers }).end(bytes);
      return true;
    };
  }

  it('breaks a connection, and is gone on with where it broke', async () => {
    await publishSuite(archive, suite());
    const asked: unknown[] = [];
    breaking((from, ifRange) => {
      asked.push([from, ifRange]);
      const whole = archive.files.get(index) ?? new Uint8Array();
      const range = `bytes ${from}-${whole.length - 1}/${whole.length}`;
      return [206, { 'content-range': range, etag: '"one"' }, whole.subarray(from)];
    });
    expect(await read()).toMatchObject({
      trust: 'verified',
      problems: [],
      archive: { complete: true, offers: [offer] },
    });
    expect(asked).toEqual([[40, '"one"']]);
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['knows no ranges', 200, {}, 'archive-unreachable'],
    ['gives another part than was asked for', 206, { 'content-range': 'bytes 0-9/100' }, 'archive-unreachable'],
    ['has nothing there', 416, {}, 'archive-unreachable'],
    ['gives a rest of something else', 206, { 'content-range': 'bytes 40-59/60' }, 'archive-hash-mismatch'],
  ])('breaks a connection, and %s', async (_name, status, headers, code) => {
    await publishSuite(archive, suite());
    breaking(() => [status, headers, Buffer.alloc(20, 'x')]);
    const found = codes(await read());
    // Nonsense may be noticed by the decoder before the end is reached.
    expect(
      code === 'archive-hash-mismatch'
        ? ['archive-hash-mismatch', 'archive-index-damaged', 'archive-file-too-large']
        : [code],
    ).toContain(found[0]);
  });

  it('stands still', async () => {
    await publishSuite(archive, suite());
    archive.intercept = (request, response) =>
      Boolean(request.url?.endsWith('.gz') && response.writeHead(200).write(half()));
    const reading = await read({ idleTimeout: 1000 });
    expect(codes(reading)).toEqual(['archive-unreachable']);
    expect(reading).toMatchObject({ trust: 'verified', archive: { complete: false, offers: [] } });
  });

  it('drips: the whole file has a time', async () => {
    await publishSuite(archive, suite());
    archive.intercept = (request, response) => {
      if (!request.url?.endsWith('.gz')) return false;
      const bytes = archive.files.get(index) ?? Buffer.alloc(0);
      let sent = 0;
      const timer = setInterval(() => response.write(bytes.subarray(sent, ++sent)), 30);
      response.writeHead(200).on('close', () => clearInterval(timer));
      return true;
    };
    expect(codes(await read({ fileTime: 1000 }))).toEqual(['archive-slow']);
  });

  it('takes an old Release when the source says so', async () => {
    await publishSuite(archive, suite({ fields: { 'Valid-Until': 'Sat, 01 Jan 2011 00:00:00 UTC' } }));
    expect(await read({ repository: { checksValidUntil: false } })).toMatchObject({ trust: 'verified', problems: [] });
  });

  it('is another suite than was asked for', async () => {
    await publishSuite(archive, suite({ fields: { Suite: 'sid', Codename: 'sid' } }));
    expect(codes(await read())).toEqual(['archive-other-suite']);
  });

  it('has nothing for the architecture, which is no trouble', async () => {
    await publishSuite(archive, suite({ architecture: 'arm64' }));
    expect(await read()).toMatchObject({ problems: [], archive: { complete: true, offers: [] } });
  });

  it.each([
    ['http://169.254.169.254/debian/', 'loopback' as const, 'archive-address-refused', 'metadata'],
    ['http://100.100.100.200/debian/', 'loopback' as const, 'archive-address-refused', 'metadata'],
    ['http://127.0.0.1:1/', 'public' as const, 'archive-unreachable', 'refused to connect'],
    ['http://127.0.0.1:1/', 'loopback' as const, 'archive-unreachable', 'connection refused'],
  ])('is at %s, reach %s', async (uri, reach, code, words) => {
    const reading = await read({ repository: { uri }, reach });
    expect(codes(reading)).toEqual([code]);
    expect(reading.problems[0]?.message).toContain(words);
  });
});

describe('what asking again costs', () => {
  it('is nothing within the age, then one conditional request, and an index only when it changed', async () => {
    const cache = memoryCache();
    await publishSuite(archive, suite());
    const first = await read({ cache });
    expect(archive.log).toHaveLength(2);
    expect(await read({ cache, at: now + hour })).toEqual(first);
    expect(archive.log).toHaveLength(2);
    expect(await read({ cache, at: now + 7 * hour })).toEqual(first);
    expect(paths().slice(2)).toEqual(['dists/stable/InRelease 304']);
    expect(await read({ cache, at: now + 8 * hour })).toEqual(first);
    expect(archive.log).toHaveLength(3);
    await publishSuite(archive, suite({ packages: [{ name: 'base', version: '1.2' }] }));
    const later = await read({ cache, at: now + 14 * hour });
    expect(later.archive?.offers).toEqual([{ ...offer, version: '1.2' }]);
    expect(paths().slice(3)).toEqual(['dists/stable/InRelease 200', 'dists/stable/main/binary-amd64/Packages.gz 200']);
  });

  it('is one Release for a suite that two sources name', async () => {
    await publishSuite(archive, suite());
    const [main, contrib] = await readAll([{}, { components: ['contrib'] }]);
    expect(main?.archive?.offers).toEqual([offer]);
    expect(contrib?.archive).toMatchObject({ complete: false });
    expect(paths().filter((one) => one.includes('InRelease'))).toHaveLength(1);
  });

  it('asks for a Release that has expired since it was remembered', async () => {
    const cache = memoryCache();
    const until = (time: number): Record<string, string> => ({ 'Valid-Until': new Date(time).toUTCString() });
    await publishSuite(archive, suite({ fields: until(now + hour) }));
    expect((await read({ cache })).trust).toBe('verified');
    await publishSuite(archive, suite({ fields: until(now + 9 * hour) }));
    expect(await read({ cache, at: now + 2 * hour })).toMatchObject({ trust: 'verified', problems: [] });
  });

  it('finds the Release in its other form', async () => {
    const cache = memoryCache();
    await publishSuite(archive, suite({ detached: true }));
    expect((await read({ cache })).trust).toBe('verified');
    await publishSuite(archive, suite());
    expect((await read({ cache, at: now + 7 * hour })).trust).toBe('verified');
  });

  it('keeps nothing that was refused', async () => {
    const cache = memoryCache();
    await publishSuite(archive, suite({ key: stranger }));
    expect((await read({ cache })).trust).toBe('refused');
    await publishSuite(archive, suite());
    expect((await read({ cache })).trust).toBe('verified');
  });

  it('verifies for each keyring, also what is remembered', async () => {
    const cache = memoryCache();
    await publishSuite(archive, suite());
    expect((await read({ cache })).trust).toBe('verified');
    expect((await read({ cache, keyring: stranger.publicKey })).trust).toBe('refused');
  });

  it('asks for a new Release when what the remembered one names is gone', async () => {
    const cache = memoryCache();
    await publishSuite(archive, suite());
    archive.intercept = (request, response) =>
      Boolean(request.url?.endsWith('.gz') && response.writeHead(404, { 'content-length': '0' }).end());
    expect(codes(await read({ cache }))).toEqual(['archive-index-missing']);
    archive.intercept = undefined;
    await publishSuite(archive, suite({ packages: [{ name: 'base', version: '1.3' }] }));
    expect((await read({ cache })).archive?.offers).toEqual([{ ...offer, version: '1.3' }]);
  });
});
