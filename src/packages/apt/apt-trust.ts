import type { ByteCache } from '../../cache/byte-cache.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';
import { type Keyring, type SignedBytes, unverifiedText } from '../archives/openpgp-signature.ts';
import { rememberedCheck } from '../archives/signature-cache.ts';
import { type AptRepository, namedKeys } from './apt-repository.ts';

/** The text of a Release that is believed: what was signed, where it was. */
export interface TrustedText {
  readonly trust: 'verified' | 'unverified';
  /** Why, for people. */
  readonly detail: string;
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** The keys that one source of an image accepts. */
export interface SourceKeys {
  readonly keyrings: readonly Keyring[];
  /** Only these of them; empty: all. */
  readonly fingerprints: readonly string[];
  /** What was looked for and not found, when there is no keyring. */
  readonly wanted: string;
  /** The source itself names its keys: without them apt believes nobody. */
  readonly isNamed: boolean;
}

/**
 * Whether a Release may be believed, by the keys of the image that names it: apt-secure(8), sources.list(5). Where no key
 * is named and the image has none at all, it is taken `unverified`. Throws ArchiveTrouble, a refusal, when it may not.
 */
export async function trustedText(
  signed: SignedBytes,
  { trusted }: Pick<AptRepository['trust'], 'trusted'>,
  { keyrings, fingerprints, wanted, isNamed }: SourceKeys,
  { cache, now }: { readonly cache: ByteCache; readonly now: number },
): Promise<TrustedText> {
  if (trusted === false) {
    throw new ArchiveTrouble('archive-not-trusted', 'the source itself says trusted=no', true);
  }
  const unverified = async (detail: string): Promise<TrustedText> => ({
    trust: 'unverified',
    detail,
    text: await readUnverified(signed),
    problems: [],
  });
  if (keyrings.length === 0) {
    if (trusted) return unverified('the source says trusted=yes');
    if (!isNamed) return unverified(`${wanted} not found in the image`);
    throw new ArchiveTrouble(
      'archive-key-missing',
      `${wanted} could not be read in the image, and nobody else may sign it; apt in this image refuses it too (NO_PUBKEY)`,
      true,
    );
  }
  const check =
    signed.form === 'detached' && signed.signature === undefined
      ? ({ kind: 'bad', reason: 'it is not signed' } as const)
      : await rememberedCheck(signed, { keyrings, fingerprints }, { cache, now });
  if (check.kind === 'good') {
    return { trust: 'verified', detail: `signed by key ${check.key}`, text: check.text, problems: expiry(check, now) };
  }
  if (trusted) return unverified(`the source says trusted=yes; ${check.reason}`);
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

/** Of one source: the key written into it, the keyrings it names, or those that the image trusts for every source. */
export function keysFor(trust: AptRepository['trust'], files: ReadonlyMap<string, Uint8Array>): SourceKeys {
  const { armoredKey } = trust;
  if (armoredKey !== undefined) {
    const keyrings = [{ path: 'Signed-By', bytes: Buffer.from(armoredKey) }];
    return { keyrings, fingerprints: [], wanted: 'the key in the source', isNamed: true };
  }
  let room = limits.archive.keyrings.most;
  const keyringAt = (path: string): Keyring[] => {
    const bytes = files.get(path);
    if (bytes === undefined || bytes.length > room) return [];
    room -= bytes.length;
    return [{ path, bytes }];
  };
  const { paths, fingerprints } = namedKeys(trust);
  if (paths.length > 0) {
    const wanted = `the keyring ${paths.map((path) => `/${path}`).join(', ')} that Signed-By names`;
    return { keyrings: paths.flatMap(keyringAt), fingerprints, wanted, isNamed: true };
  }
  const trusted = [...files.keys()]
    .filter((path) => path === 'etc/apt/trusted.gpg' || /^etc\/apt\/trusted\.gpg\.d\/[^/]+\.(?:gpg|asc)$/.test(path))
    .sort();
  const isNamed = fingerprints.length > 0;
  const keyrings = trusted.flatMap(keyringAt);
  const any =
    trusted.length > keyrings.length ? 'a trusted keyring of a size that is read was' : 'a trusted keyring was';
  const wanted = isNamed ? `the key ${fingerprints.join(', ')} that Signed-By names` : any;
  return { keyrings, fingerprints, wanted, isNamed };
}

function expiry({ key, expires }: { key: string; expires: number | null }, now: number): readonly Problem[] {
  if (expires === null || expires > now) return [];
  const day = new Date(expires).toISOString().slice(0, 10);
  const message = `the key ${key} in the image expired on ${day}: apt in this image will refuse this repository; take a newer keyring`;
  return [{ code: 'apt-key-expired', message }];
}
