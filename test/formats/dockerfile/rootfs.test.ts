import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/formats/dockerfile/parse.ts';

function found(text: string): readonly unknown[] {
  return (parseDockerfile(text).rootfs ?? []).map(({ path, line, column, stage, final }) => [
    path,
    `${line}:${column}`,
    stage,
    final,
  ]);
}

describe('the archive that a stage is made from', () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'as base images have it',
      'FROM scratch\nADD rootfs.tar.xz /\nCMD ["bash"]\n',
      [['rootfs.tar.xz', '2:5', '0', true]],
    ],
    [
      'of every kind that ADD unpacks',
      'FROM scratch\nADD a.tar b.tar.gz c.tgz d.tar.zst /\n',
      [
        ['a.tar', '2:5', '0', true],
        ['b.tar.gz', '2:11', '0', true],
        ['c.tgz', '2:20', '0', true],
        ['d.tar.zst', '2:26', '0', true],
      ],
    ],
    [
      'in exec form, with flags',
      'FROM scratch\nADD --chown=0:0 ["my root.tar", "/"]\n',
      [['my root.tar', '2:19', '0', true]],
    ],
    ['by a variable', 'FROM scratch\nARG V=3.22\nADD alpine-$V.tar.gz /\n', [['alpine-3.22.tar.gz', '3:5', '0', true]]],
    [
      'in a stage that reaches the last',
      'FROM scratch AS base\nADD r.tar /\nFROM base\n',
      [['r.tar', '2:5', 'base', true]],
    ],
    ['in one that does not', 'FROM scratch AS base\nADD r.tar /\nFROM debian\n', [['r.tar', '2:5', 'base', false]]],
    ['not over an image', 'FROM debian\nADD rootfs.tar.xz /\n', []],
    ['not over a stage', 'FROM scratch AS a\nFROM a\nADD rootfs.tar.xz /\n', []],
    ['not below the root', 'FROM scratch\nADD rootfs.tar.xz /opt/\n', []],
    ['not copied', 'FROM scratch\nCOPY rootfs.tar.xz /\n', []],
    ['not kept packed', 'FROM scratch\nADD --unpack=false rootfs.tar.xz /\n', []],
    ['not from elsewhere', 'FROM scratch\nADD https://example.org/rootfs.tar.xz /\n', []],
    ['not by pattern', 'FROM scratch\nADD rootfs-*.tar.xz /\n', []],
    ['not without a value', 'FROM scratch\nARG V\nADD rootfs-$V.tar.xz /\n', []],
    ['not other files', 'FROM scratch\nADD hello /\n', []],
    ['not later', 'FROM scratch\nONBUILD ADD rootfs.tar.xz /\n', []],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});
