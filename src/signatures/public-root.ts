import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TrustedRoot } from '@sigstore/protobuf-specs';
import { messageOf } from '../core/errors.ts';

/**
 * The trusted root of sigstore's public instance, from its TUF repository by sigstore's own client, which begins with a
 * root that came with the package and checks every step from there. It goes to the internet by itself, past proxies.
 * `folder` keeps what it learnt for later runs; null: nothing is kept. Rejects with what to do instead.
 */
export async function fetchPublicRoot(folder: string | null): Promise<TrustedRoot> {
  const { getTrustedRoot } = await import('@sigstore/tuf');
  // A name of its own: a folder that others could have made before us would be trusted.
  const cachePath = folder === null ? mkdtempSync(path.join(tmpdir(), 'plimsoll-tuf-')) : path.join(folder, 'sigstore');
  try {
    return await getTrustedRoot({ cachePath });
  } catch (error) {
    throw new Error(
      `sigstore's trusted root could not be fetched (${messageOf(error)}); where its server cannot be reached, name a trusted_root.json in the rule's trustedRoot`,
      { cause: error },
    );
  } finally {
    if (folder === null) rmSync(cachePath, { recursive: true, force: true });
  }
}
