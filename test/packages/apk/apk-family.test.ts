import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import type { DistroRelease, Package } from '../../../src/core/package.ts';
import { atOnce } from '../../../src/core/time/turns.ts';
import { HttpClient } from '../../../src/http/http-client.ts';
import { createApkFamily } from '../../../src/packages/apk/apk-family.ts';
import type { ArchivesReading } from '../../../src/packages/archives/archive-family.ts';
import { type ApkKey, apkContent, apkIndexFile, apkRecords, makeApkKey, tarMember } from '../../support/fake-apk.ts';
import { type FakeArchive, startFakeArchive } from '../../support/fake-archive.ts';

const hour = 3_600_000;
const now = 1_700_000_000_000;
let archive: FakeArchive;
let key: ApkKey;
let stranger: ApkKey;

beforeAll(async () => {
  archive = await startFakeArchive();
  key = makeApkKey('builder-1.rsa.pub');
  stranger = makeApkKey('stranger.rsa.pub');
});
afterAll(() => archive.close());
beforeEach(() => {
  archive.files.clear();
  archive.log.length = 0;
  archive.intercept = undefined;
});

const path = 'v3.22/main/x86_64/APKINDEX.tar.gz';
const newer = [
  { name: 'base', version: '1.1-r0', origin: 'base-src' },
  { name: 'base', version: '1.0-r9' },
  { name: 'tool', version: '2-r0' },
  { name: '.virtual', version: '9' },
];
const installed: readonly Package[] = [
  { name: 'base', version: '1.0-r0', architecture: 'x86_64', source: { name: 'base-src', version: '1.0-r0' } },
  { name: 'tool', version: '2-r0', architecture: 'x86_64' },
];

interface ReadOptions {
  readonly keys?: Readonly<Record<string, string>> | null;
  readonly files?: Readonly<Record<string, string>>;
  readonly packages?: readonly Package[];
  readonly os?: DistroRelease;
  readonly cache?: ByteCache;
  readonly at?: number;
  readonly reach?: 'loopback' | 'public';
  readonly fileTime?: number;
}

async function read(options: ReadOptions = {}): Promise<ArchivesReading> {
  const { keys, files = {}, packages = installed, os, cache = memoryCache(), at = now } = options;
  const http = new HttpClient({
    userAgent: 'test',
    sleep: () => Promise.resolve(),
  });
  const family = createApkFamily({
    http,
    cache,
    now: at,
    reach: options.reach ?? 'loopback',
    maxAge: 6 * hour,
    fileTime: options.fileTime ?? 60_000,
  });
  const ring = keys === undefined ? { [`etc/apk/keys/${key.name}`]: key.publicKey } : (keys ?? {});
  const texts = { 'etc/apk/repositories': `${archive.uri}v3.22/main\n`, ...ring, ...files };
  try {
    return await family.read({
      os,
      packages,
      files: new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)])),
      names: new Set(),
    });
  } finally {
    http.close();
  }
}

const codes = ({ problems }: ArchivesReading): string[] => problems.map(({ code }) => code);
const trust = ({ repositories }: ArchivesReading): string[] => repositories.map((one) => one.trust);
const candidates = (reading: ArchivesReading): unknown[] =>
  atOnce(reading.candidates()).map(({ name, candidate, suite }) => `${name} ${candidate} ${suite}`);

