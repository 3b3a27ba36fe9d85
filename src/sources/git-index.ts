import type { Steps } from '../core/time/turns.ts';

/** So many entries are read in one step. */
const entriesPerStep = 1000;

/** The paths that git tracks. */
export interface TrackedPaths {
  has(file: string): boolean;
  /** Is something in the folder tracked? */
  hasIn(folder: string): boolean;
}

/**
 * The paths of an index; undefined for what is none, is cut short, or keeps a part of it in another file. `hashLength` is
 * that of the repository's object names, 20 or 32. Source: gitformat-index(5), versions 2 to 4.
 */
export function* trackedPaths(index: Buffer, hashLength: 20 | 32): Steps<TrackedPaths | undefined> {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  const files = new Set<string>();
  const folders = new Set<string>();
  const end = index.length - hashLength;
  let previous = Buffer.alloc(0);
  let at = 12;
  for (let i = 0; i < count; i++) {
    if (i % entriesPerStep === 0) yield;
    const start = at;
    // Ten numbers about the file, its hash, and flags, of which the second pair is there when the first says so.
    at += 40 + hashLength;
    if (at + 2 > end) return undefined;
    at += version > 2 && (index.readUInt16BE(at) & 0x4000) !== 0 ? 4 : 2;
    let kept = Buffer.alloc(0);
    if (version === 4) {
      const removed = offsetAt(index, at, end);
      if (removed === undefined || removed.value > previous.length) return undefined;
      at = removed.next;
      kept = previous.subarray(0, previous.length - removed.value);
    }
    const zero = index.indexOf(0, at);
    if (zero < 0 || zero > end) return undefined;
    const name = Buffer.concat([kept, index.subarray(at, zero)]);
    previous = name;
    // Padded with 1 to 8 zeros to a multiple of 8, but for version 4.
    at = version === 4 ? zero + 1 : start + Math.ceil((zero + 1 - start) / 8) * 8;
    if (at > end) return undefined;
    add(name.toString('utf8'), files, folders);
  }
  for (let size = 0; at + 8 <= end; at += 8 + size) {
    // "link": the rest is in a shared index.
    if (index.toString('latin1', at, at + 4) === 'link') return undefined;
    size = index.readUInt32BE(at + 4);
  }
  // A sparse index has whole folders as entries, with a slash at the end.
  const isInSparse = (file: string): boolean => {
    for (let slash = file.indexOf('/'); slash >= 0; slash = file.indexOf('/', slash + 1)) {
      if (files.has(file.slice(0, slash + 1))) return true;
    }
    return false;
  };
  return {
    has: (file) => files.has(file) || isInSparse(file),
    hasIn: (folder) => folders.has(folder) || files.has(folder) || files.has(`${folder}/`) || isInSparse(`${folder}/`),
  };
}

function add(file: string, files: Set<string>, folders: Set<string>): void {
  files.add(file);
  for (let slash = file.lastIndexOf('/'); slash > 0; slash = file.lastIndexOf('/', slash - 1)) {
    const folder = file.slice(0, slash);
    if (folders.has(folder)) return;
    folders.add(folder);
  }
}

/** Git's variable-width numbers, seven bits a byte, each continuation adding one. */
function offsetAt(index: Buffer, from: number, end: number): { value: number; next: number } | undefined {
  let at = from;
  let byte = index[at++] ?? 0;
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    if (at >= end || value > 1_000_000) return undefined;
    byte = index[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}
