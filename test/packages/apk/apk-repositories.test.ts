import { describe, expect, it } from 'vitest';
import { readApkRepositories } from '../../../src/packages/apk/apk-repositories.ts';

function read(texts: Readonly<Record<string, string>>) {
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
  return readApkRepositories(files, 'x86_64');
}
const main = (text: string) => read({ 'etc/apk/repositories': text });

describe('the repositories that apk reads', () => {
  it('are lines, with tags and branches', () => {
    const { repositories, unread, problems } = main(
      '# mirror\nhttps://dl.example.org/alpine/v3.22/main/\n\n@testing http://dl.example.org/alpine/edge/testing\nhttps://packages.example.dev/os\n',
    );
    expect(unread).toEqual([]);
    expect(problems).toEqual([]);
    expect(repositories).toEqual([
      {
        uri: 'https://dl.example.org/alpine/v3.22/main',
        index: 'https://dl.example.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz',
        suite: 'v3.22/main',
        place: 'etc/apk/repositories:2',
      },
      {
        uri: 'http://dl.example.org/alpine/edge/testing',
        index: 'http://dl.example.org/alpine/edge/testing/x86_64/APKINDEX.tar.gz',
        suite: 'edge/testing',
        tag: 'testing',
        place: 'etc/apk/repositories:4',
      },
      {
        uri: 'https://packages.example.dev/os',
        index: 'https://packages.example.dev/os/x86_64/APKINDEX.tar.gz',
        suite: 'os',
        place: 'etc/apk/repositories:5',
      },
    ]);
  });

  it('are written in the words of apk 3 too', () => {
    const { repositories, unread } = main(
      [
        'set mirror=https://m.example.org',
        'set -default mirror=https://other.example.org',
        'set APK_ARCH=evil',
        'v2 ${mirror}/v3.22 main community',
        'ndx @own https://i.example.org/${APK_ARCH}/APKINDEX.tar.gz',
        'https://i.example.org/x/index.tar.gz',
        'v3 https://three.example.org/os',
        'https://three.example.org/x86_64/Packages.adb',
        'https://x.example.org/${nobody}/main',
      ].join('\n'),
    );
    expect(repositories.map(({ index, tag }) => [index, tag])).toEqual([
      ['https://m.example.org/v3.22/main/x86_64/APKINDEX.tar.gz', undefined],
      ['https://m.example.org/v3.22/community/x86_64/APKINDEX.tar.gz', undefined],
      ['https://i.example.org/x86_64/APKINDEX.tar.gz', 'own'],
      ['https://i.example.org/x/index.tar.gz', undefined],
    ]);
    expect(unread.map(({ problem }) => problem.code)).toEqual([
      'apk-repository-v3',
      'apk-repository-v3',
      'apk-repository-variable',
    ]);
  });

  it('are in files beside the first, of which one with the same name hides the others', () => {
    const { repositories } = read({
      'etc/apk/repositories': 'https://a.example.org/one\n',
      'usr/lib/apk/repositories.d/10.list': 'https://a.example.org/hidden\n',
      'etc/apk/repositories.d/10.list': 'https://a.example.org/two\n',
      'lib/apk/repositories.d/20.list': 'https://a.example.org/three\nhttps://a.example.org/one\n',
      'etc/apk/repositories.d/notes': 'https://a.example.org/four\n',
    });
    expect(repositories.map(({ suite }) => suite)).toEqual(['one', 'two', 'three']);
  });

  it.each([
    ['/srv/repo', 'apk-repository-file'],
    ['file:///srv/repo', 'apk-repository-file'],
    ['ftp://example.org/repo', 'apk-repository-method'],
    ['https://user:secret@example.org/repo', 'apk-repository-credentials'],
    ['nonsense', 'apk-repository-unreadable'],
  ])('%s is not asked', (line, code) => {
    const { repositories, unread } = main(`${line}\n`);
    expect(repositories).toEqual([]);
    expect(unread.map(({ problem }) => problem.code)).toEqual([code]);
    expect(JSON.stringify(unread)).not.toContain('secret');
  });

  it('are none, which is said', () => {
    expect(main('# nothing\n').problems).toMatchObject([{ code: 'no-repositories' }]);
    expect(read({}).problems).toMatchObject([{ code: 'no-repositories' }]);
  });

  it('are bounded', () => {
    const many = Array.from({ length: 5000 }, (_, n) => `https://example.org/${n}`).join('\n');
    const { repositories, problems } = main(many);
    expect(repositories).toHaveLength(100);
    expect(problems).toMatchObject([{ code: 'apk-too-many-repositories' }]);
    const doubling = Array.from({ length: 60 }, (_, n) => `set v${n + 1}=\${v${n}}\${v${n}}`).join('\n');
    expect(main(`set v0=aaaa\n${doubling}\nhttps://example.org/\${v60}`).repositories.length).toBeLessThan(2);
  });
});
