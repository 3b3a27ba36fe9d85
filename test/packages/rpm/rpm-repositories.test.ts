import { describe, expect, it } from 'vitest';
import type { DistroRelease, Package } from '../../../src/core/package.ts';
import { readRpmRepositories } from '../../../src/packages/rpm/rpm-repositories.ts';
import { expandVariables, unknownVariable } from '../../../src/packages/rpm/rpm-variables.ts';

const packages: readonly Package[] = [
  { name: 'a', version: '1-1', architecture: 'x86_64' },
  { name: 'b', version: '1-1', architecture: 'noarch' },
];
function read(
  texts: Readonly<Record<string, string>>,
  os: DistroRelease | undefined = { id: 'rocky', versionId: '9.6' },
  own = packages,
) {
  return readRpmRepositories(new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)])), os, own);
}
const main = (text: string) => read({ 'etc/yum.repos.d/x.repo': text });

describe('the repositories that dnf reads', () => {
  it('are sections with their settings, over those of the main configuration', () => {
    const { repositories, unread, problems } = read({
      'etc/dnf/dnf.conf':
        '[main]\ngpgcheck=1\nexcludepkgs=kernel*\nrepo_gpgcheck=1\n[inmain]\nbaseurl=https://m.example.org/\n',
      'etc/yum.repos.d/rocky.repo': `# comment
[baseos]
name=Rocky Linux $releasever
mirrorlist=https://mirrors.example.org/mirrorlist?arch=$basearch&repo=BaseOS-$releasever$rltype
#baseurl=http://dl.example.org/
gpgcheck=1
enabled = 1
repo_gpgcheck=0
priority=10
exclude=a, b
  c*
includepkgs=d
gpgkey=file:///etc/pki/rpm-gpg/KEY-$releasever
       https://example.org/KEY
module_hotfixes=yes

[off]
baseurl=https://off.example.org
enabled=0
; comment
[many]
baseurl: https://one.example.org/$basearch/os
    http://two.example.org/\${basearch}/os/
`,
      'etc/dnf/vars/rltype': '-x\nmore',
    });
    expect(problems).toEqual([]);
    expect(unread).toEqual([]);
    expect(repositories).toEqual([
      expect.objectContaining({ id: 'inmain', checksSignature: true, excludes: ['kernel*'] }),
      {
        id: 'baseos',
        from: { kind: 'mirrorlist', urls: ['https://mirrors.example.org/mirrorlist?arch=x86_64&repo=BaseOS-9-x'] },
        checksSignature: false,
        keys: ['etc/pki/rpm-gpg/KEY-9', 'https://example.org/KEY'],
        priority: 10,
        excludes: ['a', 'b', 'c*', 'kernel*'],
        includes: ['d'],
        moduleHotfixes: true,
        place: 'etc/yum.repos.d/rocky.repo:2',
      },
      expect.objectContaining({
        id: 'many',
        from: {
          kind: 'baseurl',
          urls: ['https://one.example.org/x86_64/os/', 'http://two.example.org/x86_64/os/'],
        },
        priority: 99,
      }),
    ]);
  });

  it('are replaced by those of the same name in the folder of the administrator', () => {
    const { repositories } = read({
      'usr/share/dnf5/repos.d/a.repo':
        '[a]\nbaseurl=https://distro.example.org/\n[b]\nbaseurl=https://b.example.org/\n',
      'etc/yum.repos.d/a.repo': '[a]\nbaseurl=https://mine.example.org/\n',
      'etc/zypp/repos.d/z.repo': '[z]\nbaseurl=https://z.example.org/\nautorefresh=1\ntype=rpm-md\n',
      'etc/yum.repos.d/readme.txt': '[c]\nbaseurl=https://c.example.org/\n',
    });
    expect(repositories.map(({ id, from }) => `${id} ${from.urls[0]}`)).toEqual([
      'a https://mine.example.org/',
      'b https://b.example.org/',
      'z https://z.example.org/',
    ]);
  });

  it('are none, or too many, which is said', () => {
    expect(read({}).problems).toMatchObject([{ code: 'no-repositories' }]);
    const many = Array.from({ length: 3000 }, (_, n) => `[r${n}]\nbaseurl=https://example.org/${n}\n`).join('');
    const { repositories, problems } = main(many);
    expect(repositories).toHaveLength(100);
    expect(problems).toMatchObject([{ code: 'rpm-too-many-repositories' }]);
  });

  it.each(['[', '[]', '[x', 'baseurl=https://example.org/', '=\n[a]\n=x', '[a]\n baseurl=x\n', '\0\0'])(
    'are not invented from %j',
    (text) => {
      expect(main(text).repositories).toEqual([]);
    },
  );
});

