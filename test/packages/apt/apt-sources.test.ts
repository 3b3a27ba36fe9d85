import { describe, expect, it } from 'vitest';
import { readAptSources } from '../../../src/packages/apt/apt-sources.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const read = (texts: Readonly<Record<string, string>>, enabled?: readonly string[]) =>
  readAptSources(new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)])), 'arm64', enabled);
const list = (text: string) => read({ 'etc/apt/sources.list': text });
const stanzas = (text: string) => read({ 'etc/apt/sources.list.d/debian.sources': text });

const plain = { trust: { signedBy: [] }, checksValidUntil: true };

describe('the one-line form', () => {
  it.each([
    [
      'deb http://a.example/debian stable main contrib',
      { uri: 'http://a.example/debian/', suite: 'stable', components: ['main', 'contrib'], ...plain },
    ],
    [
      '  deb\thttp://a.example/debian/  stable  main # a remark',
      { uri: 'http://a.example/debian/', suite: 'stable', components: ['main'] },
    ],
    [
      'deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/a.gpg] https://a.example/ stable main',
      { architectures: ['amd64', 'arm64'], trust: { signedBy: ['usr/share/keyrings/a.gpg'] } },
    ],
    [
      'deb [ trusted=yes check-valid-until=no ] http://a.example/ stable main',
      { trust: { trusted: true, signedBy: [] }, checksValidUntil: false },
    ],
    ['deb [arch-=armhf] http://a.example/ stable main', { architectures: ['arm64'], ...plain }],
    ['deb [arch+=i386] http://a.example/ stable main', { architectures: ['arm64', 'armhf', 'i386'] }],
    ['deb [arch=amd64 arch+=i386,arm64] http://a.example/ stable main', { architectures: ['amd64', 'i386', 'arm64'] }],
    ['deb [arch=amd64 arch=i386] http://a.example/ stable main', { architectures: ['i386'] }],
    ['deb [arch-=arm64,armhf] http://a.example/ stable main', { architectures: [] }],
    ['deb [ trusted="yes"  arch="amd64" ] "http://a.example/x y" "stable" main', { uri: 'http://a.example/x%20y/' }],
    ['deb http://a.example/st%61ble st%61ble main', { uri: 'http://a.example/stable/', suite: 'stable' }],
    [
      'deb [signed-by=/a#b.gpg] http://a.example stable main#contrib',
      { trust: { signedBy: ['a#b.gpg'] }, components: ['main'] },
    ],
    ['deb [Trusted=yes trusted=maybe x=y] http://a.example stable main', plain],
    ['deb [] http://a.example stable main', plain],
    ['deb http://a.example/apt ./', { suite: './', components: [] }],
    [
      'deb http://a.example/apt/$(ARCH)/ x/$(ARCH)/',
      { uri: 'http://a.example/apt/arm64/', suite: 'x/arm64/', components: [] },
    ],
  ])('%s', (text, expected) => {
    const { repositories, problems, isRefused } = read({ 'etc/apt/sources.list': text }, ['arm64', 'armhf']);
    expect([problems, isRefused]).toEqual([[], false]);
    expect(repositories).toHaveLength(1);
    expect(repositories[0]).toMatchObject({ ...expected, place: 'etc/apt/sources.list:1' });
  });

  it.each(['', '# deb http://a.example stable main', 'deb-src http://a.example/ stable main'])(
    '%j enables nothing',
    (text) => {
      const { repositories, problems } = list(text);
      expect(repositories).toEqual([]);
      expect(problems.map(({ code }) => code)).toEqual(['no-repositories']);
    },
  );
});

describe('stanzas', () => {
  it('multiply addresses and suites', () => {
    const { repositories, problems } = stanzas(`# Debian
Types: deb deb-src
URIs: http://a.example/debian http://b.example/debian
Suites: stable stable-updates
# between fields
Components: main
Signed-By: /usr/share/keyrings/a.gpg,/etc/apt/keyrings/b.asc
 /c.gpg

Types: deb
URIs: http://off.example/
Suites: stable
Components: main
Enabled: no
`);
    expect(problems).toEqual([]);
    expect(repositories.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      'http://a.example/debian/ stable',
      'http://a.example/debian/ stable-updates',
      'http://b.example/debian/ stable',
      'http://b.example/debian/ stable-updates',
    ]);
    expect(repositories[0]).toMatchObject({
      trust: { signedBy: ['usr/share/keyrings/a.gpg', 'etc/apt/keyrings/b.asc', 'c.gpg'] },
      place: 'etc/apt/sources.list.d/debian.sources:2',
    });
  });

  it('may hold their key, dates may be old, architectures limited', () => {
    const { repositories } = stanzas(`Types: deb
URIs: http://a.example/
Suites: stable
Components: main
Architectures: amd64 armhf
Architectures-Add: i386
Architectures-Remove: armhf
Check-Valid-Until: no
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEZ
 -----END PGP PUBLIC KEY BLOCK-----
`);
    expect(repositories[0]).toMatchObject({
      architectures: ['amd64', 'i386'],
      checksValidUntil: false,
      trust: {
        signedBy: [],
        armoredKey: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEZ\n-----END PGP PUBLIC KEY BLOCK-----',
      },
    });
  });
});

