import { expect, it } from 'vitest';
import { connectionFailure } from '../../src/http/connection-failure.ts';

it.each([
  ['CERT_HAS_EXPIRED', /has expired, or the clock of this machine is ahead/],
  ['CERT_NOT_YET_VALID', /is not valid yet, or the clock of this machine is behind/],
])('%s may be the fault of the clock here', (code, sentence) => {
  expect(connectionFailure(Object.assign(new Error('x'), { code }))).toMatch(sentence);
});
