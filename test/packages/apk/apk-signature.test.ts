import { expect, it } from 'vitest';
import { checkApkSignature } from '../../../src/packages/apk/apk-signature.ts';

it('of more signatures than are looked at says so, where none of the first is good', () => {
  const signatures = Array.from(
    { length: 21 },
    (_, index) => ({ key: `key${index}`, hash: 'sha256', bytes: '' }) as const,
  );
  expect(checkApkSignature(signatures, {}, new Map())).toMatchObject({
    kind: 'bad',
    reason: expect.stringMatching(/^of its 21 signatures only 20 are looked at, the key key0 is not among/),
  });
  expect(checkApkSignature(signatures.slice(1), {}, new Map())).toMatchObject({
    reason: expect.stringMatching(/^the key key1 is not among/),
  });
});
