import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import type { DistroRelease, Package } from '../../../src/core/package.ts';
import { atOnce } from '../../../src/core/time/turns.ts';
import { HttpClient } from '../../../src/http/http-client.ts';
import type { ArchivesReading } from '../../../src/packages/archives/archive-family.ts';
import { createRpmFamily } from '../../../src/packages/rpm/rpm-family.ts';
import { type FakeArchive, makeKey, type SigningKey, startFakeArchive } from '../../support/fake-archive.ts';
import { metalink, publishRpms, type RpmRepositoryInput, updateinfoXml } from '../../support/fake-rpm.ts';

// A minute from now: what the tests sign is signed before that.
/** Later than whatever is signed while these tests run. */
const now = Date.now() + 600_000;
const hour = 3_600_000;
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

const newer: RpmRepositoryInput = {
  packages: [
    { name: 'base', version: '2:1.1-1.el9', sourceRpm: 'base-src-1.1-1.el9.src.rpm' },
    { name: 'base', version: '2:1.0-5.el9' },
    { name: 'base', version: '2:7-1', architecture: 'src' },
    { name: 'tool', version: '1-1', architecture: 'noarch' },
  ],
  updates: [
    {
      id: 'RLSA-2026:1',
      severity: 'Moderate',
      cves: ['CVE-2026-1000', 'CVE-2026-1001'],
      packages: [{ name: 'base', version: '2:1.0-5.el9' }],
    },
    { id: 'RLBA-2026:2', type: 'bugfix', packages: [{ name: 'base', version: '2:1.1-1.el9' }] },
  ],
};
const installed: readonly Package[] = [
  {
    name: 'base',
    version: '2:1.0-1.el9',
    architecture: 'x86_64',
    source: { name: 'base-src', version: '2:1.0-1.el9' },
  },
  { name: 'tool', version: '1-1', architecture: 'noarch' },
];

interface ReadOptions {
  /** Instead of one repository at `os/`. */
  readonly repo?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly packages?: readonly Package[];
  readonly os?: DistroRelease;
  readonly cache?: ByteCache;
  readonly at?: number;
  readonly reach?: 'loopback' | 'public';
  readonly fileTime?: number;
}

const keyFile = 'etc/pki/rpm-gpg/RPM-GPG-KEY-test';
const base = (...lines: readonly string[]): string =>
  ['[os]', 'name=os', `baseurl=${archive.uri}os/`, ...lines, ''].join('\n');

async function read(options: ReadOptions = {}): Promise<ArchivesReading> {
  const { repo = base(), files = {}, packages = installed, cache = memoryCache(), at = now } = options;
  const http = new HttpClient({
    userAgent: 'test',
    sleep: () => Promise.resolve(),
  });
  const family = createRpmFamily({
    http,
    cache,
    now: at,
    reach: options.reach ?? 'loopback',
    maxAge: 6 * hour,
    fileTime: options.fileTime ?? 60_000,
  });
  const texts = { 'etc/yum.repos.d/test.repo': repo, [keyFile]: key.publicKey, ...files };
  try {
    return await family.read({
      os: options.os ?? { id: 'rocky', versionId: '9.6' },
      packages,
      files: new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)])),
      names: new Set(),
    });
  } finally {
    http.close();
  }
}

/** Forgets all but one kind. */
const onlyKind = (cache: ByteCache, wanted: string): ByteCache => ({
  get: (kind, name) => (kind === wanted ? cache.get(kind, name) : undefined),
  put: cache.put,
});
const codes = ({ problems }: ArchivesReading): string[] => problems.map(({ code }) => code);
const trust = ({ repositories }: ArchivesReading): string[] => repositories.map((one) => one.trust);
const candidates = (reading: ArchivesReading): string[] =>
  atOnce(reading.candidates()).map(({ name, candidate, suite }) => `${name} ${candidate} ${suite}`);
const paths = (): string[] => archive.log.map(({ path, status }) => `${path.replace(/[0-9a-f]{16}-/, '')} ${status}`);

