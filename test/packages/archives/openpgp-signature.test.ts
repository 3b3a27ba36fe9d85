import { createCleartextMessage, sign } from 'openpgp';
import { expect, it } from 'vitest';
import { checkSignature, type SignatureCheck } from '../../../src/packages/archives/openpgp-signature.ts';
import { makeKey, type SigningKey } from '../../support/fake-archive.ts';

it('of more signatures than are looked at says so, where none of the first is good', async () => {
  const [stranger, ours] = [await makeKey(), await makeKey()];
  const check = async (keys: readonly SigningKey[]): Promise<SignatureCheck> => {
    const message = await createCleartextMessage({ text: 'Suite: stable\n' });
    const text = await sign({ message, signingKeys: keys.map(({ privateKey }) => privateKey) });
    const keyrings = [{ path: 'ours', bytes: Buffer.from(ours.publicKey) }];
    // Whoever signs within this second must not look as if from a time to come.
    return checkSignature({ form: 'inline', bytes: Buffer.from(text) }, keyrings, [], Date.now() + 60_000);
  };
  const many = Array.from({ length: 20 }, () => stranger);
  expect(await check([...many.slice(1), ours])).toMatchObject({ kind: 'good' });
  expect(await check([...many, ours])).toMatchObject({
    kind: 'bad',
    reason: expect.stringMatching(/^of its 21 signatures only 20 are looked at, key [0-9A-F]+ is not among/),
  });
});
