/** Files of an image that say where apk looks and what it keeps to, as globs. Source: apk-repositories(5), apk-world(5). */
export const apkSettings: readonly string[] = [
  'etc/apk/{repositories,world,arch}',
  '{etc,lib,usr/lib}/apk/repositories.d/*',
];

/** Those, and whom apk trusts. Source: apk-keys(5). */
export const apkPaths: readonly string[] = [...apkSettings, '{etc,lib,usr/lib,usr/share}/apk/keys/*'];