describe('a repository', () => {
  it('says what is newer, where from, and what of it is a security fix', async () => {
    await publishRpms(archive, 'os/', newer);
    const reading = await read();
    expect(reading).toMatchObject({
      complete: true,
      problems: [],
      repositories: [{ uri: `${archive.uri}os/`, suite: 'os', trust: 'unverified' }],
    });
    expect(atOnce(reading.candidates())).toEqual([
      {
        name: 'base',
        architecture: 'x86_64',
        installed: '2:1.0-1.el9',
        candidate: '2:1.1-1.el9',
        installedSource: { name: 'base-src', version: '2:1.0-1.el9' },
        candidateSource: { name: 'base-src', version: '2:1.1-1.el9' },
        suite: 'os',
        security: true,
        advisories: ['RLSA-2026:1', 'CVE-2026-1000', 'CVE-2026-1001'],
      },
    ]);
    expect(reading.offers('base').map(({ version }) => version)).toEqual(['2:1.1-1.el9', '2:1.0-5.el9']);
    expect(reading.offers('not-a-package')).toEqual([]);
  });

  it('says what replaces an installed package under another name', async () => {
    const packages = [
      { name: 'new-base', version: '1-1', obsoletes: ['other', 'base LT 2:1.0-2', 'new-base LT 9'] },
      { name: 'new-tool', version: '1:3-1', sourceRpm: 'tools-3-1.src.rpm', obsoletes: ['tool EQ 0:1'] },
      { name: 'no-tool', version: '3-1', obsoletes: ['tool LT 1', 'tool ?? 1', 'base GT 3:1'] },
      { name: 'src-tool', version: '3-1', architecture: 'src', obsoletes: ['tool'] },
    ];
    await publishRpms(archive, 'os/', { packages });
    const reading = await read();
    expect(reading.problems).toEqual([]);
    expect(atOnce(reading.candidates())).toMatchObject([
      {
        name: 'base',
        installed: '2:1.0-1.el9',
        candidate: '1-1',
        replacedBy: 'new-base',
        installedSource: { name: 'base-src', version: '2:1.0-1.el9' },
        candidateSource: { name: 'new-base', version: '1-1' },
        security: null,
      },
      {
        name: 'tool',
        installed: '1-1',
        candidate: '1:3-1',
        replacedBy: 'new-tool',
        candidateSource: { name: 'tools', version: '1:3-1' },
      },
    ]);
    const off = await read({ files: { 'etc/dnf/dnf.conf': '[main]\nobsoletes=False\n' } });
    expect(atOnce(off.candidates())).toEqual([]);
    const excluded = await read({ repo: base('exclude=new-*') });
    expect(atOnce(excluded.candidates())).toEqual([]);
  });

  it('calls a replacement a fix where an advisory lists that build, and else says nothing', async () => {
    const replacing = { name: 'new-base', version: '1-1', obsoletes: ['base'] };
    const fix = { id: 'RLSA-2026:9', cves: ['CVE-2026-9000'], packages: [replacing] };
    await publishRpms(archive, 'os/', { packages: [replacing], updates: [fix] });
    expect(atOnce((await read()).candidates())).toMatchObject([
      { replacedBy: 'new-base', security: true, advisories: ['RLSA-2026:9', 'CVE-2026-9000'] },
    ]);
    const others = [
      { ...fix, packages: [{ ...replacing, version: '0.9-1' }] },
      { ...fix, packages: [{ name: 'base', version: '1-1' }] },
    ];
    await publishRpms(archive, 'os/', { packages: [replacing], updates: others });
    expect(atOnce((await read()).candidates())).toMatchObject([
      { replacedBy: 'new-base', security: null, advisories: [] },
    ]);
  });

  it.each<[string, Partial<RpmRepositoryInput>]>([
    ['zstd', { compress: (bytes) => zstdCompressSync(bytes) }],
    ['gzip', { compress: (bytes) => gzipSync(bytes) }],
    ['nothing', { compress: (bytes) => bytes }],
    ['gzip and sha512', { algorithm: 'sha512' }],
  ])('is read when it is compressed with %s', async (_, input) => {
    await publishRpms(archive, 'os/', { ...newer, ...input });
    expect(candidates(await read())).toEqual(['base 2:1.1-1.el9 os']);
  });

  it('is verified by a key of the image when that asks for it', async () => {
    await publishRpms(archive, 'os/', { ...newer, key });
    const reading = await read({ repo: base('repo_gpgcheck=1', `gpgkey=file:///${keyFile}`) });
    expect(trust(reading)).toEqual(['verified']);
    expect(reading.repositories[0]?.detail).toMatch(/^signed by key [0-9A-F]{16}$/);
    const byMain = await read({
      repo: base(`gpgkey=https://example.org/key\n  file:///${keyFile}`),
      files: { 'etc/dnf/dnf.conf': '[main]\nrepo_gpgcheck=True\n' },
    });
    expect(trust(byMain)).toEqual(['verified']);
  });

  it.each<[string, () => SigningKey | undefined, RegExp]>([
    ['signed by another key', () => stranger, /is not among those the image trusts/],
    ['not signed', () => undefined, /not signed/],
  ])('is refused when it should be signed and is %s', async (_, signer, detail) => {
    const by = signer();
    await publishRpms(archive, 'os/', { ...newer, ...(by && { key: by }) });
    const reading = await read({ repo: base('repo_gpgcheck=1', `gpgkey=file:///${keyFile}`) });
    expect(trust(reading)).toEqual(['refused']);
    expect(reading.repositories[0]?.detail).toMatch(detail);
    expect(codes(reading)).toEqual(['archive-signature']);
    expect(atOnce(reading.candidates())).toEqual([]);
  });

  it('is refused when its list was changed after it was signed', async () => {
    const list = await publishRpms(archive, 'os/', { ...newer, key });
    archive.files.set('os/repodata/repomd.xml', Buffer.concat([list, Buffer.from('\n')]));
    expect(codes(await read({ repo: base('repo_gpgcheck=1', `gpgkey=file:///${keyFile}`) }))).toEqual([
      'archive-signature',
    ]);
  });

  it('is used, and that is said, when the key it names is not in the image', async () => {
    await publishRpms(archive, 'os/', { ...newer, key });
    const reading = await read({ repo: base('repo_gpgcheck=1', 'gpgkey=https://127.0.0.1:1/key') });
    expect(trust(reading)).toEqual(['unverified']);
    expect(reading.repositories[0]?.detail).toContain('https://127.0.0.1:1/key was not found in the image');
    expect(candidates(reading)).toHaveLength(1);
  });
});

