import { type ApkDependency, parseApkDependency } from './apk-constraint.ts';

const longestFile = 1024 * 1024;

/** What `apk upgrade` keeps to, by package name. Source: apk-world(5). Words that are none are left out, as is what follows the first megabyte. */
export function readApkWorld(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, readonly ApkDependency[]> {
  const bytes = files.get('etc/apk/world') ?? new Uint8Array();
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestFile)).toString('utf8');
  const world = new Map<string, ApkDependency[]>();
  for (const word of text.split(/\s+/)) {
    const one = parseApkDependency(word);
    if (one === undefined) continue;
    const known = world.get(one.name);
    if (known) known.push(one);
    else world.set(one.name, [one]);
  }
  return world;
}
