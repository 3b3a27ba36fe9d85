import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../src/report/render/unified-diff.ts';
import { applyPatch } from '../../support/apply-patch.ts';
import { fc } from '../../support/fast-check.ts';
import { textPair } from '../../support/text-pairs.ts';

describe('unifiedDiff', () => {
  it('is what diff -u prints', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl';
    const after = 'a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nL';
    expect(unifiedDiff('Dockerfile', before, after)).toBe(
      '--- a/Dockerfile\n+++ b/Dockerfile\n' +
        '@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n' +
        '@@ -9,4 +9,4 @@\n i\n j\n k\n-l\n\\ No newline at end of file\n+L\n\\ No newline at end of file\n',
    );
  });

  it('is empty for equal texts', () => {
    expect(unifiedDiff('x', 'a\n', 'a\n')).toBe('');
    expect(unifiedDiff('x', '', '')).toBe('');
  });

  it('gives the other text when it is applied', () => {
    fc.assert(
      fc.property(textPair, ([before, after]) => {
        expect(applyPatch(before, unifiedDiff('x', before, after))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });
});