describe('where a repository is', () => {
  const list = (kind: 'mirrorlist' | 'metalink'): string => `[os]\n${kind}=${archive.uri}list?repo=$releasever\n`;

  it('is on the first mirror that answers, of at most three', async () => {
    await publishRpms(archive, 'good/', newer);
    archive.files.set('list?repo=9', Buffer.from(`# mirrors\nrsync://x/y\n${archive.uri}bad/\n${archive.uri}good\n`));
    const reading = await read({ repo: list('mirrorlist') });
    expect(reading).toMatchObject({ complete: true, repositories: [{ uri: `${archive.uri}good/` }] });
    expect(candidates(reading)).toHaveLength(1);
    archive.files.set('list?repo=9', Buffer.from([1, 2, 3, 4, 5].map((n) => `${archive.uri}bad${n}/\n`).join('')));
    archive.log.length = 0;
    expect(codes(await read({ repo: list('mirrorlist') }))).toEqual(['archive-gone']);
    expect(paths()).toHaveLength(4);
  });

  it('is on the mirrors of a metalink, which also says what it must be', async () => {
    const repomd = await publishRpms(archive, 'good/', newer);
    await publishRpms(archive, 'behind/', { packages: [{ name: 'base', version: '9:9-9' }] });
    archive.files.set('list?repo=9', metalink(repomd, [`${archive.uri}behind/`, `${archive.uri}good/`]));
    const reading = await read({ repo: list('metalink') });
    expect(reading.repositories[0]).toMatchObject({
      uri: `${archive.uri}good/`,
      detail: expect.stringContaining('metalink'),
    });
    expect(candidates(reading)).toEqual(['base 2:1.1-1.el9 os']);
    archive.files.set('list?repo=9', metalink(repomd, [`${archive.uri}behind/`]));
    expect(trust(await read({ repo: list('metalink') }))).toEqual(['refused']);
    const behind = archive.files.get('behind/repodata/repomd.xml') ?? Buffer.alloc(0);
    archive.files.set('list?repo=9', metalink(repomd, [`${archive.uri}behind/`], [behind]));
    expect(candidates(await read({ repo: list('metalink') }))).toEqual(['base 9:9-9 os']);
  });

  it('is asked for again when the remembered list is of another time', async () => {
    const cache = memoryCache();
    const first = await publishRpms(archive, 'good/', newer);
    archive.files.set('list?repo=9', metalink(first, [`${archive.uri}good/`]));
    expect(candidates(await read({ repo: list('metalink'), cache }))).toHaveLength(1);
    const second = await publishRpms(archive, 'good/', { packages: [{ name: 'base', version: '2:3-1' }] });
    archive.files.set('list?repo=9', metalink(second, [`${archive.uri}good/`]));
    // The list has to be asked for again too, since repomd.xml is by now what it does not name.
    expect(candidates(await read({ repo: list('metalink'), cache, at: now + 7 * hour }))).toEqual(['base 2:3-1 os']);
  });

  it('is no closer to home than who names it, also when the list is remembered', async () => {
    const cache = memoryCache();
    await publishRpms(archive, 'good/', newer);
    archive.files.set('list?repo=9', Buffer.from(`${archive.uri}good/\n`));
    expect(candidates(await read({ repo: list('mirrorlist'), cache }))).toHaveLength(1);
    archive.log.length = 0;
    const reading = await read({ repo: list('mirrorlist'), cache: onlyKind(cache, 'mirrors'), reach: 'public' });
    expect(codes(reading)).toEqual(['archive-unreachable']);
    expect(archive.log).toEqual([]);
  });

  it.each([
    ['no mirrors', '# nobody\n', 'archive-no-mirror', 'unread'],
    ['no mirrors that may be asked', 'http://169.254.169.254/\n', 'archive-address-refused', 'refused'],
    ['a metalink that is damaged', '<metalink><files>', 'archive-index-damaged', 'refused'],
  ])('is not known from a list with %s', async (_, text, code, how) => {
    archive.files.set('list?repo=9', Buffer.from(text));
    const reading = await read({ repo: list('mirrorlist') });
    expect(codes(reading)).toEqual([code]);
    expect(trust(reading)).toEqual([how]);
  });

  it('is the first of several addresses that answers', async () => {
    await publishRpms(archive, 'os/', newer);
    const repo = `[os]\nbaseurl=http://127.0.0.1:1/x/\n  ${archive.uri}os\n`;
    expect(candidates(await read({ repo }))).toHaveLength(1);
  });
});

