import { expect, it } from 'vitest';
import { bytes, count } from '../../../src/report/say/quantity.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [99_400, '99.4 kB'],
  [99_500, '100 kB'],
  [58_200_000, '58.2 MB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [5e15, '5000 TB'],
])('%i bytes are %s', (number, text) => {
  expect(bytes(number)).toBe(text);
});

it.each([
  [0, '0 packages'],
  [1, '1 package'],
  [999, '999 packages'],
  [2000, '2,000 packages'],
  [1_234_567, '1,234,567 packages'],
])('%i is %s', (number, text) => {
  expect(count(number, 'package')).toBe(text);
});