describe('what a repository is read without, or with alone', () => {
  const repo = (settings: string) => main(`[a]\nbaseurl=https://a.example\n${settings}\n`);
  const names = (count: number): string => Array.from({ length: count }, (_, n) => `p${n}`).join(' ');

  it('is taken whole', () => {
    expect(repo(`excludepkgs=${names(1000)}`).repositories[0]?.excludes).toHaveLength(1000);
    expect(repo(`includepkgs=${'x'.repeat(200)}`).repositories[0]?.includes).toEqual(['x'.repeat(200)]);
  });

  it.each([
    ['too many packages', `excludepkgs=${names(1001)}`],
    ['too many, in two settings', `excludepkgs=${names(501)}\nincludepkgs=${names(500)}`],
    ['a pattern that is too long', `exclude=a ${'x'.repeat(201)}`],
  ])('leaves it unread with %s, for nobody knows what dnf takes from it', (_name, settings) => {
    const { repositories, unread } = repo(settings);
    expect(repositories).toEqual([]);
    expect(unread).toMatchObject([{ suite: 'a', problem: { code: 'rpm-repository-patterns' } }]);
  });
});

describe('variables', () => {
  const release = (os: DistroRelease | undefined, files: Readonly<Record<string, string>> = {}, own = packages) =>
    Object.fromEntries(read(files, os, own).variables);

  it.each<[DistroRelease, string]>([
    [{ id: 'rhel', versionId: '9.6' }, '9'],
    [{ id: 'fedora', versionId: '42' }, '42'],
    [{ id: 'azurelinux', versionId: '3.0' }, '3.0'],
    [{ id: 'opensuse-leap', versionId: '15.6' }, '15.6'],
    [{ id: 'amzn', versionId: '2' }, '2'],
  ])('name the release of %j', (os, expected) => {
    const [major, minor = ''] = expected.split('.');
    expect(release(os)).toEqual({
      arch: 'x86_64',
      basearch: 'x86_64',
      releasever: expected,
      releasever_major: major,
      releasever_minor: minor,
    });
  });

  it('take the release of Amazon Linux 2023 from the package that carries it, and a file over everything', () => {
    const own = [
      ...packages,
      { name: 'system-release', version: '2023.9.20251117-1.amzn2023', architecture: 'noarch' },
    ];
    expect(release({ id: 'amzn', versionId: '2023' }, {}, own)).toMatchObject({ releasever: '2023.9.20251117' });
    const files = { 'etc/yum/vars/releasever': '8\n', 'etc/dnf/vars/releasever': '9.4\n', 'etc/dnf/vars/a-b': 'x' };
    expect(release({ id: 'rhel', versionId: '9.6' }, files)).toMatchObject({
      releasever: '9.4',
      releasever_major: '9',
      releasever_minor: '4',
    });
  });

  it.each([
    [['i686'], 'i386'],
    [['armv7hl'], 'armhfp'],
    [['aarch64', 'aarch64', 'noarch'], 'aarch64'],
  ])('name the architecture of %j', (architectures, expected) => {
    const own = architectures.map((architecture, n) => ({ name: `p${n}`, version: '1-1', architecture }));
    expect(release(undefined, {}, own)).toMatchObject({ basearch: expected });
  });

  it.each([
    ['$a/${a}', '1/1', undefined],
    ['$ab', '1b', undefined],
    ['$a_$a', '1_1', undefined],
    ['$b', '$b', '$b'],
    ['${ab}', '${ab}', '${ab}'],
    ['${ab:-x}${a:-x}', 'x1', undefined],
    ['${ab:+x}${a:+x}', 'x', undefined],
    ['$empty|', '|', undefined],
    ['a$', 'a$', undefined],
  ])('are put in: %s', (text, expected, unknown) => {
    const found = expandVariables(
      text,
      new Map([
        ['a', '1'],
        ['empty', ''],
      ]),
    );
    expect([found, unknownVariable(found)]).toEqual([expected, unknown]);
  });
});

