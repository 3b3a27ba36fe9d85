import type { ByteCache } from '../../cache/byte-cache.ts';
import { checkSignature, type Keyring, type SignatureCheck, type SignedBytes } from './openpgp-signature.ts';
import { sumOf } from './sum.ts';

/** As {@link checkSignature}. A good check holds for the same bytes and the same keys: the next run need not load the library. */
export async function rememberedCheck(
  signed: SignedBytes,
  { keyrings, fingerprints }: { readonly keyrings: readonly Keyring[]; readonly fingerprints: readonly string[] },
  { cache, now }: { readonly cache: ByteCache; readonly now: number },
): Promise<SignatureCheck> {
  const key = sumOf(
    signed.form,
    signed.bytes,
    signed.signature ?? '',
    ...keyrings.map(({ bytes }) => bytes),
    fingerprints.join(' '),
  );
  const known = cache.get('signature', key);
  if (known) return JSON.parse(Buffer.from(known).toString('utf8')) as SignatureCheck;
  const check = await checkSignature(signed, keyrings, fingerprints, now);
  if (check.kind === 'good') cache.put('signature', key, Buffer.from(JSON.stringify(check)));
  return check;
}