describe('several sources for one repository', () => {
  it.each([
    ['look for the architectures of all', '[arch=amd64] X', '[arch=i386] X', ['amd64', 'i386']],
    ['look for all when one does not say', '[arch=amd64] X', 'X', undefined],
    ['look for all when one does not say, in any order', 'X', '[arch=amd64] X', undefined],
  ])('%s', (_, first, second, expected) => {
    const line = (text: string): string => `deb ${text.replace('X', 'http://a.example/ stable main')}\n`;
    const { repositories, problems } = list(line(first) + line(second));
    expect(problems).toEqual([]);
    expect(repositories.map(({ architectures }) => architectures)).toEqual([expected]);
  });

  // As apt 2.6 has it; the lab holds them against the real one.
  it.each<[string, string, string | undefined]>([
    ['[trusted=yes] X main', 'X main', 'Trusted'],
    ['X main', '[trusted=yes] X main', 'Trusted'],
    ['[trusted=yes] X main', '[trusted=no] X contrib', 'Trusted'],
    ['[check-valid-until=no] X main', 'X main', 'Check-Valid-Until'],
    ['[signed-by=/a.gpg] X main', '[signed-by=/b.gpg] X main', 'Signed-By'],
    ['[signed-by=/a.gpg] X main', '[signed-by=/b.gpg] X contrib', 'Signed-By'],
    ['[signed-by=/a.gpg] X main', 'X main', 'Signed-By'],
    ['[signed-by=/a.gpg,/b.gpg] X main', '[signed-by=/b.gpg,/a.gpg] X main', 'Signed-By'],
    ['[signed-by=/a.gpg] X main', '[signed-by=/a.gpg] X contrib', undefined],
    ['[trusted=yes] X main', '[trusted=true] X contrib', undefined],
    ['[signed-by=/a.gpg] X main', '[signed-by=/b.gpg] X-updates main', undefined],
  ])('%s beside %s', (first, second, option) => {
    const address = (text: string): string => text.replace('X', 'http://a.example/ stable');
    for (const type of ['deb', 'deb-src']) {
      const { repositories, problems, isRefused } = list(
        `deb http://b.example/ stable main\n${type} ${address(first)}\ndeb ${address(second).replace('example/', 'example')}\n`,
      );
      expect(isRefused).toBe(option !== undefined);
      if (option === undefined) expect([problems, repositories.length > 1]).toEqual([[], true]);
      else {
        expect(repositories).toEqual([]);
        expect(problems).toMatchObject([{ code: 'apt-sources-conflict', subject: 'etc/apt/sources.list:3' }]);
        expect(problems[0]?.message).toContain(`different values of ${option};`);
      }
    }
  });

  it('share a Signed-By that comes after none', () => {
    const { repositories } = list(
      'deb http://a.example/ stable main\ndeb [signed-by=/a.gpg] http://a.example/ stable contrib\n',
    );
    expect(repositories.map(({ trust }) => trust.signedBy)).toEqual([['a.gpg'], ['a.gpg']]);
  });
});

describe('a source that apt cannot read', () => {
  const good = 'deb http://a.example/ stable main\n';

  it.each([
    'foo bar',
    'DEB http://a.example/ stable main',
    'deb http://a.example/',
    'deb http://a.example/ stable',
    'deb http://a.example/ ./ main',
    'deb [trusted=yes]http://a.example/ stable main',
    'deb [trusted] http://a.example/ stable main',
    'deb [trusted=] http://a.example/ stable main',
    'deb [trusted=yes http://a.example/ stable main',
    'deb "http://a.example/ stable main',
    'deb-src [trusted] http://a.example/ stable main',
  ])('takes all others with it: %s', (line) => {
    const { repositories, problems, isRefused } = list(`${good}${line}\n`);
    expect([repositories, isRefused]).toEqual([[], true]);
    expect(problems).toMatchObject([{ code: 'apt-source-unreadable', subject: 'etc/apt/sources.list:2' }]);
    expect(problems[0]?.message).toContain('refuses all its sources');
  });

  it.each(['Types: deb', 'URIs: http://b.example', 'Suites: stable', 'Components: main'])(
    'is a stanza without %s, unless that is disabled',
    (field) => {
      const stanza = 'Types: deb\nURIs: http://b.example\nSuites: stable\nComponents: main\n'.replace(`${field}\n`, '');
      const refusedWith = (text: string): boolean =>
        read({ 'etc/apt/sources.list': good, 'etc/apt/sources.list.d/a.sources': text }).isRefused;
      expect(refusedWith(stanza)).toBe(true);
      expect(refusedWith(`Enabled: no\n${stanza}`)).toBe(field === 'Types: deb');
      expect(refusedWith(stanza.replace('Types: deb', 'Types: rpm'))).toBe(true);
    },
  );
});

