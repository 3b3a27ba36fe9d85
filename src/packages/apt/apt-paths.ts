/** Files of an image that say where apt looks and what it prefers, as globs. Source: sources.list(5), apt_preferences(5), apt.conf(5). */
export const aptSettings: readonly string[] = [
  'var/lib/dpkg/arch',
  'etc/apt/sources.list',
  'etc/apt/sources.list.d/*',
  'etc/apt/apt.conf',
  'etc/apt/apt.conf.d/*',
  'etc/apt/preferences',
  'etc/apt/preferences.d/*',
];

/**
 * Those, and whom apt trusts. Keyrings that a source names elsewhere cost a second look at the layers, so the places that
 * publishers advise are here. Source: apt-secure(8), sources.list(5).
 */
export const aptPaths: readonly string[] = [
  ...aptSettings,
  'etc/apt/trusted.gpg',
  'etc/apt/trusted.gpg.d/*',
  'etc/apt/keyrings/*',
  'usr/share/keyrings/*',
  'usr/local/share/keyrings/*',
  'usr/share/postgresql-common/pgdg/*',
];
