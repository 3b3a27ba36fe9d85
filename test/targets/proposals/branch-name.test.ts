import { describe, expect, it } from 'vitest';
import {
  branchName,
  isBranchOf,
  isStagingBranch,
  proposalKey,
  stagingBranch,
} from '../../../src/targets/proposals/branch-name.ts';
import { fc } from '../../support/fast-check.ts';

describe('the branch of a proposal', () => {
  const key = proposalKey('main', 'image', 'docker.io/library/node:22');

  it.each([
    ['node:22', 'node-22'],
    ['ghcr.io/Owner/App_x:1.2', 'ghcr.io-owner-app-x-1.2'],
    ['a..b', 'a.b'],
    ['x.lock', 'x'],
    ['.hidden.', 'hidden'],
    ['-', 'image'],
    ['', 'image'],
    ['ünïcode', 'n-code'],
    ['a'.repeat(100), 'a'.repeat(40)],
  ])('of %j is called %s', (about, slug) => {
    expect(branchName(about, key)).toBe(`plimsoll/${slug}-${key.slice(0, 8)}`);
  });

  it('is one that git takes, whatever it is about', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (about) => {
        const name = branchName(about, key);
        expect(name).toMatch(/^plimsoll\/[a-z0-9.-]{1,40}-[0-9a-f]{8}$/);
        expect(name).not.toMatch(/\.\.|\.lock$|\/[.-]/);
        expect(isBranchOf(name, key)).toBe(true);
      }),
    );
  });

  it('is another one for another base, group or key, and never a staging branch of another', () => {
    expect(
      new Set([
        key,
        proposalKey('dev', 'image', 'docker.io/library/node:22'),
        proposalKey('main', 'file', 'docker.io/library/node:22'),
      ]).size,
    ).toBe(3);
    expect(isStagingBranch(stagingBranch(key))).toBe(true);
    expect(isBranchOf('feature/node-22-12345678', key)).toBe(false);
  });
});
