import { describe, expect, it } from 'vitest';
import { type Body, readHcl } from '../../../src/formats/hcl/hcl-reader.ts';
import type { Value } from '../../../src/formats/text/value-tree.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { fc } from '../../support/fast-check.ts';

/** A body as plain data: expressions as `<text>`. */
function plain(text: string, body: Body): unknown {
  const value = (one: Value): unknown => {
    switch (one.kind) {
      case 'string':
        return one.text.text;
      case 'list':
        return one.items.map(value);
      case 'object':
        return Object.fromEntries(one.entries.map(([key, inner]) => [key, value(inner)]));
      case 'other':
        return `<${text.slice(one.range.start, one.range.end)}>`;
    }
  };
  return [
    ...[...body.attributes].map(([key, one]) => [key, value(one)]),
    ...body.blocks.map(({ type, labels, body: inner }) => [[type, ...labels].join(' '), plain(text, inner)]),
  ];
}

const read = (text: string): unknown => plain(text, readHcl(text).body);

describe('the structure of HCL', () => {
  it.each<[string, string, unknown]>([
    [
      'attributes',
      'a = "b"\nc=1\nd = "e" # f\ng = "h" // i\nj = "k" /* l */\n',
      [
        ['a', 'b'],
        ['c', '<1>'],
        ['d', 'e'],
        ['g', 'h'],
        ['j', 'k'],
      ],
    ],
    ['comments over lines', '/* a = "b"\n*/ c = "d"\n', [['c', 'd']]],
    [
      'blocks with labels',
      'a "b" c {\n d = "e"\n}\nf {}\n',
      [
        ['a b c', [['d', 'e']]],
        ['f', []],
      ],
    ],
    ['a block in one line', 'a { b = "c" }\n', [['a', [['b', 'c']]]]],
    [
      'templates with quotes in them',
      'a = "b${c("}\\"", "${d}")}e"\nf = "g"\n',
      [
        ['a', 'b${c("}\\"", "${d}")}e'],
        ['f', 'g'],
      ],
    ],
    [
      'directives',
      'a = "%{ if b == "c" }d%{ endif }"\ne = "f"\n',
      [
        ['a', '%{ if b == "c" }d%{ endif }'],
        ['e', 'f'],
      ],
    ],
    [
      'what only looks like a template',
      'a = "$${b"\nc = "%%{d"\ne = "$"\n',
      [
        ['a', '$${b'],
        ['c', '%%{d'],
        ['e', '$'],
      ],
    ],
    [
      'escapes',
      'a = "b\\"c\\\\"\nd = "e"\n',
      [
        ['a', 'b\\"c\\\\'],
        ['d', 'e'],
      ],
    ],
    [
      'a heredoc',
      'a = <<EOT\nb = "c"\n  EOTX\n  EOT\nd = "e"\n',
      [
        ['a', 'b = "c"\n  EOTX\n'],
        ['d', 'e'],
      ],
    ],
    [
      'an indented heredoc',
      'a = <<-E\n    b\n\n      c\n  E\nd = "e"\n',
      [
        ['a', 'b\n\n  c\n'],
        ['d', 'e'],
      ],
    ],
    [
      'lists',
      'a = ["b", "c", # d\n "e", f(1, "x"), "g" == h,\n]\n',
      [['a', ['b', 'c', 'e', '<f(1, "x")>', '<"g" == h>']]],
    ],
    [
      'objects',
      'a = { b = "c", "d" : "e"\n f = { g = "h" }\n (i) = "j", "k${l}" = "m" }\n',
      [['a', { b: 'c', d: 'e', f: { g: 'h' }, '': 'j', 'k${l}': 'm' }]],
    ],
    [
      'expressions',
      'a = b ? "c" : "d"\ne = f("g", {\n h = "i"\n})\nj = "k"[0]\nl = [for m in n : "o"]\np = {for m in n : m => "o"}\nq = "r"\n',
      [
        ['a', '<b ? "c" : "d">'],
        ['e', '<f("g", {\n h = "i"\n})>'],
        ['j', '<"k"[0]>'],
        ['l', '<[for m in n : "o"]>'],
        ['p', '<{for m in n : m => "o"}>'],
        ['q', 'r'],
      ],
    ],
    [
      'a heredoc among arguments',
      'a = f(<<E\n)"\nE\n)\nb = "c"\n',
      [
        ['a', '<f(<<E\n)"\nE\n)>'],
        ['b', 'c'],
      ],
    ],
    [
      'CRLF',
      'a = "b"\r\nc {\r\n d = <<E\r\nf\r\nE\r\n}\r\n',
      [
        ['a', 'b'],
        ['c', [['d', 'f\r\n']]],
      ],
    ],
    ['letters of everywhere', 'größe-2 = "b"\n', [['größe-2', 'b']]],
  ])('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(readHcl(text).error).toBeUndefined();
    expect(plain(`\ufeff${text}`, readHcl(`\ufeff${text}`).body)).toEqual(expected);
  });

  it.each<[string, string, RegExp, unknown]>([
    [
      'a quote',
      'a = "b\nc = "d"\n',
      /quote that is not closed/,
      [
        ['a', '<"b>'],
        ['c', 'd'],
      ],
    ],
    ['a block', 'a {\n b = "c"\n', /block is not closed/, [['a', [['b', 'c']]]]],
    ['a heredoc', 'a = <<E\nb = "c"\n', /heredoc without its end/, [['a', 'b = "c"\n']]],
    ['a comment', 'a = "b"\n/* c = "d"\n', /comment without its end/, [['a', 'b']]],
    ['a comment in a block', 'a {\n b = "c"\n/* }\n', /comment without its end/, [['a', [['b', 'c']]]]],
    ['a comment in an expression', 'a = f( /* )\nb = "c"\n', /does not end/, [['a', '<f( /* )\nb = "c">']]],
    ['a heredoc in an expression', 'a = f(<<E\n)\nb = "c"\n', /does not end/, [['a', '<f(<<E\n)\nb = "c">']]],
    ['a brace too many', '}\na = "b"\n', /closes nothing/, [['a', 'b']]],
    [
      'a bracket too many',
      'a = b)\nc = "d"\n',
      /does not end/,
      [
        ['a', '<b>'],
        ['c', 'd'],
      ],
    ],
    ['what is neither', '- x\na = "b"\n', /neither/, [['a', 'b']]],
    ['a block without a brace', 'a b\nc = "d"\n', /without a brace/, [['c', 'd']]],
    [
      'a second attribute on the line',
      'a { b = "c" d = true }\ne = "f"\n',
      /no new line behind a value/,
      [
        ['e', 'f'],
        ['a', [['b', '<"c" d = true>']]],
      ],
    ],
    ['a list without a comma', 'a = ["b" "c", "d"]\n', /no comma behind a value/, [['a', ['<"b" "c">', 'd']]]],
    [
      'an object without a comma',
      'a = { b = "c" d = "e"\n f = "g" }\n',
      /neither a comma nor a new line/,
      [['a', { b: '<"c" d = "e">', f: 'g' }]],
    ],
    [
      'an object and a name',
      'a = ["b"][0]\nd = {} e\nf = "g"\n',
      /no new line/,
      [
        ['a', '<["b"][0]>'],
        ['d', '<{} e>'],
        ['f', 'g'],
      ],
    ],
  ])('goes on behind %s', (_, text, message, expected) => {
    expect(readHcl(text).error?.message).toMatch(message);
    expect(read(text)).toEqual(expected);
  });

  it('never throws, and every place is in the text', () => {
    const words = [
      ...[
        'a',
        '"',
        '${',
        '%{',
        '}',
        '{',
        '[',
        ']',
        '(',
        ')',
        '=',
        ':',
        ',',
        '\n',
        '\r\n',
        ' ',
        '#',
        '//',
        '/*',
        '*/',
        '\\',
      ],
      ...['<<E\n', '<<-E\n', '\nE\n', 'a = ', 'b "c" {\n', '"d"', '$${', '\0', '\ufeff', '😀', 'for ', '<', '.', '~'],
    ];
    const places = (one: Value): void => {
      if (one.kind === 'list') for (const item of one.items) places(item);
      else if (one.kind === 'object') for (const [, inner] of one.entries) places(inner);
      else expect(one.range.start).toBeLessThanOrEqual(one.range.end);
    };
    const check = (body: Body): void => {
      for (const one of body.attributes.values()) places(one);
      for (const block of body.blocks) check(block.body);
    };
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) =>
        check(readHcl(parts.join('')).body),
      ),
      { numRuns: 3000 },
    );
  });

  it.each<[string, string]>([
    ['open blocks', 'a {\n'.repeat(100_000)],
    ['open lists', `a = ${'['.repeat(100_000)}`],
    ['open objects', `a = ${'{a='.repeat(100_000)}`],
    ['open templates', `a = ${'"${'.repeat(100_000)}`],
    ['templates that end', `a = ${'"${'.repeat(100_000)}${'}"'.repeat(100_000)}\n`],
    ['open brackets of an expression', `a = f${'('.repeat(500_000)}`],
    ['lists as operands', `a = ${'['.repeat(150)}${']+1'.repeat(150)}\n`.repeat(1000)],
    ['heredocs without an end', 'a = <<A\n'.repeat(100_000)],
    ['heredocs of one marker', 'a = f(<<A\n'.repeat(100_000)],
    ['comments without an end', '/*'.repeat(500_000)],
    ['one line', `a = "${'b'.repeat(1_000_000)}"`],
    ['many quotes', '"'.repeat(1_000_000)],
    ['many closing braces', '}'.repeat(1_000_000)],
    ['blanks', `a = ${' '.repeat(1_000_000)}`],
    ['many attributes', 'a = "b"\n'.repeat(120_000)],
    ['NUL', '\0'.repeat(1_000_000)],
    ['lines of nothing', '-\n'.repeat(500_000)],
    ['UTF-16', Buffer.from('target "a" {\n}\n'.repeat(30_000), 'utf16le').toString('latin1')],
  ])('costs little and ends: %s', async (_, text) => {
    const spent = await cpuTime(() => readHcl(text));
    expect(spent).toBeLessThan(1000);
  });
});