describe('a signed index', () => {
  it.each(['RSA', 'RSA256', 'RSA512'] as const)('is verified by a key of the image: %s', async (kind) => {
    archive.files.set(path, apkIndexFile(newer, [key], kind));
    const reading = await read();
    expect(reading).toMatchObject({
      complete: true,
      problems: [],
      repositories: [{ uri: `${archive.uri}v3.22/main`, suite: 'v3.22/main', trust: 'verified' }],
    });
    expect(reading.repositories[0]?.detail).toBe('signed by key builder-1.rsa.pub');
    expect(atOnce(reading.candidates())).toEqual([
      {
        name: 'base',
        architecture: 'x86_64',
        installed: '1.0-r0',
        candidate: '1.1-r0',
        installedSource: { name: 'base-src', version: '1.0-r0' },
        candidateSource: { name: 'base-src', version: '1.1-r0' },
        suite: 'v3.22/main',
        security: null,
        advisories: [],
      },
    ]);
    expect(reading.offers('base').map(({ version }) => version)).toEqual(['1.1-r0', '1.0-r9']);
    expect(reading.offers('.virtual')).toEqual([]);
  });

  it('may carry several signatures, of which one is enough', async () => {
    archive.files.set(path, apkIndexFile(newer, [stranger, key], 'RSA256'));
    expect(trust(await read())).toEqual(['verified']);
  });

  it('is read in one pass however large it is', async () => {
    const many = Array.from({ length: 30_000 }, (_, n) => ({ name: `p${n}`, version: `${n}.${n % 7}-r1` }));
    archive.files.set(path, apkIndexFile([...many, ...newer], [key]));
    const reading = await read();
    expect(candidates(reading)).toEqual(['base 1.1-r0 v3.22/main']);
    expect(reading.offers('p29999').map(({ version }) => version)).toEqual([`29999.${29999 % 7}-r1`]);
  });

  it.each<[string, () => Buffer, RegExp]>([
    ['signed by a key that the image lacks', () => apkIndexFile(newer, [stranger]), /stranger\.rsa\.pub is not among/],
    ['not signed', () => apkIndexFile(newer, []), /not signed/],
    [
      'signed by another key under a known name',
      () => apkIndexFile(newer, [{ ...stranger, name: key.name }]),
      /signature of builder-1.rsa.pub is not good/,
    ],
    [
      'changed after it was signed',
      () => {
        const first = apkIndexFile(newer, [key]);
        const content = apkContent(apkRecords(newer));
        const other = apkContent(apkRecords([{ name: 'base', version: '9' }]));
        return Buffer.concat([first.subarray(0, first.length - content.length), other]);
      },
      /is not good/,
    ],
    [
      'followed by more than was signed',
      () =>
        Buffer.concat([
          apkIndexFile(newer, [key]),
          gzipSync(tarMember('APKINDEX', apkRecords([{ name: 'base', version: '9' }]))),
        ]),
      /is not good/,
    ],
    [
      'signed by a key with a path for a name',
      () => apkIndexFile(newer, [{ ...key, name: `../${key.name}` }]),
      /not signed/,
    ],
  ])('is refused when it is %s', async (_, make, detail) => {
    archive.files.set(path, make());
    const reading = await read();
    expect(trust(reading)).toEqual(['refused']);
    expect(reading.repositories[0]?.detail).toMatch(detail);
    expect(codes(reading)).toEqual(['archive-signature']);
    expect(reading).toMatchObject({ complete: false });
    expect(atOnce(reading.candidates())).toEqual([]);
  });

  it('is used without a key in the image, and that is said', async () => {
    archive.files.set(path, apkIndexFile(newer, [stranger]));
    const reading = await read({ keys: null });
    expect(trust(reading)).toEqual(['unverified']);
    expect(reading.repositories[0]?.detail).toContain('not found in the image');
    expect(candidates(reading)).toHaveLength(1);
  });

  it.each(['no PEM', '', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'])(
    'is refused when the key is damaged: %j',
    async (text) => {
      archive.files.set(path, apkIndexFile(newer, [key]));
      expect(trust(await read({ keys: { [`etc/apk/keys/${key.name}`]: text } }))).toEqual(['refused']);
    },
  );
});

describe('what is asked, and when', () => {
  it('asks once per age, then whether it changed; a second image brings its own keys', async () => {
    const cache = memoryCache();
    archive.files.set(path, apkIndexFile(newer, [key]));
    expect(candidates(await read({ cache }))).toHaveLength(1);
    expect(candidates(await read({ cache, at: now + hour }))).toHaveLength(1);
    expect(archive.log.map(({ status }) => status)).toEqual([200]);
    expect(trust(await read({ cache, keys: { 'etc/apk/keys/stranger.rsa.pub': stranger.publicKey } }))).toEqual([
      'refused',
    ]);
    expect(archive.log.map(({ status }) => status)).toEqual([200]);
    expect(candidates(await read({ cache, at: now + 7 * hour }))).toHaveLength(1);
    expect(archive.log.map(({ status }) => status)).toEqual([200, 304]);
  });

  it('does not remember what was refused', async () => {
    const cache = memoryCache();
    archive.files.set(path, apkIndexFile(newer, [stranger]));
    expect(trust(await read({ cache }))).toEqual(['refused']);
    archive.files.set(path, apkIndexFile(newer, [key]));
    expect(trust(await read({ cache }))).toEqual(['verified']);
  });

  it('works with a cache that forgets everything, or the rows alone', async () => {
    archive.files.set(path, apkIndexFile(newer, [key]));
    const forgetful: ByteCache = { get: () => undefined, put: () => {} };
    expect(candidates(await read({ cache: forgetful }))).toHaveLength(1);
    const memory = memoryCache();
    const half: ByteCache = {
      get: (kind, name) => (kind === 'index' ? undefined : memory.get(kind, name)),
      put: memory.put,
    };
    for (let run = 0; run < 2; run++) expect(candidates(await read({ cache: half }))).toHaveLength(1);
    expect(archive.log.slice(-2).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('changes its state with the index, the trust and the world file', async () => {
    archive.files.set(path, apkIndexFile(newer, [key]));
    const states = new Set<string>();
    const base = (await read()).state;
    expect((await read()).state).toBe(base);
    states.add(base);
    states.add((await read({ keys: null })).state);
    states.add((await read({ files: { 'etc/apk/world': 'base<1.1\n' } })).state);
    archive.files.set(path, apkIndexFile([...newer, { name: 'more', version: '1' }], [key]));
    states.add((await read()).state);
    expect(states.size).toBe(4);
  });
});

describe('bad archives', () => {
  const bomb = (): Buffer =>
    gzipSync(Buffer.concat([tarMember('DESCRIPTION', Buffer.alloc(0)), Buffer.alloc(200 * 1024 * 1024)]));
  it.each<[string, () => Buffer | undefined, string, string]>([
    ['is gone', () => undefined, 'archive-gone', 'unread'],
    ['is cut off', () => apkIndexFile(newer, [key]).subarray(0, -40), 'archive-index-damaged', 'unread'],
    ['is no gzip', () => Buffer.from('<html>hello</html>'), 'archive-index-damaged', 'unread'],
    ['is empty', () => Buffer.alloc(0), 'archive-index-damaged', 'unread'],
    ['is a gzip bomb', bomb, 'archive-index-bomb', 'refused'],
    ['is no tar', () => gzipSync(Buffer.from('x'.repeat(2000))), 'archive-index-damaged', 'refused'],
    ['has no APKINDEX', () => gzipSync(tarMember('OTHER', Buffer.from('P:x'))), 'archive-index-damaged', 'refused'],
    ['has nonsense in it', () => apkContent(Buffer.from('nonsense\n'.repeat(100))), 'archive-index-damaged', 'refused'],
    ['has an endless line', () => apkContent(Buffer.alloc(3 * 1024 * 1024, 'x')), 'archive-index-damaged', 'refused'],
  ])('one that %s says so, and the other repositories are used', async (_, make, code, how) => {
    const bytes = make();
    if (bytes) archive.files.set('bad/x86_64/APKINDEX.tar.gz', bytes);
    archive.files.set(path, apkIndexFile(newer, [key]));
    const reading = await read({
      files: { 'etc/apk/repositories': `${archive.uri}bad\n${archive.uri}v3.22/main\n/srv/local\n` },
    });
    expect(codes(reading)).toEqual(['apk-repository-file', code]);
    expect(trust(reading)).toEqual([how, 'verified', 'unread']);
    expect(reading.complete).toBe(false);
    expect(candidates(reading)).toEqual(['base 1.1-r0 v3.22/main']);
  });

  it('one that drips is left after its time', async () => {
    archive.intercept = (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    const reading = await read({ fileTime: 500 });
    expect(codes(reading)).toEqual(['archive-slow']);
  });

  it.each([
    ['http://169.254.169.254/latest', 'archive-address-refused', 'loopback'],
    ['http://[fd00:ec2::254]/x', 'archive-address-refused', 'loopback'],
    ['http://127.0.0.1:9/x', 'archive-unreachable', 'public'],
  ] as const)('does not ask %s', async (uri, code, reach) => {
    const reading = await read({ files: { 'etc/apk/repositories': `${uri}\n` }, reach });
    expect(codes(reading)).toEqual([code]);
  });

  it('asks nobody when the architecture is not known', async () => {
    const reading = await read({ packages: [{ name: 'base', version: '1', architecture: 'noarch' }] });
    expect(codes(reading)).toEqual(['apk-architecture-unknown']);
    expect(archive.log).toEqual([]);
  });
});

describe('what apk would take', () => {
  const edge = 'edge/main/x86_64/APKINDEX.tar.gz';
  const both = (): Readonly<Record<string, string>> => ({
    'etc/apk/repositories': `${archive.uri}v3.22/main\n@edge ${archive.uri}edge/main\n`,
  });
  beforeEach(() => {
    archive.files.set(path, apkIndexFile(newer, [key]));
    archive.files.set(
      edge,
      apkIndexFile(
        [
          { name: 'base', version: '5-r0' },
          { name: 'only', version: '1-r0' },
        ],
        [key],
      ),
    );
  });

  it.each([
    ['', ['base 1.1-r0 v3.22/main']],
    ['base=1.0-r0', []],
    ['base~1.0', ['base 1.0-r9 v3.22/main']],
    ['base<1.1', ['base 1.0-r9 v3.22/main']],
    ['base>2', []],
    ['!base', []],
    ['base@edge', ['base 5-r0 edge/main']],
    ['base@edge<5', ['base 1.1-r0 v3.22/main']],
    ['tool', ['base 1.1-r0 v3.22/main']],
  ])('keeps to the world file: %s', async (world, expected) => {
    const reading = await read({ files: { ...both(), 'etc/apk/world': `tool\n${world}\n` } });
    expect(candidates(reading)).toEqual(expected);
  });

  it('offers a tagged repository only to who asks for it', async () => {
    const plain = await read({ files: both() });
    expect(plain.offers('base').map(({ version }) => version)).toEqual(['1.1-r0', '1.0-r9']);
    expect(plain.offers('only')).toEqual([]);
    const tagged = await read({ files: { ...both(), 'etc/apk/world': 'base@edge' } });
    expect(tagged.offers('base').map(({ version }) => version)).toEqual(['5-r0', '1.1-r0', '1.0-r9']);
  });

  it('says what no repository has, unless some repository was not read', async () => {
    const strange: Package = { name: 'strange', version: '1', architecture: 'x86_64' };
    const [base = strange] = installed;
    const whole = await read({ files: both() });
    expect([strange, base].map((one) => whole.foreign(one))).toEqual(['not in any enabled repository', null]);
    archive.files.delete(edge);
    expect((await read({ files: both() })).foreign(strange)).toBeNull();
  });

  it('takes the architecture of etc/apk/arch, and noarch', async () => {
    archive.files.set(
      'v3.22/main/aarch64/APKINDEX.tar.gz',
      apkIndexFile(
        [
          { name: 'base', version: '7', architecture: 'noarch' },
          { name: 'tool', version: '9', architecture: 'riscv64' },
        ],
        [key],
      ),
    );
    expect(candidates(await read({ files: { 'etc/apk/arch': 'aarch64\n' } }))).toEqual(['base 7 v3.22/main']);
  });

  it('says of a rolling distribution that it is one', async () => {
    const codesOf = async (options: ReadOptions) => (await read(options)).remarks.map(({ code }) => code);
    expect(await codesOf({ os: { id: 'wolfi' } })).toEqual(['archive-rolling']);
    expect(await codesOf({ os: { id: 'alpine' }, files: both() })).toEqual([]);
    expect(await codesOf({ files: { 'etc/apk/repositories': `${archive.uri}edge/main\n` } })).toEqual([
      'archive-rolling',
    ]);
  });
});
