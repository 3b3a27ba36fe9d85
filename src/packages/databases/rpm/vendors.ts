/** How the distros that use rpm write themselves as Vendor, as far as it begins with this. */
const distros = [
  'Red Hat',
  'CentOS',
  'Fedora Project',
  'Rocky',
  'AlmaLinux',
  'CloudLinux',
  'Oracle America',
  'SUSE',
  'openSUSE',
  'Microsoft Corporation',
  'VMware',
  'Broadcom',
  'Amazon Linux',
  'Amazon.com',
  'openEuler',
  'http://openeuler.org',
  'Mageia',
];

/** Is a package's Vendor one of the distros, whichever of them? `(none)` is what rpm prints where there is none. */
export function isDistroVendor(vendor: string): boolean {
  return vendor === '(none)' || distros.some((one) => vendor.startsWith(one));
}
