import { createHash } from 'node:crypto';
import type { GroupKind } from '../../core/proposal-wishes.ts';

/** Everything below it is ours by name; whether it is by deed is said by its commits. */
const branchPrefix = 'plimsoll/';

/** What a proposal is about, as 64 hexadecimal digits: class, digests and wording are not in it, so it outlives them. */
export function proposalKey(base: string, kind: GroupKind | 'newer-tag' | 'pin', groupKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([base, kind, groupKey]))
    .digest('hex');
}

/** `plimsoll/node-22-1a2b3c4d`: readable, a valid ref (git-check-ref-format), and found again by its end. */
export function branchName(about: string, key: string): string {
  return `${branchPrefix}${slug(about)}-${key.slice(0, 8)}`;
}

/** `[a-z0-9.-]{1,40}` without `..`, and without what git forbids at the end of a name. */
function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/-{2,}/g, '-');
  const cut = plain.replace(/^[.-]+/, '').slice(0, 40);
  return cut.replace(/[.-]+$/, '').replace(/\.lock$/, '') || 'image';
}

/** Does this branch carry this key? */
export function isBranchOf(branch: string, key: string): boolean {
  return branch.startsWith(branchPrefix) && branch.endsWith(`-${key.slice(0, 8)}`);
}

/**
 * Where a commit is made before the real branch is moved onto it, so that a branch with an open pull request never stands
 * without our commit: forges then close the pull request.
 */
export function stagingBranch(key: string): string {
  return `${branchPrefix}next-${key.slice(0, 8)}`;
}

/**
 * Is it one of the branches on which a commit is made before the real branch moves? `plimsoll/next-` and eight hex
 * digits.
 */
export function isStagingBranch(branch: string): boolean {
  return /^plimsoll\/next-[0-9a-f]{8}$/.test(branch);
}
