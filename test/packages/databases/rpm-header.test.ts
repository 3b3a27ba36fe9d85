import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/packages/databases/rpm/header.ts';
import { rpmHeader } from '../../support/rpm-header.ts';

const base = { name: 'nodejs', version: '18', release: '1.el9', architecture: 'x86_64' };

describe('what a header says beyond a version', () => {
  // What packages of these distros carry as Vendor.
  it.each([
    ['Rocky Enterprise Software Foundation', undefined],
    ['Red Hat, Inc.', undefined],
    ['CentOS', undefined],
    ['AlmaLinux', undefined],
    ['Fedora Project', undefined],
    ['SUSE LLC <https://www.suse.com/>', undefined],
    ['openSUSE', undefined],
    ['Amazon Linux', undefined],
    ['http://openeuler.org', undefined],
    ['Docker <support@docker.com>', 'Docker <support@docker.com>'],
    ['NodeSource', 'NodeSource'],
    ['Fedora Copr - user somebody', 'Fedora Copr - user somebody'],
    // The distro's own or not, by the image.
    ['Microsoft Corporation', 'Microsoft Corporation'],
    ['VMware, Inc.', 'VMware, Inc.'],
    ['Oracle America', 'Oracle America'],
    // Plain rpmbuild writes none.
    ['(none)', 'no vendor'],
    ['', 'no vendor'],
    [undefined, 'no vendor'],
  ])('is who built it, where that is no distro: %j', (vendor, expected) => {
    expect(readHeader(rpmHeader({ ...base, ...(vendor !== undefined && { vendor }) }))?.vendor).toBe(expected);
  });

  it('is Amazon, by its release, where that leaves its name out', () => {
    expect(readHeader(rpmHeader({ ...base, release: '1.amzn2023.0.2' }))?.vendor).toBeUndefined();
    expect(readHeader(rpmHeader({ ...base, release: '1.amzn2', vendor: 'Docker' }))?.vendor).toBe('Docker');
  });

  it.each([
    ['nodejs:18:8090020240101000000:abcdef', 'nodejs:18'],
    ['nodejs:18', 'nodejs:18'],
    ['nodejs', undefined],
    ['', undefined],
    [':', undefined],
  ])('is the stream of its module: %j', (modularityLabel, expected) => {
    expect(readHeader(rpmHeader({ ...base, modularityLabel }))?.module).toBe(expected);
  });
});
