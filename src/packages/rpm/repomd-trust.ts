import type { ByteCache } from '../../cache/byte-cache.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import type { SignedBytes } from '../archives/openpgp-signature.ts';
import { rememberedCheck } from '../archives/signature-cache.ts';
import type { RpmRepository } from './rpm-repositories.ts';

/** Whether and why a repomd.xml is believed. */
export interface RepomdTrust {
  readonly trust: 'verified' | 'unverified';
  /** Why, for people. */
  readonly detail: string;
  readonly remarks: readonly Problem[];
}

/**
 * Whether a repomd.xml may be believed. With `repo_gpgcheck`, by the keys of the image that `gpgkey` names; keys on the
 * network are not asked for, since whoever changes the one can change the other; keys in the image that cannot be read
 * are nobody's signature. Without it dnf takes what the address serves. Source: dnf.conf(5), repo_gpgcheck. Throws
 * ArchiveTrouble, a refusal, when it may not.
 */
export async function judgeRepomd(
  signed: SignedBytes,
  repository: RpmRepository,
  how: { readonly scheme: string; readonly isMetalinked: boolean },
  files: ReadonlyMap<string, Uint8Array>,
  deps: { readonly cache: ByteCache; readonly now: number },
): Promise<RepomdTrust> {
  const channel = how.isMetalinked ? 'its hash is from the metalink' : `over ${how.scheme} alone`;
  if (!repository.checksSignature) {
    return {
      trust: 'unverified',
      detail: `${channel}: the image does not ask for a signature (repo_gpgcheck)`,
      remarks: [],
    };
  }
  const keyrings = keysOf(repository, files);
  if (keyrings.length === 0) {
    if (repository.keys.length > 0 && repository.keys.every((key) => !key.includes('://'))) {
      throw new ArchiveTrouble(
        'archive-key-missing',
        `the key ${repository.keys.slice(0, 3).join(', ')} that gpgkey names could not be read in the image; dnf in this image refuses it too`,
        true,
      );
    }
    const named = repository.keys.slice(0, 3).join(', ') || 'which gpgkey should name';
    return { trust: 'unverified', detail: `${channel}: the key ${named} was not found in the image`, remarks: [] };
  }
  const check =
    signed.signature === undefined
      ? ({ kind: 'bad', reason: 'it is not signed' } as const)
      : await rememberedCheck(signed, { keyrings, fingerprints: [] }, deps);
  if (check.kind === 'good') {
    return { trust: 'verified', detail: `signed by key ${check.key}`, remarks: expiry(check, deps.now) };
  }
  throw new ArchiveTrouble(
    'archive-signature',
    `its repomd.xml may not be believed: ${check.reason}; dnf in this image refuses it too`,
    true,
  );
}

function keysOf(
  { keys }: RpmRepository,
  files: ReadonlyMap<string, Uint8Array>,
): readonly { readonly path: string; readonly bytes: Uint8Array }[] {
  let room = limits.archive.keyrings.most;
  return keys.flatMap((path) => {
    const bytes = files.get(path);
    if (bytes === undefined || bytes.length > room) return [];
    room -= bytes.length;
    return [{ path, bytes }];
  });
}

function expiry({ key, expires }: { key: string; expires: number | null }, now: number): readonly Problem[] {
  if (expires === null || expires > now) return [];
  const day = new Date(expires).toISOString().slice(0, 10);
  const message = `the key ${key} in the image expired on ${day}: dnf in this image will refuse this repository; take a newer image`;
  return [{ code: 'rpm-key-expired', message }];
}
