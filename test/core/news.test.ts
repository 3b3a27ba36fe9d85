import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findingId, newsKey } from '../../src/core/news.ts';
import { fc } from '../support/fast-check.ts';

const place = {
  tree: '.',
  file: 'Dockerfile',
  subject: 'image',
  key: 'docker.io/library/debian:12',
  ordinal: 0,
} as const;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('identities', () => {
  // Another hash here tells everybody everything again: raise the schema and map the old keys first.
  it('are fixed', () => {
    expect(findingId(place)).toBe('d7e957d619f7ff058d7f819fe69e5c224182358542edfddebfce6d7373817ea4');
    expect(newsKey('security', 'docker.io/library/debian:12', ['xz-utils', '5.4.1-1+deb12u2'])).toBe(
      '08079f02e5a85f06806b9e55622c0defef0828b4a160b16628507616d98a6976',
    );
  });

  it('are the sha256 of a JSON list that begins with the schema', () => {
    expect(findingId(place)).toBe(sha256('[1,".","Dockerfile","image","docker.io/library/debian:12",0]'));
    expect(newsKey('content', 'a', ['sha256:1', 'sha256:2'])).toBe(sha256('[1,"content","a","sha256:1","sha256:2"]'));
  });

  it('differ in every part', () => {
    const others = [
      { ...place, tree: 'x' },
      { ...place, file: 'x' },
      { ...place, subject: 'package' },
      { ...place, key: 'x' },
      { ...place, ordinal: 1 },
    ] as const;
    expect(new Set([place, ...others].map(findingId)).size).toBe(6);
  });

  it('do not run into each other, whatever the parts contain', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) => {
        expect(newsKey('packages', 'k', a) === newsKey('packages', 'k', b)).toBe(
          JSON.stringify(a) === JSON.stringify(b),
        );
      }),
    );
  });
});