describe('what is asked, and when', () => {
  it('asks for the list once per age, and for an index only when it is another one', async () => {
    const cache = memoryCache();
    await publishRpms(archive, 'os/', newer);
    for (const at of [now, now + hour, now + 7 * hour]) expect(candidates(await read({ cache, at }))).toHaveLength(1);
    expect(paths()).toEqual([
      'os/repodata/repomd.xml 200',
      'os/repodata/primary.xml 200',
      'os/repodata/updateinfo.xml 200',
      'os/repodata/repomd.xml 304',
    ]);
    const { packages, updates } = newer;
    await publishRpms(archive, 'os/', {
      packages: [...packages, { name: 'tool', version: '2-1' }],
      ...(updates && { updates }),
    });
    archive.log.length = 0;
    expect(candidates(await read({ cache, at: now + 14 * hour }))).toEqual(['base 2:1.1-1.el9 os', 'tool 2-1 os']);
    expect(paths()).toEqual(['os/repodata/repomd.xml 200', 'os/repodata/primary.xml 200']);
  });

  it('asks for the list again when the index that a remembered one names is gone', async () => {
    const cache = memoryCache();
    const forgetsIndexes: ByteCache = {
      get: (kind, name) => (kind === 'index' ? undefined : cache.get(kind, name)),
      put: cache.put,
    };
    await publishRpms(archive, 'os/', newer);
    expect(candidates(await read({ cache: forgetsIndexes }))).toHaveLength(1);
    archive.files.clear();
    await publishRpms(archive, 'os/', { packages: [{ name: 'base', version: '2:4-1' }] });
    expect(candidates(await read({ cache: forgetsIndexes }))).toEqual(['base 2:4-1 os']);
  });

  it('does not remember what was refused', async () => {
    const cache = memoryCache();
    const repo = base('repo_gpgcheck=1', `gpgkey=file:///${keyFile}`);
    await publishRpms(archive, 'os/', { ...newer, key: stranger });
    expect(trust(await read({ cache, repo }))).toEqual(['refused']);
    await publishRpms(archive, 'os/', { ...newer, key });
    expect(trust(await read({ cache, repo }))).toEqual(['verified']);
  });

  it('changes its state with the index and with what the image makes of it', async () => {
    await publishRpms(archive, 'os/', newer);
    const first = (await read()).state;
    expect((await read()).state).toBe(first);
    const other = [(await read({ repo: base('priority=1') })).state, (await read({ repo: base('exclude=x') })).state];
    await publishRpms(archive, 'os/', { packages: [] });
    expect(new Set([first, ...other, (await read()).state]).size).toBe(4);
  });
});

