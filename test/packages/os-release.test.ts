import { describe, expect, it } from 'vitest';
import { parseShellAssignments, readOsRelease } from '../../src/packages/os-release.ts';

function read(files: Readonly<Record<string, string>>): unknown {
  return readOsRelease(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])));
}

describe('parseShellAssignments', () => {
  it.each([
    ['A=plain', 'plain'],
    ['A="double quoted"', 'double quoted'],
    ["A='single \\ quoted $x'", 'single \\ quoted $x'],
    ['A="a \\"b\\" \\$c \\\\ \\`d\\` \\n"', 'a "b" $c \\ `d` \\n'],
    ['A=a\\ b', 'a b'],
    ['A=one"two"\'three\'', 'onetwothree'],
    ['A=', ''],
    ['A="never closed', 'never closed'],
    ['  A=indented', 'indented'],
    ['A=word # comment', 'word'],
    ['A=last\\', 'last'],
  ])('reads %s', (line, value) => {
    expect(parseShellAssignments(line).get('A')).toBe(value);
  });

  it('leaves out comments, blank lines and other forms, and takes the last of two', () => {
    const text = '# A=1\n\nnot an assignment\n1B=2\nC=3\r\nC=4\r\n';
    expect([...parseShellAssignments(text)]).toEqual([['C', '4']]);
  });
});

describe('readOsRelease', () => {
  const debian =
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n';

  it('reads etc/os-release', () => {
    expect(read({ 'etc/os-release': debian, 'usr/lib/os-release': 'ID=other' })).toEqual({
      id: 'debian',
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
    });
  });

  it.each([
    [
      'usr/lib when etc is missing',
      { 'usr/lib/os-release': 'ID=alpine\nVERSION_ID=3.22.1' },
      { id: 'alpine', versionId: '3.22.1' },
    ],
    ['usr/lib when etc is empty', { 'etc/os-release': '', 'usr/lib/os-release': 'ID=wolfi' }, { id: 'wolfi' }],
    ['a byte order mark', { 'etc/os-release': '\uFEFFID=arch' }, { id: 'arch' }],
    ['the default ID of the manual page', { 'etc/os-release': 'NAME=Something' }, { id: 'linux' }],
    ['an ID in upper case', { 'etc/os-release': 'ID=Debian' }, { id: 'debian' }],
    ['UBUNTU_CODENAME', { 'etc/os-release': 'ID=ubuntu\nUBUNTU_CODENAME=noble' }, { id: 'ubuntu', codename: 'noble' }],
    [
      "Debian testing's codename from debian_version",
      { 'etc/os-release': 'ID=debian', 'etc/debian_version': 'trixie/sid\n' },
      { id: 'debian', codename: 'trixie' },
    ],
    [
      'lsb-release before debian_version',
      {
        'etc/lsb-release':
          'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=14.04\nDISTRIB_CODENAME=trusty\nDISTRIB_DESCRIPTION="Ubuntu 14.04.6 LTS"',
        'etc/debian_version': 'jessie/sid',
      },
      { id: 'ubuntu', versionId: '14.04', codename: 'trusty', prettyName: 'Ubuntu 14.04.6 LTS' },
    ],
    ['debian_version', { 'etc/debian_version': '7.11\n' }, { id: 'debian', versionId: '7' }],
    ['alpine-release', { 'etc/alpine-release': '3.4.6\n' }, { id: 'alpine', versionId: '3.4.6' }],
    [
      'redhat-release',
      { 'etc/redhat-release': 'CentOS release 6.10 (Final)\n' },
      { id: 'centos', versionId: '6.10', prettyName: 'CentOS release 6.10 (Final)' },
    ],
    [
      'system-release-cpe',
      { 'etc/system-release-cpe': 'cpe:/o:redhat:enterprise_linux:8::baseos\n' },
      { id: 'rhel', versionId: '8' },
    ],
    ['a CPE 2.3 name', { 'etc/system-release-cpe': 'cpe:2.3:o:amazon:amazon_linux:2' }, { id: 'amzn', versionId: '2' }],
    ['nothing', {}, undefined],
    ['empty fallbacks', { 'etc/debian_version': '\n', 'etc/redhat-release': 'Unheard Of 3' }, undefined],
  ])('reads %s', (_, files, release) => {
    expect(read(files as Record<string, string>)).toEqual(release);
  });
});
