import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';

export interface ApkKey {
  /** Of its file in `etc/apk/keys`. */
  readonly name: string;
  readonly privateKey: KeyObject;
  /** PEM. */
  readonly publicKey: string;
}

export interface ApkPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  readonly origin?: string;
}

export function makeApkKey(name: string): ApkKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { name, privateKey, publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })) };
}

/** One file of a POSIX ustar archive, without the blocks of zeros that end one. */
export function tarMember(name: string, content: Uint8Array): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write('0000644\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write('0', 156);
  head.write('ustar\0', 257);
  head.write('00', 263);
  const sum = head.reduce((all, byte) => all + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

export function apkRecords(packages: readonly ApkPackage[]): Buffer {
  const records = packages.map(({ name, version, architecture = 'x86_64', origin }) =>
    [
      'C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
      `P:${name}`,
      `V:${version}`,
      `A:${architecture}`,
      'S:1',
      'T:what it is: P:not-a-name',
      ...(origin ? [`o:${origin}`] : []),
      'D:so:libc.musl-x86_64.so.1',
      '',
      '',
    ].join('\n'),
  );
  return Buffer.from(records.join(''));
}

/** The members of an index after its signatures, compressed. */
export function apkContent(records: Uint8Array): Buffer {
  return gzipSync(
    Buffer.concat([tarMember('DESCRIPTION', Buffer.from('test')), tarMember('APKINDEX', records), Buffer.alloc(1024)]),
  );
}

/** Signs as abuild-sign does: the signatures in a gzip member of their own before what they are about. */
export function signApk(
  content: Uint8Array,
  keys: readonly ApkKey[],
  kind: 'RSA' | 'RSA256' | 'RSA512' = 'RSA',
): Buffer {
  const hash = { RSA: 'sha1', RSA256: 'sha256', RSA512: 'sha512' }[kind];
  const files = keys.map(({ name, privateKey }) =>
    tarMember(`.SIGN.${kind}.${name}`, createSign(hash).update(content).sign(privateKey)),
  );
  return Buffer.concat([gzipSync(Buffer.concat(files)), content]);
}

export function apkIndexFile(
  packages: readonly ApkPackage[],
  keys: readonly ApkKey[],
  kind: 'RSA' | 'RSA256' | 'RSA512' = 'RSA',
): Buffer {
  const content = apkContent(apkRecords(packages));
  return keys.length === 0 ? content : signApk(content, keys, kind);
}
