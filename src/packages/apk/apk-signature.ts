import { constants, createPublicKey, type KeyObject, publicDecrypt } from 'node:crypto';
import { limits } from '../../core/limits/limits.ts';

/** One signature of an index, by a key that is known by the name of its file. */
export interface ApkSignature {
  readonly key: string;
  readonly hash: 'sha1' | 'sha256' | 'sha512';
  /** Base64. */
  readonly bytes: string;
}

const hashOf: Readonly<Record<string, ApkSignature['hash']>> = { RSA: 'sha1', RSA256: 'sha256', RSA512: 'sha512' };

// RFC 8017, section 9.2, note 1: what stands before the hash in an RSASSA-PKCS1-v1_5 signature.
const prefixes: Readonly<Record<ApkSignature['hash'], string>> = {
  sha1: '3021300906052b0e03021a05000414',
  sha256: '3031300d060960864801650304020105000420',
  sha512: '3051300d060960864801650304020305000440',
};

/** `.SIGN.RSA256.NAME` and its content; undefined for another kind of file. Source: apk-v2(5), "Signatures". */
export function apkSignature(file: string, content: Uint8Array): ApkSignature | undefined {
  const match = /^\.SIGN\.(?<kind>RSA|RSA256|RSA512)\.(?<key>[^/]+)$/.exec(file)?.groups;
  const hash = hashOf[match?.['kind'] ?? ''];
  const key = match?.['key'];
  if (hash === undefined || key === undefined || content.length > limits.archive.apkSignature.most) return undefined;
  return { key, hash, bytes: Buffer.from(content).toString('base64') };
}

/** The hashes that are needed to check these. */
export function signatureHashes(signatures: readonly ApkSignature[]): readonly ApkSignature['hash'][] {
  return [...new Set(signatures.map(({ hash }) => hash))];
}

export type ApkCheck =
  | { readonly kind: 'good'; readonly key: string }
  | { readonly kind: 'bad'; readonly reason: string };

/**
 * Accepts when one of the signatures is by a key of the image that has the name which the signature gives. `keys` are
 * PEM files by name. Only the hashes of what was signed are needed, so that a later image can bring its own keys.
 */
export function checkApkSignature(
  signatures: readonly ApkSignature[],
  digests: Readonly<Record<string, string>>,
  keys: ReadonlyMap<string, Uint8Array>,
): ApkCheck {
  if (signatures.length === 0) return { kind: 'bad', reason: 'it is not signed' };
  const reasons = signatures.slice(0, limits.archive.signatures.most).map((one) => {
    const file = keys.get(one.key);
    if (file === undefined) return `the key ${one.key.slice(0, 100)} is not among those the image trusts`;
    return isGood(one, digests[one.hash] ?? '', file) ? '' : `the signature of ${one.key.slice(0, 100)} is not good`;
  });
  const good = signatures[reasons.indexOf('')];
  const most = limits.archive.signatures.most;
  if (signatures.length > most) reasons.unshift(`of its ${signatures.length} signatures only ${most} are looked at`);
  return good ? { kind: 'good', key: good.key } : { kind: 'bad', reason: reasons.slice(0, 5).join(', ') };
}

function isGood({ hash, bytes }: ApkSignature, digest: string, file: Uint8Array): boolean {
  try {
    const key: KeyObject = createPublicKey(Buffer.from(file));
    if (key.asymmetricKeyType !== 'rsa') return false;
    const signed = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(bytes, 'base64'));
    return signed.equals(Buffer.from(prefixes[hash] + digest, 'hex'));
  } catch {
    return false;
  }
}
