/**
 * How the distros that use rpm write themselves as Vendor, as far as it begins with this, wherever it is found. Looked up
 * in packages of each and in Trivy's list (pkg/fanal, analyzer/pkg/rpm).
 */
const distros = [
  'Red Hat',
  'CentOS',
  'Fedora Project',
  'Rocky',
  'AlmaLinux',
  'CloudLinux',
  'SUSE',
  'openSUSE',
  'Amazon Linux',
  'Amazon.com',
  'openEuler',
  'http://openeuler.org',
  'Mageia',
];

/** Companies that also make packages for the distros of others: distros only where the image is theirs, by os-release ID. */
const companies: Readonly<Record<string, readonly string[]>> = {
  ol: ['Oracle America'],
  azurelinux: ['Microsoft Corporation'],
  mariner: ['Microsoft Corporation'],
  photon: ['VMware', 'Broadcom'],
};

/** What stands for a vendor where there is none: somebody who does not say who they are. */
const nobody = 'no vendor';

/**
 * The `vendor` of a package: undefined when a distro built it. Silence is foreign, as plain rpmbuild writes no Vendor;
 * Amazon leaves it out at times, and its releases say `amzn`. `(none)` is what rpm prints where there is none.
 */
export function foreignVendor(vendor: string | undefined, release: string): string | undefined {
  if (!vendor || vendor === '(none)') return release.includes('amzn') ? undefined : nobody;
  return distros.some((one) => vendor.startsWith(one)) ? undefined : vendor;
}

/** Is what {@link foreignVendor} left the vendor of this very distro? */
export function isOwnVendor(vendor: string, osId: string | undefined): boolean {
  const own = osId !== undefined && Object.hasOwn(companies, osId) ? (companies[osId] ?? []) : [];
  return own.some((one) => vendor.startsWith(one));
}
