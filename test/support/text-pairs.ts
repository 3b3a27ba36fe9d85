import { fc } from './fast-check.ts';

/** Two texts of the same number of lines. */
export const textPair = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b', '', ' ', '+x', '-x', '@@', 'ü'),
        fc.constantFrom('same', 'same', 'same', 'other'),
        fc.constantFrom('\n', '\r\n'),
      ),
      { minLength: 1, maxLength: 40 },
    ),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([rows, endsBefore, endsAfter]) => {
    const join = (texts: string[], ends: boolean): string =>
      ends ? texts.join('') : texts.join('').replace(/\r?\n$/, '-');
    const before = rows.map(([text, , end]) => text + end);
    const after = rows.map(([text, how, end]) => (how === 'same' ? text : `${text}!`) + end);
    return [join(before, endsBefore), join(after, endsAfter)] as const;
  });
