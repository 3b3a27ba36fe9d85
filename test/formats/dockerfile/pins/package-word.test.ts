import { describe, expect, it } from 'vitest';
import { apkWord, aptWord, rpmWord, zypperWord } from '../../../../src/formats/dockerfile/pins/package-word.ts';

type Row = [
  word: string,
  name: string,
  operator?: string | undefined,
  version?: string | undefined,
  architecture?: string,
];

const apt: Row[] = [
  ['curl', 'curl'],
  ['curl=7.88.1-10+deb12u5', 'curl', '=', '7.88.1-10+deb12u5'],
  ['nginx=1.22.*', 'nginx', '=', '1.22.*'],
  ['vim=2:9.0.1378-2', 'vim', '=', '2:9.0.1378-2'],
  ['a=1~rc1', 'a', '=', '1~rc1'],
  ['libc6:i386', 'libc6', undefined, undefined, 'i386'],
  ['libc6:i386=2.36-9', 'libc6', '=', '2.36-9', 'i386'],
  ['git/bookworm-backports', 'git', '/', 'bookworm-backports'],
  ['g++', 'g++'],
  ['g++-12', 'g++-12'],
  ['libstdc++6', 'libstdc++6'],
  ['libstdc++', 'libstdc++'],
  ['libsigc++-2.0-dev', 'libsigc++-2.0-dev'],
  ['curl+', 'curl'],
  ['python3.11', 'python3.11'],
];

const apk: Row[] = [
  ['curl', 'curl'],
  ['curl=8.5.0-r0', 'curl', '=', '8.5.0-r0'],
  ['curl~8', 'curl', '~', '8'],
  ['curl~=8.5', 'curl', '~=', '8.5'],
  ['curl=~8.5', 'curl', '=~', '8.5'],
  ['curl>=8', 'curl', '>=', '8'],
  ['curl<=8', 'curl', '<=', '8'],
  ['curl>8', 'curl', '>', '8'],
  ['curl<8', 'curl', '<', '8'],
  ['curl>~8', 'curl', '>~', '8'],
  ['curl<~8', 'curl', '<~', '8'],
  ['curl><Q1abc', 'curl', '><', 'Q1abc'],
  ['so:libssl.so.3', 'so:libssl.so.3'],
  ['cmd:bash', 'cmd:bash'],
  ['g++', 'g++'],
  ['.build-deps', '.build-deps'],
];

const rpm: Row[] = [
  ['httpd', 'httpd'],
  ['python3-pip', 'python3-pip'],
  ['gcc-c++', 'gcc-c++'],
  ['httpd-2.4.6-97.el7.centos', 'httpd', '-', '2.4.6-97.el7.centos'],
  ['nodejs-18.12.1', 'nodejs', '-', '18.12.1'],
  ['nodejs-18.12.1-1nodesource', 'nodejs', '-', '18.12.1-1nodesource'],
  ['java-1.8.0-openjdk', 'java-1.8.0-openjdk'],
  ['java-1.8.0-openjdk-devel', 'java-1.8.0-openjdk-devel'],
  ['java-1.8.0-openjdk-devel-1.8.0.322.b06-1.el7_9', 'java-1.8.0-openjdk-devel', '-', '1.8.0.322.b06-1.el7_9'],
  ['java-17-amazon-corretto', 'java-17-amazon-corretto'],
  ['lib64-foo2', 'lib64-foo2'],
  ['postgresql13-server-13.4-1PGDG.rhel8', 'postgresql13-server', '-', '13.4-1PGDG.rhel8'],
  ['kernel-4.18.0-305.el8.x86_64', 'kernel', '-', '4.18.0-305.el8'],
  ['glibc.i686', 'glibc'],
  ['python3.11', 'python3.11'],
  ['bind-32:9.11.4-1', 'bind', '-', '32:9.11.4-1'],
  ['32:bind-9.11.4-1', 'bind', '-', '32:9.11.4-1'],
  ['nginx-1.20*', 'nginx', '-', '1.20*'],
  ['vim >= 8.2', 'vim', '>=', '8.2'],
  ['nginx=1.20.1-1.azl3', 'nginx', '=', '1.20.1-1.azl3'],
  // Only the repository's index knows that this is a name; the split is the rule's.
  ['dotnet-sdk-8.0', 'dotnet-sdk', '-', '8.0'],
  ['vim-9.0-lp154.2.1', 'vim', '-', '9.0-lp154.2.1'],
  ['dotnet-sdk-8.0-8.0.104-1.el9', 'dotnet-sdk-8.0', '-', '8.0.104-1.el9'],
];

const zypper: Row[] = [
  ['vim', 'vim'],
  ['vim=9.0', 'vim', '=', '9.0'],
  ['vim>=9.0-1.1', 'vim', '>=', '9.0-1.1'],
  ['vim<10', 'vim', '<', '10'],
  ['vim.x86_64=9', 'vim', '=', '9'],
  ['package:vim', 'vim'],
  ['+vim', 'vim'],
];

describe.each([
  [
    'apt',
    aptWord,
    apt,
    ['./a.deb', '/a.deb', '../a/', 'https://x/a.deb', 'a.deb', 'curl-', '^curl.*', 'curl*', '~ncurl', 'task^'],
  ],
  ['apk', apkWord, apk, ['!curl', './a.apk', '/a.apk', 'a.apk', 'curl==8', 'lib*']],
  [
    'rpm',
    rpmWord,
    rpm,
    ['@dev', '@nodejs:18', './a.rpm', '/usr/bin/x', 'https://x/a.rpm', 'a.rpm', 'perl(A::B)', 'lib*', '(a or b)'],
  ],
  ['zypper', zypperWord, zypper, ['pattern:base', 'patch:x', '-vim', '!vim', '~vim', './a.rpm', 'lib*']],
] as const)('%s words', (_, parse, rows, skipped) => {
  it.each(rows)('%s', (word, name, operator, version, architecture) => {
    expect(parse(word)).toEqual({
      name,
      ...(operator && { operator, version }),
      ...(architecture && { architecture }),
    });
  });

  it.each(skipped)('%s names no package', (word) => {
    expect(parse(word)).toBeUndefined();
  });
});

describe('the tag of an apk word', () => {
  it.each(['curl@edge=8', 'curl=8@edge'])('%s', (word) => {
    expect(apkWord(word)).toEqual({ name: 'curl', operator: '=', version: '8', suite: '@edge' });
  });

  it('curl@edge', () => {
    expect(apkWord('curl@edge')).toEqual({ name: 'curl', suite: '@edge' });
  });
});
