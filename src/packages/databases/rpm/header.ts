/*
 * src/packages/databases/rpm/
 *
 * The forms of rpm's database: a header blob per package (this file), kept as SQLite (sqlite-pages.ts, read without
 * SQLite, since the file is hostile), as rpm's own ndb (ndb.ts), or as Berkeley DB (berkeley.ts). vendors.ts tells
 * whose package it is.
 * Begin with ../rpm.ts, which picks the form, then this file.
 */

import { limits } from '../../../core/limits/limits.ts';
import type { Package } from '../../../core/package.ts';
import { foreignVendor } from './vendors.ts';

// rpm, docs/manual/tags.md
const tags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  installTime: 1008,
  vendor: 1011,
  architecture: 1022,
  sourceRpm: 1044,
  modularityLabel: 5096,
} as const;
const types = { int32: 4, string: 6, stringArray: 8, i18nString: 9 } as const;

/**
 * Reads one header blob as a database stores it, without the magic of a package file: two big-endian counts, an index
 * of 16-byte entries, then the data (rpm, docs/manual/format_header.md). Returns undefined for `gpg-pubkey`, which is a
 * key and no package. Throws RangeError when the blob is cut or counts beyond itself.
 */
export function readHeader(blob: Buffer): Package | undefined {
  const entries = blob.readUInt32BE(0);
  const data = 8 + entries * 16;
  if (entries > limits.image.rpmTags.most || data + blob.readUInt32BE(4) > blob.length)
    throw new RangeError('the header counts beyond its end');
  const texts = new Map<number, string>();
  let epoch: number | undefined;
  for (let i = 0; i < entries; i++) {
    const at = 8 + i * 16;
    const tag = blob.readUInt32BE(at);
    const type = blob.readUInt32BE(at + 4);
    const offset = data + blob.readInt32BE(at + 8);
    if (offset < data || offset > blob.length) throw new RangeError('a tag points outside the header');
    if (tag === tags.epoch && type === types.int32) epoch = blob.readUInt32BE(offset);
    else if (type === types.string || type === types.stringArray || type === types.i18nString) {
      // rpm sorts them, each once; of more the first counts, for each may be as long as the blob.
      if (wanted.has(tag) && !texts.has(tag)) texts.set(tag, stringAt(blob, offset));
    }
  }
  const [name, version, release] = [texts.get(tags.name), texts.get(tags.version), texts.get(tags.release)];
  if (name === 'gpg-pubkey') return undefined;
  if (!name || !version || !release) throw new RangeError('a header without name, version or release');
  const prefix = epoch === undefined ? '' : `${epoch}:`;
  const source = sourceOf(texts.get(tags.sourceRpm) ?? '', prefix);
  // `name:stream:version:context`
  const module = /^[^:]+:[^:]+(?=:|$)/.exec(texts.get(tags.modularityLabel) ?? '')?.[0];
  const maker = texts.get(tags.vendor) ?? '';
  const vendor = foreignVendor(maker, release);
  return {
    name,
    version: `${prefix}${version}-${release}`,
    architecture: texts.get(tags.architecture) ?? 'noarch',
    source: source ?? { name, version: `${prefix}${version}-${release}` },
    ...(module !== undefined && { module }),
    ...(vendor !== undefined && { vendor }),
    ...(maker !== '' && maker !== '(none)' && { maker }),
  };
}

/** When it was installed, in seconds since 1970; 0 where the header does not say. Throws RangeError as {@link readHeader}. */
export function installTimeOf(blob: Buffer): number {
  const entries = Math.min(blob.readUInt32BE(0), limits.image.rpmTags.most);
  for (let at = 8; at < 8 + entries * 16; at += 16) {
    if (blob.readUInt32BE(at) === tags.installTime && blob.readUInt32BE(at + 4) === types.int32) {
      return blob.readUInt32BE(8 + entries * 16 + blob.readInt32BE(at + 8));
    }
  }
  return 0;
}

const wanted: ReadonlySet<number> = new Set(
  Object.values(tags).filter((tag) => tag !== tags.epoch && tag !== tags.installTime),
);

function stringAt(blob: Buffer, start: number): string {
  const end = blob.subarray(0, start + limits.image.rpmText.most).indexOf(0, start);
  if (end < 0) throw new RangeError('a string is longer than any, or runs past the end of the header');
  return blob.toString('utf8', start, end);
}

/** `util-linux-2.32.1-42.el8_8.src.rpm`: no epoch in a file name, so the binary's own stands for it. */
export function sourceOf(file: string, epoch: string): { name: string; version: string } | undefined {
  const match = /^(.+)-([^-]+)-([^-]+)\.(?:no)?src\.rpm$/.exec(file);
  return match ? { name: match[1] ?? '', version: `${epoch}${match[2]}-${match[3]}` } : undefined;
}