describe('what dnf5 lays over them', () => {
  const repo =
    '[a]\nbaseurl=https://a.example\nenabled=1\n[a-debug]\nbaseurl=https://d.example\nenabled=0\nexcludepkgs=own\n';
  const ids = (texts: Readonly<Record<string, string>>): readonly string[] =>
    read({ 'etc/yum.repos.d/a.repo': repo, ...texts }).repositories.map(({ id }) => id);
  const override = (text: string, folder = 'etc/dnf', name = '99-config_manager') => ({
    [`${folder}/repos.override.d/${name}.repo`]: text,
  });

  it('says when there are more than are read', () => {
    const sections = (count: number): string =>
      Array.from({ length: count }, (_, n) => `[r${n}]\nenabled=1\n`).join('');
    const problems = (text: string) => read({ 'etc/yum.repos.d/a.repo': repo, ...override(text) }).problems;
    expect(problems(sections(1000))).toEqual([]);
    expect(problems(`${sections(1000)}[a]\nenabled=0\n`)).toMatchObject([{ code: 'rpm-overrides-unread' }]);
    expect(problems(`[${'a'.repeat(201)}]\nenabled=0\n`)).toMatchObject([{ code: 'rpm-overrides-unread' }]);
  });

  it.each([
    ['off', override('[a]\nenabled=0\n'), []],
    ['on', override('[a-debug]\nenabled=1\n'), ['a', 'a-debug']],
    ['by a glob', override('[a*]\nenabled=1\n'), ['a', 'a-debug']],
    ['the last section wins', override('[a*]\nenabled=0\n[a]\nenabled=true\n'), ['a']],
    [
      'the last file wins',
      { ...override('[a]\nenabled=0\n', 'etc/dnf', '10-x'), ...override('[a]\nenabled=1\n') },
      ['a'],
    ],
    [
      'the last file wins, in whatever folder',
      { ...override('[a]\nenabled=0\n', 'usr/share/dnf5', '99-z'), ...override('[a]\nenabled=1\n', 'etc/dnf', '10-x') },
      [],
    ],
    [
      'a file of the administrator replaces one of its name',
      { ...override('[a]\nenabled=0\n', 'usr/share/dnf5'), ...override('[b]\nenabled=0\n') },
      ['a'],
    ],
    ['an id that is not there', override('[b]\nenabled=1\nbaseurl=https://b.example\n'), ['a']],
    ['another kind of file', { 'etc/dnf/repos.override.d/x.conf': '[a]\nenabled=0\n' }, ['a']],
  ])('overrides: %s', (_name, texts, expected) => {
    expect(ids(texts)).toEqual(expected);
  });

  it('an override changes any option and adds to lists', () => {
    const { repositories } = read({
      'etc/yum.repos.d/a.repo': repo,
      ...override('[a-debug]\nenabled=1\npriority=5\nbaseurl=https://new.example/\nexcludepkgs=more\n'),
    });
    expect(repositories[1]).toMatchObject({
      priority: 5,
      excludes: ['own', 'more'],
      from: { urls: ['https://new.example/'] },
    });
  });

  it('drop-ins are below the main configuration', () => {
    const { repositories } = read({
      'etc/yum.repos.d/a.repo': repo,
      'usr/share/dnf5/libdnf.conf.d/20-x.conf': '[main]\nrepo_gpgcheck=1\nexcludepkgs=ship\n',
      'usr/share/dnf5/libdnf.conf.d/30-x.conf': '[main]\nexcludepkgs=replaced\n',
      'etc/dnf/libdnf5.conf.d/30-x.conf': '[main]\nexcludepkgs=plain\n',
      'etc/dnf/dnf.conf': '[main]\nrepo_gpgcheck=0\nexcludepkgs=mine\n',
    });
    expect(repositories).toMatchObject([{ checksSignature: false, excludes: ['ship', 'plain', 'mine'] }]);
  });
});