it.each([
  ['deb cdrom:[Debian 12]/ stable main', 'apt-source-cdrom', 'disc'],
  ['deb file:/srv/repo stable main', 'apt-source-file', 'folder'],
  ['deb copy:/srv/repo stable main', 'apt-source-file', 'folder'],
  ['deb mirror+file:/etc/apt/mirrors stable main', 'apt-source-mirror', 'mirrors'],
  ['deb mirror://a.example/list stable main', 'apt-source-mirror', 'mirrors'],
  ['deb s3://bucket/ stable main', 'apt-source-method', '"s3"'],
  ['deb http://user:secret@a.example/ stable main', 'apt-source-credentials', 'password'],
  ['deb http://a.example/?x=1 stable main', 'apt-source-unreadable', 'query'],
  ['deb http://a.example/ stable', 'apt-source-unreadable', 'components'],
  ['deb http://a.example/ ../../x main', 'apt-source-unreadable', 'suite'],
  ['deb http://a.example/ stable ../main', 'apt-source-unreadable', 'components'],
  ['rpm http://a.example/ stable main', 'apt-source-unreadable', 'understands'],
])('%s is a problem with its own sentence', (text, code, words) => {
  const { repositories, problems } = list(text);
  expect(repositories).toEqual([]);
  expect(problems).toMatchObject([{ code, subject: 'etc/apt/sources.list:1' }]);
  expect(problems[0]?.message).toContain(words);
  expect(problems[0]?.message).not.toContain('secret');
});

it('reads sources.list first, then the folder, and nothing else of it', () => {
  const line = (host: string): string => `deb http://${host}/ stable main\n`;
  const { repositories } = read({
    'etc/apt/sources.list.d/b.list': line('b.example'),
    'etc/apt/sources.list.d/a.list': line('a.example'),
    'etc/apt/sources.list.d/c.list.save': line('c.example'),
    'etc/apt/sources.list.d/.hidden.list': line('d.example'),
    'etc/apt/sources.list': line('first.example') + line('a.example'),
  });
  expect(repositories.map(({ uri }) => uri)).toEqual([
    'http://first.example/',
    'http://a.example/',
    'http://b.example/',
  ]);
});

it('says when it stops comparing the options of sources for source packages', () => {
  const lines = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, i) => `deb-src http://a.example/${i} stable main`);
  const codes = (count: number): readonly string[] => {
    const conflict = ['deb [trusted=yes] http://b.example s main', 'deb-src [trusted=no] http://b.example s main'];
    return list([...lines(count), ...conflict].join('\n')).problems.map(({ code }) => code);
  };
  expect(codes(998)).toEqual(['apt-sources-conflict']);
  expect(codes(1000)).toEqual(['apt-too-many-sources']);
});

it('looks at so many repositories and no more', () => {
  const { repositories, problems } = list(
    Array.from({ length: 150 }, (_, i) => `deb http://a.example/${i} stable main`).join('\n'),
  );
  expect(repositories).toHaveLength(100);
  expect(problems.map(({ code }) => code)).toEqual(['apt-too-many-sources']);
});

it.each([
  [
    'addresses times suites',
    'etc/apt/sources.list.d/a.sources',
    `Types: deb\nURIs:${' http://a.example/x'.repeat(5000)}\nSuites: ${Array.from({ length: 5000 }, (_, i) => `s${i}`).join(' ')}\nComponents: main\n`,
  ],
  ['lines that are none', 'etc/apt/sources.list', 'x\n'.repeat(300_000)],
])('is not carried away by %s', async (_, path, text) => {
  let found = read({});
  expect(
    await cpuTime(() => {
      found = read({ [path]: text });
    }),
  ).toBeLessThan(2000);
  const { repositories, problems } = found;
  expect(repositories.length).toBeLessThanOrEqual(100);
  expect(problems.at(-1)?.code).toBe('apt-too-many-sources');
  expect(problems.length).toBeLessThan(60);
});
