import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/packages/databases/rpm/header.ts';
import { rpmHeader } from '../../support/rpm-header.ts';

const base = { name: 'nodejs', version: '18', release: '1.el9', architecture: 'x86_64' };

describe('what a header says beyond a version', () => {
  it.each([
    ['Rocky Enterprise Software Foundation', undefined],
    ['Red Hat, Inc.', undefined],
    ['SUSE LLC <https://www.suse.com/>', undefined],
    ['(none)', undefined],
    ['', undefined],
    ['Docker <support@docker.com>', 'Docker <support@docker.com>'],
    ['NodeSource', 'NodeSource'],
  ])('is who built it, where that is no distro: %j', (vendor, expected) => {
    expect(readHeader(rpmHeader({ ...base, vendor }))?.vendor).toBe(expected);
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
