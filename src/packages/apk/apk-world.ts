import { settingsText } from '../archives/excessive-settings.ts';
import { type ApkDependency, parseApkDependency } from './apk-constraint.ts';

/** What `apk upgrade` keeps to, by package name. Source: apk-world(5). Words that are none are left out. */
export function readApkWorld(files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, readonly ApkDependency[]> {
  const text = settingsText(files.get('etc/apk/world'));
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
