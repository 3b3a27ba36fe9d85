const magics: readonly (readonly [name: string, magic: Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['bzip2', Buffer.from('BZh')],
];

/** What bytes are compressed with, by the magic number that they begin with; undefined when they are not. */
export function compression(head: Uint8Array): string | undefined {
  return magics.find(([, magic]) => magic.equals(head.subarray(0, magic.length)))?.[0];
}
