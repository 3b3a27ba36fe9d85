import { expect, it } from 'vitest';
import { redactUrl } from '../../src/http/redact.ts';

it.each([
  ['https://ghcr.io/v2/', 'https://ghcr.io/v2/'],
  ['https://user:s3cret@ghcr.io:8443/v2/', 'https://ghcr.io:8443/v2/'],
  ['https://x.io/a?X-Amz-Signature=s3cret&b=s3cret', 'https://x.io/a?X-Amz-Signature=***&b=***'],
  ['https://x.io/a?s3cret', 'https://x.io/a?***'],
  [`https://x.io/a?${'s3cret'.repeat(9)}=1`, 'https://x.io/a?***'],
  ['https://x.io/a?a%0Ab=1', 'https://x.io/a?a%0Ab=***'],
  ['https://x.io/a#s3cret', 'https://x.io/a'],
  ['https://x.io/%1b[31m', 'https://x.io/%1b[31m'],
  ['https://[::1]:5000/', 'https://[::1]:5000/'],
])('%s is shown as %s', (url, shown) => {
  expect(redactUrl(new URL(url))).toBe(shown);
});

it('is never longer than a few lines', () => {
  const url = new URL(`https://x.io/${'p'.repeat(9000)}?${'key=1&'.repeat(9000)}`);
  expect(redactUrl(url).length).toBeLessThan(1000);
});
