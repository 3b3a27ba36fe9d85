import { expect, it } from 'vitest';
import type { Examination } from '../../src/look/examination.ts';
import { reasonFor } from '../../src/verdict/reason.ts';
import { aFinding } from '../support/findings.ts';

it('that the distribution changes is the first sentence of what other files are', () => {
  const finding = { ...aFinding('content'), os: { before: 'debian 12', after: 'debian 13' }, problem: null };
  const examination = { resolution: { kind: 'digest-only' } } as unknown as Examination;
  expect(reasonFor(finding, examination, undefined)).toBe(
    'The distribution changes from debian 12 to debian 13. Files differ and packages could not be compared.',
  );
});
