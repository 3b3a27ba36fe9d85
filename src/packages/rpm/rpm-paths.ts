/** Files of an image that say where dnf, yum, tdnf and zypper look and what they keep to, as globs. Source: dnf.conf(5), dnf5.conf(5), zypper(8). */
export const rpmSettings: readonly string[] = [
  'etc/{yum.repos.d,distro.repos.d,zypp/repos.d}/*.repo',
  'usr/share/dnf5/{repos.d,repos.override.d}/*.repo',
  'etc/dnf/repos.override.d/*.repo',
  '{usr/share/dnf5/libdnf,etc/dnf/libdnf5}.conf.d/*.conf',
  'etc/{dnf/dnf,yum,tdnf/tdnf}.conf',
  'etc/{dnf,yum}/vars/*',
  'etc/zypp/{vars.d,vendors.d}/*',
  'etc/zypp/{zypp.conf,locks}',
  'etc/{dnf/plugins,yum/pluginconf.d}/versionlock.{conf,list}',
  'etc/dnf/versionlock.toml',
  'etc/dnf/modules.d/*.module',
];

/** Those, and whom they trust. Source: dnf.conf(5), gpgkey. */
export const rpmPaths: readonly string[] = [...rpmSettings, 'etc/pki/rpm-gpg/*', 'usr/share/distribution-gpg-keys/*/*'];
