import { describe, expect, it } from 'vitest';
import { didYouMean, nearestWord } from '../../src/core/nearest-word.ts';
import { fc } from '../support/fast-check.ts';

const words = ['amd64', 'arm64', 'arm', 'security', 'packages', 'pin-broken'];

describe('the word that somebody meant', () => {
  it.each([
    ['amd46', 'amd64'],
    ['ARM46', 'arm64'],
    ['securty', 'security'],
    ['secuirty', 'security'],
    ['package', 'packages'],
    ['pinbroken', 'pin-broken'],
    ['secur', 'security'],
    ['PACK', 'packages'],
    ['pi', undefined],
    ['arm', 'arm'],
    ['xyz', undefined],
    ['', undefined],
    ['an', undefined],
  ])('%j is %j', (typed, meant) => {
    expect(nearestWord(typed, words)).toBe(meant);
  });

  it('is the word itself where that is among them, and one of them always', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1 }).map((one) => one.toLowerCase())),
        fc.string(),
        (list, typed) => {
          for (const one of list) expect(nearestWord(one, list)).toBe(one);
          expect([undefined, ...list]).toContain(nearestWord(typed, list));
        },
      ),
    );
  });

  it('ends a sentence', () => {
    expect(didYouMean('amd46', words)).toBe('; did you mean "amd64"?');
    expect(didYouMean('xyz', words)).toBe('');
  });
});