describe('bad repositories', () => {
  const primary = (): string =>
    [...archive.files.keys()].find((path) => path.endsWith('-primary.xml') && path.startsWith('bad/')) ?? '';
  const rewrite = (from: RegExp, to: string): void => {
    const path = 'bad/repodata/repomd.xml';
    archive.files.set(
      path,
      Buffer.from(
        Buffer.from(archive.files.get(path) ?? [])
          .toString()
          .replace(from, to),
      ),
    );
  };
  const bad = (input: Partial<RpmRepositoryInput> = {}): Promise<unknown> =>
    publishRpms(archive, 'bad/', { packages: newer.packages, ...input });
  const xml = (text: string) => () =>
    bad({ compress: () => gzipSync(text) }).then(() => rewrite(/<open-size>\d+/, '<open-size>1000000'));
  it.each<[string, () => unknown, string, string]>([
    ['is gone', () => {}, 'archive-gone', 'unread'],
    [
      'has an index that is gone',
      () => bad().then(() => archive.files.delete(primary())),
      'archive-index-missing',
      'unread',
    ],
    [
      'has an index that was changed',
      () => bad().then(() => archive.files.set(primary(), gzipSync('<metadata/>'))),
      'archive-hash-mismatch',
      'refused',
    ],
    [
      'is cut off',
      () =>
        bad().then(() =>
          archive.files.set(primary(), (archive.files.get(primary()) ?? Buffer.alloc(0)).subarray(0, 60)),
        ),
      'archive-hash-mismatch',
      'refused',
    ],
    [
      'has a list that is no XML',
      () => archive.files.set('bad/repodata/repomd.xml', Buffer.from('hello')),
      'archive-index-damaged',
      'refused',
    ],
    [
      'has a list that is cut off',
      () => archive.files.set('bad/repodata/repomd.xml', Buffer.from('<repomd><data type="primary">')),
      'archive-index-damaged',
      'refused',
    ],
    [
      'has a list that names nothing',
      () => archive.files.set('bad/repodata/repomd.xml', Buffer.from('<repomd/>')),
      'archive-repomd-damaged',
      'refused',
    ],
    ['has a list with sha1 only', () => bad({ algorithm: 'sha1' }), 'archive-weak-hash', 'refused'],
    [
      'leads out of its folder',
      () => bad().then(() => rewrite(/href="repodata/, 'href="../../repodata')),
      'archive-index-outside',
      'refused',
    ],
    [
      'leads to another host',
      () => bad().then(() => rewrite(/href="repodata/, 'href="http://example.org/repodata')),
      'archive-index-outside',
      'refused',
    ],
    [
      'has an index of a size that none has',
      () => bad().then(() => rewrite(/<size>\d+/, '<size>99999999999')),
      'archive-file-too-large',
      'unread',
    ],
    [
      'unpacks to more than it says',
      () => bad().then(() => rewrite(/<open-size>\d+/, '<open-size>10')),
      'archive-index-bomb',
      'refused',
    ],
    [
      'is a gzip bomb',
      () =>
        bad({ compress: () => gzipSync(Buffer.alloc(150 * 1024 * 1024, ' ')) }).then(() =>
          rewrite(/<open-size>\d+/g, '<open-size>900000000'),
        ),
      'archive-index-bomb',
      'refused',
    ],
    [
      'is a zstd bomb',
      () =>
        bad({ compress: () => zstdCompressSync(Buffer.alloc(150 * 1024 * 1024, ' ')) }).then(() =>
          rewrite(/<open-size>\d+/g, '<open-size>900000000'),
        ),
      'archive-index-bomb',
      'refused',
    ],
    [
      'is compressed with bzip2',
      () => bad({ compress: () => Buffer.from('BZh91AY&SY') }),
      'archive-form-unread',
      'unread',
    ],
    [
      'declares entities',
      xml(
        '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><metadata><package type="rpm"><name>&b;</name></package></metadata>',
      ),
      'archive-index-damaged',
      'refused',
    ],
    ['is nested without end', xml('<metadata>'.repeat(2000)), 'archive-index-damaged', 'refused'],
    [
      'has attributes without end',
      xml(`<metadata ${Array.from({ length: 2000 }, (_, n) => `a${n}=""`).join(' ')}/>`),
      'archive-index-damaged',
      'refused',
    ],
    ['is another document', xml('<html><body>hello</body></html>'), 'archive-index-damaged', 'refused'],
    [
      'has nonsense in its rows',
      xml(
        '<metadata><package type="rpm"><name>a b</name><arch>x</arch><version/></package><package type="rpm"/></metadata>',
      ),
      'archive-index-damaged',
      'refused',
    ],
  ])('one that %s says so, and the other repositories are used', async (_, make, code, how) => {
    await make();
    await publishRpms(archive, 'os/', newer);
    const repo = `[bad]\nbaseurl=${archive.uri}bad/\n${base()}`;
    const reading = await read({ repo });
    expect(codes(reading)).toEqual([code]);
    expect(trust(reading)).toEqual([how, 'unverified']);
    expect(reading.complete).toBe(false);
    expect(candidates(reading)).toEqual(['base 2:1.1-1.el9 os']);
    for (const { message } of reading.problems) expect(message.length).toBeLessThan(500);
  });

  it('one that drips is left after its time', async () => {
    archive.intercept = (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
      return true;
    };
    expect(codes(await read({ fileTime: 500 }))).toEqual(['archive-slow']);
  });

  it.each([
    ['baseurl=http://169.254.169.254/latest', 'archive-address-refused', 'loopback'],
    ['baseurl=http://127.0.0.1:9/x', 'archive-unreachable', 'public'],
    ['baseurl=file:///srv/repo', 'rpm-repository-file', 'loopback'],
    ['baseurl=http://127.0.0.1:9/$nobody/', 'rpm-repository-variable', 'loopback'],
    ['baseurl=', 'rpm-repository-empty', 'loopback'],
    [
      'baseurl=https://cdn.example.org/\nsslclientcert=/etc/pki/entitlement/1.pem',
      'rpm-repository-entitlement',
      'loopback',
    ],
    ['baseurl=https://me:secret@example.org/', 'rpm-repository-credentials', 'loopback'],
  ] as const)('does not ask %s', async (lines, code, reach) => {
    const reading = await read({ repo: `[os]\n${lines}\n`, reach });
    expect(codes(reading)).toEqual([code]);
    expect(reading.complete).toBe(false);
    expect(JSON.stringify(reading.repositories)).not.toContain('secret');
  });
});

describe('what updateinfo says of a move', () => {
  const move = (before: string, after: string) => ({ name: 'base', architecture: 'x86_64', before, after });

  it('is true, false, or unknown', async () => {
    await publishRpms(archive, 'os/', newer);
    const reading = await read();
    expect(reading.verdict(move('2:1.0-1.el9', '2:1.0-5.el9'))).toEqual({
      security: true,
      advisories: ['RLSA-2026:1', 'CVE-2026-1000', 'CVE-2026-1001'],
      severity: 'Moderate',
    });
    expect(reading.verdict(move('2:1.0-5.el9', '2:1.1-1.el9')).security).toBe(false);
    // A build that the repositories do not have may have had an update that they no longer list.
    expect(reading.verdict(move('2:0.1-1', '2:0.2-1')).security).toBeNull();
    expect(reading.verdict({ name: 'nobody', before: '1-1', after: '2-1' }).security).toBeNull();
    expect(reading.verdict({ ...move('2:1.0-1.el9', '2:1.1-1.el9'), architecture: 's390x' }).security).toBe(false);
  });

  it('is unknown without updateinfo, and in Fedora when nothing is listed', async () => {
    await publishRpms(archive, 'os/', { packages: newer.packages });
    expect((await read()).verdict(move('2:1.0-1.el9', '2:1.1-1.el9')).security).toBeNull();
    await publishRpms(archive, 'os/', newer);
    const fedora = await read({ os: { id: 'fedora', versionId: '42' } });
    expect(fedora.verdict(move('2:1.0-5.el9', '2:1.1-1.el9')).security).toBeNull();
    expect(fedora.verdict(move('2:1.0-1.el9', '2:1.1-1.el9')).security).toBe(true);
  });

  it.each(['', 'two words', 'A'.repeat(201)])('is true whatever id an update has: %s', async (id) => {
    const updates = [{ id, cves: ['CVE-2026-1000'], packages: [{ name: 'base', version: '2:1.1-1.el9' }] }];
    await publishRpms(archive, 'os/', { ...newer, updates });
    const verdict = (await read()).verdict(move('2:1.0-1.el9', '2:1.1-1.el9'));
    expect(verdict).toEqual({ security: true, advisories: ['CVE-2026-1000'] });
  });

  it('counts the vulnerabilities that have no room', async () => {
    const cves = (from: number, many: number): string[] =>
      Array.from({ length: many }, (_, n) => `CVE-2026-${from + n}`);
    const of = async (...lists: readonly string[][]): Promise<unknown> => {
      const updates = lists.map((list, n) => ({
        id: `A-${n}`,
        cves: list,
        packages: [{ name: 'base', version: '2:1.1-1.el9' }],
      }));
      await publishRpms(archive, 'os/', { ...newer, updates });
      const { advisories, unlisted } = (await read()).verdict(move('2:1.0-1.el9', '2:1.1-1.el9'));
      return [advisories.length, unlisted];
    };
    expect(await of(cves(10_000, 1_999))).toEqual([2_000, undefined]);
    expect(await of(cves(10_000, 2_000))).toEqual([2_000, 1]);
    expect(await of(cves(10_000, 2_005))).toEqual([2_000, 6]);
    expect(await of(cves(10_000, 1_500), cves(20_000, 1_500))).toEqual([2_000, 1_002]);
  });

  it('takes the worst severity', async () => {
    const packages = [{ name: 'base', version: '2:1.1-1.el9' }];
    const updates = ['Low', 'Critical', 'Odd'].map((severity, n) => ({ id: `A-${n}`, severity, packages }));
    await publishRpms(archive, 'os/', { ...newer, updates });
    expect((await read()).verdict(move('2:1.0-1.el9', '2:1.1-1.el9'))).toMatchObject({ severity: 'Critical' });
  });
});

describe('modules', () => {
  const build = (version: string): string => `${version}.module+el8.9.0+1+abcdef`;
  const nodejs = [build('18.2-1'), build('18.9-1'), build('20.1-1')].map((version) => ({ name: 'nodejs', version }));
  const [old, fixed, other] = nodejs;
  const own: Package = { name: 'nodejs', version: build('18.2-1'), architecture: 'x86_64', module: 'nodejs:18' };
  const update = (id: string, stream: string, one = old) => ({
    id,
    type: 'bugfix',
    module: `nodejs:${stream}`,
    packages: one ? [one] : [],
  });

  it('stay in their stream, which the updates of the repository tell', async () => {
    const updates = [update('A', '18', old), update('B', '18', fixed), update('C', '20', other)];
    await publishRpms(archive, 'os/', { packages: nodejs, updates });
    const reading = await read({ packages: [own] });
    expect(reading.complete).toBe(true);
    expect(candidates(reading)).toEqual([`nodejs ${build('18.9-1')} os`]);
    const { module: _, ...unlabelled } = own;
    expect(candidates(await read({ packages: [unlabelled] }))).toEqual([`nodejs ${build('18.9-1')} os`]);
    expect(candidates(await read({ packages: [{ ...own, module: 'nodejs:22' }] }))).toEqual([]);
  });

  it('are not known to be pending when nothing tells their stream', async () => {
    await publishRpms(archive, 'os/', { packages: nodejs });
    const reading = await read({ packages: [own] });
    expect(codes(reading)).toEqual(['rpm-streams-unknown']);
    expect(atOnce(reading.candidates())).toEqual([]);
    expect(candidates(await read({ packages: [own], repo: base('module_hotfixes=1') }))).toHaveLength(1);
  });

  it('do not replace what is of no module', async () => {
    await publishRpms(archive, 'os/', { packages: [...nodejs, { name: 'nodejs', version: '10.1-1.el8' }] });
    const reading = await read({ packages: [{ name: 'nodejs', version: '10.0-1.el8', architecture: 'x86_64' }] });
    expect(candidates(reading)).toEqual(['nodejs 10.1-1.el8 os']);
    expect(reading.offers('nodejs')[0]?.version).toBe('10.1-1.el8');
  });
});

describe('what is worth saying', () => {
  const remarks = async (options: ReadOptions): Promise<string[]> =>
    (await read(options)).remarks.map(({ message }) => message);
  it.each<[string, ReadOptions, RegExp | null]>([
    [
      'Amazon Linux 2023',
      {
        os: { id: 'amzn', versionId: '2023' },
        packages: [{ name: 'system-release', version: '2023.9.20251117-0.amzn2023', architecture: 'noarch' }],
      },
      /locked to the release 2023\.9\.20251117;/,
    ],
    [
      'Amazon Linux 2023 without a lock',
      { os: { id: 'amzn', versionId: '2023' }, files: { 'etc/dnf/vars/releasever': 'latest\n' } },
      null,
    ],
    ['Tumbleweed', { os: { id: 'opensuse-tumbleweed', versionId: '20261101' } }, /rolling/],
    [
      'a snapshot',
      { repo: '[os]\nbaseurl=http://127.0.0.1:9/history/20260102/tumbleweed/\n' },
      /locked to the snapshot 20260102;/,
    ],
    ['Rocky', {}, null],
  ])('%s', async (_, options, expected) => {
    expect(await remarks(options)).toEqual(expected === null ? [] : [expect.stringMatching(expected)]);
  });

  it('names who built a package that no distro did', async () => {
    await publishRpms(archive, 'os/', newer);
    const reading = await read();
    const one: Package = { name: 'base', version: '1-1', architecture: 'x86_64' };
    expect(reading.foreign({ ...one, vendor: 'Docker' })).toBe('Docker');
    expect(reading.foreign(one)).toBeNull();
  });

  it.each([
    ['Microsoft Corporation', 'azurelinux', null],
    ['Microsoft Corporation', 'almalinux', 'Microsoft Corporation'],
    ['VMware, Inc.', 'photon', null],
    ['Oracle America', 'ol', null],
    ['Oracle America', 'rhel', 'Oracle America'],
    ['no vendor', 'almalinux', 'no vendor'],
  ])('takes %s for its own in %s: %s', async (vendor, id, expected) => {
    const reading = await read({ os: { id, versionId: '9' } });
    expect(reading.foreign({ name: 'base', version: '1-1', architecture: 'x86_64', vendor })).toBe(expected);
  });

  it('tells whose a package is that is not installed by who offers it', async () => {
    const one: Package = { name: 'base', version: '1-1', architecture: 'x86_64', vendor: '' };
    const [{ version } = one] = newer.packages.filter(({ name }) => name === 'base');
    await publishRpms(archive, 'os/', { ...newer, updates: [] });
    expect((await read()).foreign(one, ['1-1', version])).toBeNull();
    await publishRpms(archive, 'os/', { packages: newer.packages });
    expect((await read()).foreign(one, ['1-1', version])).toBe('os');
  });

  it('reads an updateinfo of many updates quickly', async () => {
    const updates = Array.from({ length: 3000 }, (_, n) => ({
      id: `X-${n}`,
      packages: [{ name: `p${n % 50}`, version: `${n}-1` }],
    }));
    expect(updateinfoXml(updates).length).toBeGreaterThan(1_000_000);
    await publishRpms(archive, 'os/', { ...newer, updates });
    const reading = await read();
    expect(reading.verdict({ name: 'p7', before: '0-1', after: '60-1' }).advisories).toEqual(['X-57', 'X-7']);
  });
});

describe('what the image leaves alone', () => {
  const own = (name: string, maker?: string): Package => ({
    name,
    version: '1-1',
    architecture: 'x86_64',
    ...(maker !== undefined && { maker }),
  });
  const told = (reading: ArchivesReading): string[] =>
    atOnce(reading.candidates()).map(({ name, candidate, held }) => `${name} ${candidate}${held ? ' held' : ''}`);

  it('a lock holds back, which is told, and lets through what it fits', async () => {
    await publishRpms(archive, 'os/', {
      packages: ['1-2', '1-3'].flatMap((version) => ['free', 'locked', 'lets'].map((name) => ({ name, version }))),
    });
    const files = { 'etc/dnf/plugins/versionlock.list': 'locked-0:1-1.*\nlets-0:1-2.*\n' };
    const reading = await read({ files, packages: ['free', 'lets', 'locked'].map((name) => own(name)) });
    expect(told(reading)).toEqual(['free 1-3', 'lets 1-2', 'locked 1-3 held']);
    expect(reading.offers('locked')).toEqual([]);
  });

  it('locks that cannot be read leave the answer open', async () => {
    await publishRpms(archive, 'os/', { packages: [{ name: 'free', version: '1-2' }] });
    const reading = await read({ files: { 'etc/dnf/versionlock.toml': 'x' }, packages: [own('free')] });
    expect(reading).toMatchObject({ complete: false, problems: [{ code: 'rpm-locks-unread' }] });
  });

  it.each([
    [{}, ['both 1-3', 'other 1-3', 'silent 1-3']],
    [{ 'etc/zypp/locks': '' }, ['both 1-2']],
  ])('zypper keeps the vendor, also where another hides its build: %j', async (files, expected) => {
    const home = 'obs://build.opensuse.org/home:x 100% "ä"';
    await publishRpms(archive, 'os/', {
      packages: [
        { name: 'both', version: '1-2', vendor: 'SUSE LLC', sourceRpm: 'src-1-2.src.rpm' },
        ...['both', 'other', 'silent'].map((name) => ({ name, version: '1-3', vendor: home })),
      ],
    });
    const packages = [own('both', 'SUSE LLC'), own('other', 'SUSE LLC'), own('silent')];
    expect(told(await read({ files, packages }))).toEqual(expected);
    expect(told(await read({ files, packages: [own('other', home)] }))).toEqual(['other 1-3']);
  });

  it('a repository of zypper may lie below its address', async () => {
    await publishRpms(archive, 'os/sub/dir/', { packages: [{ name: 'free', version: '1-2' }] });
    expect(told(await read({ repo: base('path=/sub/dir'), packages: [own('free')] }))).toEqual(['free 1-2']);
  });
});

describe('modules', () => {
  const stream = (name: string, builds: readonly string[], pad = '    '): string =>
    `---
document: modulemd
version: 2
data:
  name: mod
  stream: "${name}"
  profiles:
    common:
      rpms:
        - not-an-artifact-0:9-9.x86_64
  description: >-
    name: other
  artifacts:
    rpms:
${builds.map((one) => `${pad}- ${one}`).join('\n')}
...
`;
  const packages = [
    ...['1-2.module+el9+1', '2-1.module+el9+2', '1-9'].map((version) => ({ name: 'tool', version })),
    { name: 'free', version: '1-2' },
  ];
  const modules =
    stream('1', ['tool-0:1-2.module+el9+1.x86_64', 'tool-0:1-2.module+el9+1.src']) +
    stream('2', ['tool-0:2-1.module+el9+2.x86_64'], '      ');
  const defaults = (name: string): string =>
    `---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: mod\n  stream: '${name}'\n...\n`;
  const chosen = (name: string, state = 'enabled'): Record<string, string> => ({
    'etc/dnf/modules.d/mod.module': `[mod]\nname=mod\nstream=${name}\nprofiles=\nstate=${state}\n`,
  });
  const own = ['free', 'tool'].map((name): Package => ({ name, version: '1-1', architecture: 'x86_64' }));

  it.each<[string, string, Readonly<Record<string, string>>, string, string]>([
    ['the stream that is enabled', modules, chosen('1'), '', 'tool 1-2.module+el9+1'],
    ['another that is enabled', modules, chosen('2'), '', 'tool 2-1.module+el9+2'],
    ['the stream by default', modules + defaults('2'), {}, '', 'tool 2-1.module+el9+2'],
    ['the enabled one before the default', modules + defaults('2'), chosen('1'), '', 'tool 1-2.module+el9+1'],
    ['none that is disabled', modules + defaults('2'), chosen('', 'disabled'), '', 'tool 1-9'],
    ['none that nobody chose', modules, {}, '', 'tool 1-9'],
    ['all of a repository with hotfixes', modules, chosen('1'), 'module_hotfixes=1', 'tool 2-1.module+el9+2'],
  ])('leave %s', async (_name, yaml, files, option, expected) => {
    await publishRpms(archive, 'os/', { packages, modules: yaml });
    const reading = await read({ files, packages: own, repo: base(option) });
    expect(reading.problems).toEqual([]);
    expect(candidates(reading)).toEqual(['free 1-2 os', `${expected} os`]);
  });

  it('in a list with a line longer than any are not half read', async () => {
    const long = `${modules}...\n# ${'x'.repeat(300_000)}\n`;
    await publishRpms(archive, 'os/', { packages, modules: long });
    const { complete, problems } = await read({ files: chosen('1'), packages: own });
    expect(complete).toBe(false);
    expect(problems).toMatchObject([
      { code: 'archive-index-damaged', message: expect.stringContaining('longer line') },
    ]);
  });

  it('hide a build of the same name in another repository', async () => {
    await publishRpms(archive, 'os/', { packages: packages.slice(0, 2), modules });
    await publishRpms(archive, 'other/', { packages: [{ name: 'tool', version: '9-9' }] });
    const repo = `${base()}\n[other]\nbaseurl=${archive.uri}other/\n`;
    expect(candidates(await read({ files: chosen('1'), packages: own, repo }))).toEqual(['tool 1-2.module+el9+1 os']);
    expect(candidates(await read({ packages: own, repo }))).toEqual(['tool 9-9 other']);
  });
});
