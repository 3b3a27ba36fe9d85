import { describe, expect, it } from 'vitest';
import { columnsOf, folded } from '../../../src/report/render/fold.ts';
import { coloured } from '../../../src/report/render/style.ts';
import { cpuTime } from '../../support/cpu-time.ts';

describe('a line for a narrow terminal', () => {
  it('is broken between words, and stands in from its second line on', () => {
    expect(folded('one two three four five six seven', 31, 2)).toEqual(['one two three four five six', '  seven']);
    expect(folded('  one  two', 60, 2)).toEqual(['  one  two']);
    expect(folded('one two three four five six seven')).toHaveLength(1);
  });

  it('keeps its colours, each line by itself, and they take no columns', () => {
    const line = `${coloured.bold(coloured.red('security'))}  ${coloured.dim('one two three four five six seven')}`;
    const lines = folded(line, 34, 4);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('    \u001b[2msix seven\u001b[0m');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(34);
    expect(lines[0]?.endsWith('\u001b[0m')).toBe(true);
  });

  it('takes no longer per character of a line that ends in nothing', async () => {
    expect(await cpuTime(() => folded(`a${' '.repeat(200_000)}`, 60, 2))).toBeLessThan(1000);
  });

  it('leaves a word whole that is wider than the terminal', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(folded(`it answers for ${digest} now`, 40, 2)).toEqual(['it answers for', `  ${digest}`, '  now']);
  });
});
