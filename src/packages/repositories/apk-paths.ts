/** Files of an image that say where apk looks, what it keeps to and whom it trusts, as globs. Source: apk-repositories(5), apk-world(5), apk-keys(5). */
export const apkPaths: readonly string[] = [
  'etc/apk/{repositories,world,arch}',
  '{etc,lib,usr/lib}/apk/repositories.d/*',
  '{etc,lib,usr/lib,usr/share}/apk/keys/*',
];
