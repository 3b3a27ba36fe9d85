import { describe, expect, it } from 'vitest';
import { readInstructions } from '../../../../src/formats/dockerfile/syntax/instructions.ts';

function read(text: string) {
  return readInstructions(text).instructions.map(({ line, keyword, args }) => [line, keyword, args.text]);
}

describe('readInstructions', () => {
  it.each([
    ['joins lines at the escape', 'FROM \\\na:1', [[1, 'FROM', 'a:1']]],
    ['joins inside a word', 'FROM a\\\nb', [[1, 'FROM', 'ab']]],
    ['allows blanks behind the escape', 'FROM a\\ \t\nb', [[1, 'FROM', 'ab']]],
    [
      'does not take an escaped escape for one',
      'RUN a\\\\\nUSER b',
      [
        [1, 'RUN', 'a\\\\'],
        [2, 'USER', 'b'],
      ],
    ],
    ['passes over comments inside', 'RUN a \\\n  # no\n b', [[1, 'RUN', 'a  b']]],
    ['passes over empty lines inside', 'RUN a \\\n\n \t\n b', [[1, 'RUN', 'a  b']]],
    ['keeps a # that begins no line', 'RUN a # b', [[1, 'RUN', 'a # b']]],
    ['ends at the end of the file', 'RUN a \\', [[1, 'RUN', 'a']]],
    [
      'reads CRLF',
      'FROM a\r\nRUN b \\\r\n c\r\n',
      [
        [1, 'FROM', 'a'],
        [2, 'RUN', 'b  c'],
      ],
    ],
    ['does not end a line at CR alone', 'FROM a\rb', [[1, 'FROM', 'a\rb']]],
    [
      'reads any case and indentation',
      '  from a\n\tRun b',
      [
        [1, 'FROM', 'a'],
        [2, 'RUN', 'b'],
      ],
    ],
    ['passes over a byte order mark', '\ufeffFROM a', [[1, 'FROM', 'a']]],
    ['reads triggers', 'ONBUILD run --x=1 a', [[1, 'RUN', 'a']]],
    ['takes tabs for blanks', 'FROM\ta', [[1, 'FROM', 'a']]],
    ['reads nothing', '\n# only\n\n', []],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each([
    ['# escape=`\nFROM a`\nb', '`'],
    ['#  ESCAPE = ` \nFROM a`\nb', '`'],
    ['\ufeff# syntax=x\n# escape=`\nFROM a`\nb', '`'],
    ['# check=skip=all\n# escape=`\nFROM a`\nb', '`'],
    ['# a comment\n# escape=`\nFROM a', '\\'],
    ['# unknown=x\n# escape=`\nFROM a', '\\'],
    ['\n# escape=`\nFROM a', '\\'],
    ['FROM a\n# escape=`\n', '\\'],
    // BuildKit skips a shebang only when it looks for the syntax.
    ['#!/bin/sh\n# escape=`\nFROM a', '\\'],
  ])('finds the escape of %j', (text, escape) => {
    expect(readInstructions(text).escape).toBe(escape);
  });

  it.each([
    ['# escape=x\nFROM a', 'directive'],
    ['# escape=`\n# escape=`\nFROM a', 'directive'],
    ['FROM a\nRUN <<EOF\nb', 'heredoc-unterminated'],
  ])('complains about %j', (text, code) => {
    expect(readInstructions(text).complaints).toMatchObject([{ code }]);
  });

  it('reads flags in any order, quoted or escaped', () => {
    const [copy] = readInstructions('COPY --chown=1:1 --from="a b" --link --x=\\"y -- --not').instructions;
    expect(copy?.flags.map(({ name, value, raw }) => [name, value?.text, raw?.text])).toEqual([
      ['chown', '1:1', '1:1'],
      ['from', 'a b', '"a b"'],
      ['link', undefined, undefined],
      ['x', '"y', '\\"y'],
    ]);
    expect(copy?.args.text).toBe('--not');
  });

  it('takes here-document bodies out, in the order of their marks', () => {
    const text = 'COPY <<A <<-B /\nB\nA\n\tx\n\tB\nUSER y';
    const [copy, user] = readInstructions(text).instructions;
    expect(copy?.heredocs.map(({ name, body }) => [name, text.slice(body.start, body.end)])).toEqual([
      ['A', 'B\n'],
      ['B', '\tx\n'],
    ]);
    expect(user).toMatchObject({ keyword: 'USER', line: 6 });
  });

  it.each(['ENV A=<<EOF', 'RUN ["<<EOF"]', 'LABEL a=<<EOF'])('takes no here-document from %s', (line) => {
    expect(read(`${line}\nFROM x\nEOF`)).toHaveLength(3);
  });

  it('ends a here-document only at its exact line', () => {
    const text = 'RUN <<EOF\n EOF\nEOF x\nEOF\r\nUSER a';
    expect(read(text)).toEqual([
      [1, 'RUN', '<<EOF'],
      [5, 'USER', 'a'],
    ]);
  });

  it('remembers the comment directly above', () => {
    const { instructions } = readInstructions('FROM a\n# tag: 1\nFROM b\n# tag: 2\n\nFROM c');
    expect(instructions.map(({ comment }) => comment)).toEqual([undefined, 'tag: 1', undefined]);
  });
});
