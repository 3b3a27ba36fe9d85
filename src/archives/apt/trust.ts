import type { ByteCache } from '../../cache/byte-cache.ts';
import type { Problem } from '../../core/problem.ts';
import type { AptRepository } from '../../packages/repositories/apt-repository.ts';
import { type Keyring, type SignedBytes, unverifiedText } from '../signature.ts';
import { rememberedCheck } from '../signature-cache.ts';
import { ArchiveTrouble } from '../trouble.ts';

export interface TrustedText {
  readonly trust: 'verified' | 'unverified';
  /** Why, for people. */
  readonly detail: string;
  readonly text: string;
  readonly problems: readonly Problem[];
}

/**
 * Whether a Release may be believed, by the keys of the image that names it: apt-secure(8), sources.list(5). Throws
 * ArchiveTrouble, a refusal, when it may not.
 */
export async function trustedText(
  signed: SignedBytes,
  { trust }: AptRepository,
  files: ReadonlyMap<string, Uint8Array>,
  { cache, now }: { readonly cache: ByteCache; readonly now: number },
): Promise<TrustedText> {
  if (trust.trusted === false) {
    throw new ArchiveTrouble('archive-not-trusted', 'the source itself says trusted=no', true);
  }
  const { keyrings, fingerprints, wanted } = keysFor(trust, files);
  const unverified = async (detail: string): Promise<TrustedText> => ({
    trust: 'unverified',
    detail,
    text: await readUnverified(signed),
    problems: [],
  });
  if (keyrings.length === 0) {
    return unverified(trust.trusted ? 'the source says trusted=yes' : `${wanted} not found in the image`);
  }
  const check =
    signed.form === 'detached' && signed.signature === undefined
      ? ({ kind: 'bad', reason: 'it is not signed' } as const)
      : await rememberedCheck(signed, { keyrings, fingerprints }, { cache, now });
  if (check.kind === 'good') {
    return { trust: 'verified', detail: `signed by key ${check.key}`, text: check.text, problems: expiry(check, now) };
  }
  if (trust.trusted) return unverified(`the source says trusted=yes; ${check.reason}`);
  throw new ArchiveTrouble(
    'archive-signature',
    `its Release may not be believed: ${check.reason}; apt in this image refuses it too`,
    true,
  );
}

async function readUnverified(signed: SignedBytes): Promise<string> {
  try {
    return await unverifiedText(signed);
  } catch {
    throw new ArchiveTrouble('archive-release-damaged', 'its InRelease is no signed text; try another mirror', true);
  }
}

/** Debian's whole keyring has 56 kB. */
const mostKeyBytes = 2 * 1024 * 1024;

interface Keys {
  readonly keyrings: readonly Keyring[];
  readonly fingerprints: readonly string[];
  /** What was looked for. */
  readonly wanted: string;
}

function keysFor({ signedBy, armoredKey }: AptRepository['trust'], files: ReadonlyMap<string, Uint8Array>): Keys {
  if (armoredKey !== undefined) {
    return {
      keyrings: [{ path: 'Signed-By', bytes: Buffer.from(armoredKey) }],
      fingerprints: [],
      wanted: 'a key in the source',
    };
  }
  let room = mostKeyBytes;
  const keyringAt = (path: string): Keyring[] => {
    const bytes = files.get(path);
    if (bytes === undefined || bytes.length > room) return [];
    room -= bytes.length;
    return [{ path, bytes }];
  };
  const fingerprints = signedBy.filter((word) => /^[0-9a-f]{16,64}!?$/i.test(word));
  const paths = signedBy.filter((word) => !fingerprints.includes(word));
  if (paths.length > 0) {
    return { keyrings: paths.flatMap(keyringAt), fingerprints, wanted: `the keyring ${paths.join(', ')} was` };
  }
  const trusted = [...files.keys()]
    .filter((path) => path === 'etc/apt/trusted.gpg' || /^etc\/apt\/trusted\.gpg\.d\/[^/]+\.(?:gpg|asc)$/.test(path))
    .sort();
  return { keyrings: trusted.flatMap(keyringAt), fingerprints, wanted: 'a trusted keyring was' };
}

function expiry({ key, expires }: { key: string; expires: number | null }, now: number): readonly Problem[] {
  if (expires === null || expires > now) return [];
  const day = new Date(expires).toISOString().slice(0, 10);
  const message = `the key ${key} in the image expired on ${day}: apt in this image will refuse this repository; take a newer keyring`;
  return [{ code: 'apt-key-expired', message }];
}
