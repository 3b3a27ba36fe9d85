import { describe, expect, it } from 'vitest';
import { globToRegExp } from '../../src/core/glob.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { fc } from '../support/fast-check.ts';

const matches = (glob: string, text: string): boolean => globToRegExp(glob).test(text);

describe('globToRegExp', () => {
  it.each([
    ['*.yml', 'a.yml', true],
    ['*.yml', 'b/a.yml', false],
    ['*.yml', 'a.yml.bak', false],
    ['*.yml', 'axyml', false],
    ['?', 'a', true],
    ['?', '', false],
    ['?', '/', false],
    ['a?c', 'abc', true],
    ['**', '', true],
    ['**', 'a/b\nc', true],
    ['**/x/**', 'x/a', true],
    ['**/x/**', 'a/b/x/c/d', true],
    ['**/x/**', 'a/x', false],
    ['**/x/**', 'ax/b', false],
    ['**/x', 'x', true],
    ['**/x', 'a/x', true],
    ['**/x', 'ax', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/c/d/b', true],
    ['a/**/b', 'a/cb', false],
    ['a/**/**/b', 'a/b', true],
    ['a**/b', 'ax/y/b', true],
    ['a**/b', 'ab', false],
    ['a/**', 'a/', true],
    ['a/**', 'a', false],
    ['***', 'a/b', true],
    ['*a*b', 'xaayb', true],
    ['**a*b', 'a/ab', true],
    ['{a,b}', 'b', true],
    ['{a,b}', 'c', false],
    ['{a,b}', '{a,b}', false],
    ['{,x}y', 'y', true],
    ['{a,b{c,d}}e', 'bde', true],
    ['{a/b,c}/d', 'a/b/d', true],
    ['{**/,}Dockerfile', 'a/Dockerfile', true],
    ['{**/,}Dockerfile', 'Dockerfile', true],
    ['{abc,a}*c', 'abc', true],
    ['a,b', 'a,b', true],
    ['{a,b', '{a,b', true],
    ['a}b', 'a}b', true],
    ['{a,{b}', '{a,b', true],
    ['{a},b}', 'a,b}', true],
    ['docker.io/library/*', 'docker.io/library/debian', true],
    ['docker.io/library/*', 'dockerxio/library/debian', false],
    ['a+(b)[c]^$|\\', 'a+(b)[c]^$|\\', true],
    ['.github/*', '.github/x', true],
    ['*', '.hidden', true],
    ['', '', true],
    ['', 'a', false],
  ])('%j on %j: %j', (glob, text, answer) => {
    expect(matches(glob, text)).toBe(answer);
  });

  it('agrees with the definition on any glob and path', () => {
    const piece = fc.constantFrom('*', '**', '**/', '/', '?', 'a', 'b', 'ab', '{a,b}', '{*,b/}', '{a*,**/b}');
    const glob = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', '/', 'ab/'), { maxLength: 9 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(glob, text, (pattern, path) => {
        expect(matches(pattern, path)).toBe(defined(pattern, path));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['stars in one component', '*a'.repeat(400), `${'a'.repeat(4000)}b`],
    ['stars that cross', `${'**a'.repeat(300)}b`, 'a'.repeat(4000)],
    ['folders', `${'**/a/'.repeat(150)}b`, 'a/'.repeat(2000)],
    ['folders and stars', `${'**/*a*/'.repeat(100)}b`, 'aa/'.repeat(1300)],
    ['folders without names', `${'**/'.repeat(300)}b`, 'a/'.repeat(2000)],
    ['braces and stars', `${'{a,b}*'.repeat(7)}c`, 'ab'.repeat(2000)],
  ])('takes no time over hostile %s', async (_name, glob, text) => {
    expect(await cpuTime(() => expect(matches(glob, text)).toBe(false))).toBeLessThan(1000);
  });

  it('refuses what could not be bounded', () => {
    expect(() => globToRegExp('{a,b}'.repeat(40))).toThrow(/more than 256 choices/);
    expect(() => globToRegExp('a'.repeat(1001))).toThrow(/1001 characters/);
  });

  it('gives sources that can be joined', () => {
    const joined = new RegExp(['*a*b', '**/*c*d'].map((glob) => globToRegExp(glob).source).join('|'));
    expect(['xaxb', 'x/ycd', 'xc'].map((text) => joined.test(text))).toEqual([true, true, false]);
  });
});

/** The meaning of a glob, written down without a thought for speed. */
function defined(glob: string, text: string): boolean {
  const brace = /^([^{]*)\{([^}]*)\}(.*)$/.exec(glob);
  if (brace) return (brace[2] ?? '').split(',').some((one) => defined(`${brace[1]}${one}${brace[3]}`, text));
  const fits = (at: number, rest: string): boolean => {
    if (at === glob.length) return rest === '';
    const tails = Array.from({ length: rest.length + 1 }, (_, i) => rest.slice(i));
    if (glob.startsWith('**/', at) && (at === 0 || glob[at - 1] === '/')) {
      return fits(at + 3, rest) || tails.some((tail, i) => i > 0 && rest[i - 1] === '/' && fits(at + 3, tail));
    }
    if (glob.startsWith('**', at)) {
      const next = at + (/^\*+/.exec(glob.slice(at))?.[0].length ?? 0);
      return tails.some((tail) => fits(next, tail));
    }
    const c = glob[at];
    if (c === '*') return tails.some((tail, i) => !rest.slice(0, i).includes('/') && fits(at + 1, tail));
    return rest !== '' && (c === '?' ? rest[0] !== '/' : rest[0] === c) && fits(at + 1, rest.slice(1));
  };
  return fits(0, text);
}
