import { describe, expect, it } from 'vitest';
import { expand } from '../../../../src/formats/dockerfile/syntax/expand.ts';
import { offsetAt, type Traced, typed, untied } from '../../../../src/formats/text/traced.ts';

function run(word: string, values: Readonly<Record<string, string>> = {}, escape = '\\') {
  return expand(typed(word, 0, word.length), escape, {
    budget: { left: 1_000_000 },
    get: (name) => (Object.hasOwn(values, name) ? { value: untied(values[name] ?? '') } : undefined),
  });
}

const offsets = (traced: Traced | undefined) =>
  [...(traced?.text ?? '')].map((_, index) => traced && offsetAt(traced, index));

const values = { A: 'one', B: 'two', NONE: '', PATH: '/usr/lib/lib.so', STAR: 'a*b', 이름: '값' };

describe('expand', () => {
  it.each([
    ['plain', 'plain'],
    ['$A', 'one'],
    ['${A}', 'one'],
    ['$A$B', 'onetwo'],
    ['$A.$B', 'one.two'],
    ['x${NONE}y', 'xy'],
    ['$', '$'],
    ['a$.b', 'a$.b'],
    ['$이름', '값'],
    // Whether a variable is set, and with a colon also whether it is empty.
    ['${A:-d}', 'one'],
    ['${NONE:-d}', 'd'],
    ['${NONE-d}', ''],
    ['${UNSET-d}', 'd'],
    ['${UNSET:-$B}', 'two'],
    ['${UNSET:-${ALSO:-${B}}}', 'two'],
    ['${UNSET:-a b}', 'a b'],
    ['${UNSET:-}', ''],
    ['${A:+d}', 'd'],
    ['${NONE:+d}', ''],
    ['${NONE+d}', 'd'],
    ['${UNSET+d}', ''],
    ['${A:?why}', 'one'],
    ['${NONE?why}', ''],
    // A branch that is not taken may use what it likes.
    ['${A:-$UNSET}', 'one'],
    ['${UNSET:+$UNSET}', ''],
    // Cut at the front or at the back, the shortest or the longest match.
    ['${PATH#*/}', 'usr/lib/lib.so'],
    ['${PATH##*/}', 'lib.so'],
    ['${PATH:##*/}', 'lib.so'],
    ['${PATH%/*}', '/usr/lib'],
    ['${PATH%%/*}', ''],
    ['${PATH%.??}', '/usr/lib/lib'],
    ['${PATH#nothing}', '/usr/lib/lib.so'],
    ['${PATH#}', '/usr/lib/lib.so'],
    ['${STAR%\\**}', 'a'],
    ['${A#$A}', ''],
    // Replace the first match or all of them.
    ['${PATH/lib/x}', '/usr/x/lib.so'],
    ['${PATH//lib/x}', '/usr/x/x.so'],
    ['${PATH//\\//-}', '-usr-lib-lib.so'],
    ['${PATH/l*b/x}', '/usr/x.so'],
    ['${PATH//lib/}', '/usr//.so'],
    ['${A/$A/$B}', 'two'],
    ['${A///x}', 'xoxnxex'],
    // Quotes and escapes.
    ["'$A'", '$A'],
    ['"$A"', 'one'],
    ["a'b'c", 'abc'],
    ['"a\'b"', "a'b"],
    ['"a\\"b"', 'a"b'],
    ['"a\\nb"', 'a\\nb'],
    ['"\\$A"', '$A'],
    ['\\$A', '$A'],
    ["\\'", "'"],
    ['trailing\\', 'trailing'],
    ['${UNSET:-"a}b"}', 'a}b'],
    ["${UNSET:-'a}b'}", 'a}b'],
    ['${UNSET:-a\\}b}', 'a}b'],
  ])('turns %s into %s', (word, expected) => {
    expect(run(word, values)).toMatchObject({ value: { text: expected }, unresolved: [] });
  });

  it.each([
    '${}',
    '${',
    '${A',
    '${:-x}',
    '${{A}',
    '${A.}',
    '${A=x}',
    '${A:=x}',
    '${A^^}',
    '${UNSET:?}',
    '${NONE:?}',
    '${UNSET?}',
    '${PATH/lib}',
    '${PATH#\\x}',
    "open '",
    'open "',
    '"${A"',
  ])('refuses %s', (word) => {
    expect(run(word, values)).toMatchObject({ error: expect.any(String) });
  });

  it.each([
    ['$UNSET', ['UNSET']],
    ['a${UNSET}b$OTHER', ['UNSET', 'OTHER']],
    ['${UNSET%x}', ['UNSET']],
    ['${A:+$UNSET}', ['UNSET']],
    ['$1', ['1']],
    ['$UNSET$UNSET', ['UNSET']],
  ])('names the variables without a value in %s', (word, unresolved) => {
    expect(run(word, values)).toEqual({ unresolved });
  });

  it('says which message a variable was required with', () => {
    expect(run('${BASE:?say which base}').error).toBe('BASE: say which base');
    expect(run('${BASE?}').error).toBe('BASE: is not allowed to be unset');
  });

  it('takes the backtick for the escape when the file chose it', () => {
    expect(run('`$A\\x', values, '`').value?.text).toBe('$A\\x');
  });

  it('leaves a variable that is known only at build time undecided', () => {
    const environment = { budget: { left: 1000 }, get: () => ({}) };
    const undecided = (word: string) => expand(typed(word, 0, word.length), '\\', environment).unresolved;
    expect(undecided('${TARGETVARIANT:-v7}')).toEqual(['TARGETVARIANT']);
    expect(undecided('${TARGETVARIANT:+-x}')).toEqual(['TARGETVARIANT']);
    expect(undecided('${TARGETVARIANT+x}')).toEqual([]);
  });

  it('knows where each character was typed', () => {
    const file = 'ARG V=3.1\nFROM a:"$V"';
    const value = typed(file, 6, 9);
    const word = typed(file, 15, file.length);
    const { value: result } = expand(word, '\\', { budget: { left: 100 }, get: () => ({ value }) });
    expect(result?.text).toBe('a:3.1');
    expect(offsets(result)).toEqual([15, 16, 6, 7, 8]);
  });

  it('ties cut and replaced text to no place', () => {
    const { value } = run('x${A%e}', values);
    expect(offsets(value)).toEqual([0, -1, -1]);
  });

  it('bounds depth, length and the work of a file', () => {
    expect(run(`${'${U:-'.repeat(1000)}x${'}'.repeat(1000)}`).error).toContain('nested');
    expect(run('x'.repeat(10_000)).error).toContain('longer');
    const value = { value: untied('x'.repeat(8000)) };
    const spent = expand(typed('$A$A', 0, 4), '\\', { budget: { left: 10_000 }, get: () => value });
    expect(spent.error).toContain('too much');
  });
});
