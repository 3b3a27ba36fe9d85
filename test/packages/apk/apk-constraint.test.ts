import { describe, expect, it } from 'vitest';
import { parseApkDependency, satisfiesApk } from '../../../src/packages/apk/apk-constraint.ts';
import { fc } from '../../support/fast-check.ts';

describe('what apk takes for a constraint', () => {
  it.each([
    ['8.5.0-r0', '=', '8.5.0-r0', true],
    ['8.5.0-r1', '=', '8.5.0-r0', false],
    ['8.5.0-r0', '=', '8.5.0', false],
    ['1.2', '<', '1.10', true],
    ['1.10', '<', '1.2', false],
    ['1.2', '<=', '1.2', true],
    ['1.3', '>', '1.2', true],
    ['1.2', '>', '1.2', false],
    ['1.2', '>=', '1.2', true],
    ['1.2', '>=', '1.3', false],
    ['1.6', '~', '1.6', true],
    ['1.6.9_p1-r3', '~', '1.6', true],
    ['1.6.0_pre1', '~', '1.6', true],
    ['1.60', '~', '1.6', false],
    ['1.7', '~', '1.6', false],
    ['1', '~', '1.6', false],
    ['1.6a', '~', '1.6', true],
    ['1.6.1-r2', '~', '1.6.1-r2', true],
    ['1.6.1-r20', '~', '1.6.1-r2', false],
    ['1.6_p10', '~', '1.6_p1', false],
    ['1.6.3', '=~', '1.6', true],
    ['1.6.3', '~=', '1.6', true],
    ['1.7', '>~', '1.6', true],
    ['1.6.0_pre1', '>~', '1.6', true],
    ['1.5', '>~', '1.6', false],
    ['1.6.3', '<~', '1.6', true],
    ['1.5', '<~', '1.6', true],
    ['1.7', '<~', '1.6', false],
    ['1.0', '', '', true],
    ['1.0', '><', 'Q1abc', false],
    ['1.0', '?', '1.0', false],
  ])('%s %s %s: %s', (version, operator, wanted, expected) => {
    expect(satisfiesApk(version, operator, wanted)).toBe(expected);
  });

  it('takes every version for itself, whatever it is, and says the opposite of < and >=', () => {
    const version = fc.stringMatching(/^\d{1,3}(\.\d{1,3}){0,3}[a-c]?(_(alpha|rc|p)\d?)?(-r\d{1,2})?$/);
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(satisfiesApk(a, '=', a) && satisfiesApk(a, '~', a)).toBe(true);
        expect(satisfiesApk(a, '<', b)).toBe(!satisfiesApk(a, '>=', b));
        if (satisfiesApk(a, '~', b)) expect(satisfiesApk(a, '>~', b) && satisfiesApk(a, '<~', b)).toBe(true);
      }),
    );
  });

  it('is quick with versions of any length', () => {
    const long = '1.2_p3'.repeat(50_000);
    expect(satisfiesApk(long, '~', long)).toBe(true);
    expect(satisfiesApk(long, '~', '1')).toBe(true);
  });
});

describe('words of a world file', () => {
  it.each([
    ['curl', { name: 'curl', conflict: false, operator: '', version: '' }],
    ['curl=8.5.0-r0', { name: 'curl', conflict: false, operator: '=', version: '8.5.0-r0' }],
    ['foo~1.2', { name: 'foo', conflict: false, operator: '~', version: '1.2' }],
    ['bar@edge', { name: 'bar', conflict: false, tag: 'edge', operator: '', version: '' }],
    ['bar@edge>=2', { name: 'bar', conflict: false, tag: 'edge', operator: '>=', version: '2' }],
    ['!bad', { name: 'bad', conflict: true, operator: '', version: '' }],
    ['so:libssl.so.3', { name: 'so:libssl.so.3', conflict: false, operator: '', version: '' }],
    ['x><Q1abc=', { name: 'x', conflict: false, operator: '><', version: 'Q1abc=' }],
    ['', undefined],
    ['=1', undefined],
  ])('%s', (word, expected) => {
    expect(parseApkDependency(word)).toEqual(expected);
  });
});
