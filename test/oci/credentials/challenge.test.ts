import { describe, expect, it } from 'vitest';
import { parseChallenge } from '../../../src/oci/credentials/challenge.ts';

describe('parseChallenge', () => {
  it.each([
    ['Basic', [{ scheme: 'basic', params: {} }]],
    ['Basic realm="a"', [{ scheme: 'basic', params: { realm: 'a' } }]],
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      [
        {
          scheme: 'bearer',
          params: {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        },
      ],
    ],
    [
      'Bearer realm="https://auth.example.com/token",service="r",other=fun,slashed="he\\"\\l\\lo"',
      [
        {
          scheme: 'bearer',
          params: { realm: 'https://auth.example.com/token', service: 'r', other: 'fun', slashed: 'he"llo' },
        },
      ],
    ],
    ['BEARER Realm="x" , SERVICE = y', [{ scheme: 'bearer', params: { realm: 'x', service: 'y' } }]],
    [
      'Bearer realm=https://h.example/token,service=x',
      [{ scheme: 'bearer', params: { realm: 'https://h.example/token', service: 'x' } }],
    ],
    ['Negotiate abc==', [{ scheme: 'negotiate', params: {}, token68: 'abc==' }]],
    [
      'Negotiate, Basic realm="a, b", Bearer realm="c"',
      [
        { scheme: 'negotiate', params: {} },
        { scheme: 'basic', params: { realm: 'a, b' } },
        { scheme: 'bearer', params: { realm: 'c' } },
      ],
    ],
    [
      'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
      [
        { scheme: 'newauth', params: { realm: 'apps', type: '1', title: 'Login to "apps"' } },
        { scheme: 'basic', params: { realm: 'simple' } },
      ],
    ],
    [', , Basic realm="x" ,,', [{ scheme: 'basic', params: { realm: 'x' } }]],
    ['Bearer realm="a",realm="b"', [{ scheme: 'bearer', params: { realm: 'a' } }]],
    ['Bearer realm="unfinished', [{ scheme: 'bearer', params: { realm: 'unfinished' } }]],
    ['', []],
    ['"nonsense"', []],
  ])('%j', (header, challenges) => {
    expect(parseChallenge(header)).toEqual(challenges);
  });

  it('keeps several header lines apart', () => {
    expect(parseChallenge(['Basic realm="a"', 'Bearer realm="b"']).map(({ scheme }) => scheme)).toEqual([
      'basic',
      'bearer',
    ]);
  });

  it('reads a long hostile value in linear time', () => {
    expect(parseChallenge(`Bearer ${'a="'.repeat(100_000)}`)).toHaveLength(1);
    expect(parseChallenge(`${'a '.repeat(100_000)}`).length).toBeGreaterThan(0);
    expect(parseChallenge(`Basic ${'x'.repeat(300_000)}!`)[0]?.scheme).toBe('basic');
  });
});
