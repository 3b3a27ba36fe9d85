import type { DistroRelease } from '../../core/package.ts';

const under = (domain: string, ...names: readonly string[]): string[] => names.map((name) => `${name}.${domain}`);

/**
 * Whose word counts for the end of a release: the hosts under which each distribution publishes its own archive, by the
 * ID of os-release; `.name` stands for every host below it. Looked up on 2026-11-29 in each distribution's own
 * installation manual and in the repository files of its images.
 */
const publishers: Readonly<Record<string, readonly string[]>> = {
  // Not all of the domain: `ftp.XX` are mirrors that others run.
  debian: under('debian.org', 'deb', 'security', 'ftp', 'archive', 'httpredir'),
  ubuntu: ['.archive.ubuntu.com', 'security.ubuntu.com', 'ports.ubuntu.com', 'old-releases.ubuntu.com'],
  kali: ['http.kali.org'],
  alpine: ['.alpinelinux.org'],
  wolfi: ['packages.wolfi.dev'],
  chainguard: ['apk.cgr.dev'],
  fedora: ['.fedoraproject.org'],
  centos: ['.centos.org'],
  rhel: ['cdn-ubi.redhat.com', 'cdn.redhat.com'],
  rocky: ['.rockylinux.org'],
  almalinux: ['.almalinux.org'],
  ol: ['yum.oracle.com'],
  amzn: ['cdn.amazonlinux.com'],
  photon: ['packages.vmware.com', 'packages.broadcom.com'],
  mariner: ['packages.microsoft.com'],
  azurelinux: ['packages.microsoft.com'],
  'opensuse-leap': ['.opensuse.org'],
  'opensuse-tumbleweed': ['.opensuse.org'],
};

/** Is this host (with its port, if it has one) the distribution's own? */
export function isPublisher({ id }: Pick<DistroRelease, 'id'>, host: string): boolean {
  const known = Object.hasOwn(publishers, id) ? (publishers[id] ?? []) : [];
  const name = host.replace(/:(?:80|443)$/, '').toLowerCase();
  return known.some((one) => (one.startsWith('.') ? name === one.slice(1) || name.endsWith(one) : name === one));
}

/** The add-ons of a suite (`-updates`, `-security`, `-backports`) come and go; what ends with a release is its main suite. */
export function isMainSuite(suite: string): boolean {
  return !/[-/](?:updates|security|proposed|proposed-updates|backports|backports-sloppy|lts|extended-lts|testing)\b/.test(
    suite,
  );
}
