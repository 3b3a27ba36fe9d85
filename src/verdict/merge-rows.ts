import type { PackageChange } from '../core/package.ts';

/** What changes on one platform. */
export interface PlatformRows {
  readonly platform: string;
  readonly rows: readonly PackageChange[];
}

/** One row per change; `platforms` only where it does not hold on all. Sure news is not lost to a platform's doubt. */
export function mergeRows(platforms: readonly PlatformRows[]): readonly PackageChange[] {
  const [only, ...others] = platforms;
  // The rows of one platform are those of every use of the image: they are not copied for each.
  if (only !== undefined && others.length === 0) return only.rows;
  const merged = new Map<string, { change: PackageChange; platforms: string[] }>();
  for (const { platform, rows } of platforms) {
    for (const change of rows) {
      const { name, kind, before, after, replacedBy, architecture } = change;
      const key = JSON.stringify([name, kind, before, after, replacedBy, architecture]);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { change, platforms: [platform] });
      else {
        known.platforms.push(platform);
        if (known.change.security !== true && change.security !== false) known.change = change;
      }
    }
  }
  return [...merged.values()].map(({ change, platforms: on }) =>
    on.length === platforms.length ? change : { ...change, platforms: on },
  );
}
