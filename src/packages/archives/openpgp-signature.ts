import type { KeyID, PublicKey, VerifyMessageResult } from 'openpgp';
import { limits } from '../../core/limits/limits.ts';

type Signatures = VerifyMessageResult['signatures'];

/** A Release as it came: signed inside, or with a signature beside it, or with none. */
export interface SignedBytes {
  readonly form: 'inline' | 'detached';
  readonly bytes: Uint8Array;
  /** Of the detached form; absent: not signed. */
  readonly signature?: Uint8Array;
}

/** A file with OpenPGP keys, as it lies in an image. */
export interface Keyring {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type SignatureCheck =
  /** `text` is what was signed, and nothing else of the file. `expires`: when the key does, in milliseconds. */
  | { readonly kind: 'good'; readonly text: string; readonly key: string; readonly expires: number | null }
  | { readonly kind: 'bad'; readonly reason: string };

/** The text without asking who wrote it. Throws when an InRelease is no clear-signed message. */
export async function unverifiedText({ form, bytes }: SignedBytes): Promise<string> {
  if (form === 'detached') return Buffer.from(bytes).toString('utf8');
  if (!hasFewLines(bytes)) throw new Error(`it has more than ${limits.archive.signatureLines.most} lines`);
  const { readCleartextMessage } = await import('openpgp');
  return (await readCleartextMessage({ cleartextMessage: Buffer.from(bytes).toString('utf8') })).getText();
}

/**
 * Accepts when one of the keys made one of the signatures, as gpgv does for apt. `fingerprints` limits the keys when it
 * is not empty. Keys that have expired are accepted, and `expires` says so. Never throws.
 */
export async function checkSignature(
  signed: SignedBytes,
  keyrings: readonly Keyring[],
  fingerprints: readonly string[],
  now: number,
): Promise<SignatureCheck> {
  if (signaturePart(signed) > limits.archive.signature.most) {
    return { kind: 'bad', reason: `its signatures have more than ${limits.archive.signature.most} bytes` };
  }
  if (!hasFewLines(signed.bytes))
    return { kind: 'bad', reason: `it has more than ${limits.archive.signatureLines.most} lines` };
  try {
    const keys = (await readKeyrings(keyrings)).filter((key) => isNamed(key, fingerprints));
    const { data, signatures } = await verify(signed, keys, new Date(now));
    return await judge(data, signatures, keys);
  } catch (error) {
    return { kind: 'bad', reason: `its signature cannot be read (${(error as Error).message.slice(0, 120)})` };
  }
}

function hasFewLines(bytes: Uint8Array): boolean {
  let lines = 0;
  for (
    let at = bytes.indexOf(10);
    at >= 0 && lines <= limits.archive.signatureLines.most;
    at = bytes.indexOf(10, at + 1)
  )
    lines++;
  return lines <= limits.archive.signatureLines.most;
}

/** Bytes from the first place where signatures may begin. */
function signaturePart({ form, bytes, signature }: SignedBytes): number {
  if (form === 'detached') return signature?.length ?? 0;
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('\n-----BEGIN PGP SIGNATURE');
  return start < 0 ? 0 : bytes.length - start;
}

async function readKeyrings(keyrings: readonly Keyring[]): Promise<readonly PublicKey[]> {
  const { readKeys } = await import('openpgp');
  const all = keyrings.flatMap(({ bytes }) => {
    const [binary = '', ...armored] = Buffer.from(bytes).toString('latin1').split(armorStart);
    const blocks = armored
      .slice(0, limits.archive.keys.most)
      .map((block) => readKeys({ armoredKeys: armorStart + block }));
    // A keyring that cannot be read has no key; when no other has one, the signature is from an unknown key.
    return (binary !== '' && blocks.length === 0 ? [readKeys({ binaryKeys: new Uint8Array(bytes) })] : blocks).map(
      (keys) => keys.catch(() => []),
    );
  });
  return (await Promise.all(all)).flat().map((key) => key.toPublic());
}

/** People join armored keys into one file, one block after the other. */
const armorStart = '-----BEGIN PGP PUBLIC KEY BLOCK-----';

function isNamed(key: PublicKey, fingerprints: readonly string[]): boolean {
  const own = key.getKeys().map((one) => one.getFingerprint().toUpperCase());
  return fingerprints.length === 0 || fingerprints.some((one) => own.includes(one.replace(/!$/, '').toUpperCase()));
}

async function verify(
  { form, bytes, signature }: SignedBytes,
  verificationKeys: readonly PublicKey[],
  date: Date,
): Promise<{ data: string; signatures: Signatures }> {
  const openpgp = await import('openpgp');
  const text = Buffer.from(bytes).toString('utf8');
  if (form === 'inline') {
    const message = await openpgp.readCleartextMessage({ cleartextMessage: text });
    return openpgp.verify({ message, verificationKeys: [...verificationKeys], date });
  }
  const armored = Buffer.from(signature ?? []).toString('latin1');
  const read = armored.includes('-----BEGIN PGP')
    ? await openpgp.readSignature({ armoredSignature: armored })
    : await openpgp.readSignature({ binarySignature: new Uint8Array(signature ?? []) });
  const message = await openpgp.createMessage({ binary: new Uint8Array(bytes) });
  const { signatures } = await openpgp.verify({
    message,
    signature: read,
    verificationKeys: [...verificationKeys],
    date,
    format: 'binary',
  });
  return { data: text, signatures };
}

async function judge(text: string, signatures: Signatures, keys: readonly PublicKey[]): Promise<SignatureCheck> {
  const reasons: string[] = [];
  let good: Extract<SignatureCheck, { kind: 'good' }> | undefined;
  for (const { keyID, verified } of signatures.slice(0, limits.archive.signatures.most)) {
    const key = keys.find((one) => one.getKeys(keyID).length > 0);
    const name = keyID.toHex().toUpperCase();
    if (key === undefined) {
      reasons.push(`key ${name} is not among those the image trusts`);
      continue;
    }
    try {
      await verified;
    } catch (error) {
      // The library checks the signature first and the key's dates after it.
      if (!/(?:key is expired|key has expired)/i.test((error as Error).message)) {
        const isLater = /future/i.test((error as Error).message);
        reasons.push(
          `the signature of key ${name} is ${isLater ? 'of a time to come: is the clock of this machine right?' : 'not good'}`,
        );
        continue;
      }
    }
    const expires = await expiry(key, keyID);
    if (good === undefined || later(expires, good.expires)) good = { kind: 'good', text, key: name, expires };
  }
  const left = signatures.length - limits.archive.signatures.most;
  if (left > 0)
    reasons.unshift(`of its ${signatures.length} signatures only ${limits.archive.signatures.most} are looked at`);
  return good ?? { kind: 'bad', reason: reasons.slice(0, 5).join(', ') || 'it carries no signature' };
}

/** When the key that signed, or the one it belongs to, expires; null: never. */
async function expiry(key: PublicKey, signer: KeyID): Promise<number | null> {
  const [subkey] = key.getSubkeys(signer);
  const times = [await key.getExpirationTime(), subkey ? await subkey.getExpirationTime() : null];
  const dates = times.flatMap((time) => (time instanceof Date ? [time.getTime()] : []));
  return dates.length === 0 ? null : Math.min(...dates);
}

function later(a: number | null, b: number | null): boolean {
  return b !== null && (a === null || a > b);
}
