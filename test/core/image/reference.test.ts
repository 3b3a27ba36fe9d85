import { describe, expect, it } from 'vitest';
import { formatReference, parseReference, referenceKey } from '../../../src/core/image/reference.ts';
import { fc } from '../../support/fast-check.ts';

const f64 = 'f'.repeat(64);

describe('parseReference', () => {
  it.each([
    ['debian', 'docker.io', 'library/debian', undefined, undefined],
    ['debian:12', 'docker.io', 'library/debian', '12', undefined],
    ['docker.io/debian', 'docker.io', 'library/debian', undefined, undefined],
    ['index.docker.io/library/debian:12', 'docker.io', 'library/debian', '12', undefined],
    ['registry-1.docker.io/grafana/grafana', 'docker.io', 'grafana/grafana', undefined, undefined],
    ['grafana/grafana:11', 'docker.io', 'grafana/grafana', '11', undefined],
    ['test.com:5000', 'docker.io', 'library/test.com', '5000', undefined],
    ['localhost/app', 'localhost', 'app', undefined, undefined],
    ['localhost:5000/app:1', 'localhost:5000', 'app', '1', undefined],
    ['Registry/app', 'Registry', 'app', undefined, undefined],
    ['[::1]:5000/a/b', '[::1]:5000', 'a/b', undefined, undefined],
    [`ghcr.io/a/b:v1@sha256:${f64}`, 'ghcr.io', 'a/b', 'v1', `sha256:${f64}`],
    [`alpine@sha512:${f64}${f64}`, 'docker.io', 'library/alpine', undefined, `sha512:${f64}${f64}`],
    ['a__b/c--d.e/f', 'docker.io', 'a__b/c--d.e/f', undefined, undefined],
    ['lowercase:Uppercase', 'docker.io', 'library/lowercase', 'Uppercase', undefined],
  ])('%s', (text, registry, repository, tag, digest) => {
    expect(parseReference(text)).toEqual({ registry, repository, ...(tag && { tag }), ...(digest && { digest }) });
  });

  it.each([
    [''],
    [':tag'],
    [`@sha256:${f64}`],
    [f64],
    ['Uppercase:tag'],
    ['test:5000/Upper/lower'],
    ['a///b'],
    ['a..b'],
    ['a/_b'],
    ['repo:-tag'],
    [`repo:${'x'.repeat(129)}`],
    [`repo@sha256:${'f'.repeat(63)}`],
    [`repo@sha256:${'F'.repeat(64)}`],
    [`repo@md5:${'f'.repeat(32)}`],
    [`repo@sha256:${f64}@sha256:${f64}`],
    ['[fe80::1%eth0]:5000/repo'],
    ['[::1]'],
    ['https://docker.io/debian'],
    ['a b'],
    ['debian:12\n'],
    [`${'a/'.repeat(128)}a`],
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'REFERENCE' }));
  });

  it('allows a repository of 255 characters whatever the tag adds', () => {
    expect(parseReference(`${'a/'.repeat(127)}a:tag-beyond`).tag).toBe('tag-beyond');
  });

  it('round-trips through the canonical text', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const registry = fc.constantFrom('docker.io', 'ghcr.io', 'localhost:5000', '[::1]:1', '127.0.0.1:80');
    fc.assert(
      fc.property(
        registry,
        fc.array(word, { minLength: 2, maxLength: 4 }),
        fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/)),
        fc.boolean(),
        (host, path, tag, pinned) => {
          const text = `${host}/${path.join('/')}${tag === null ? '' : `:${tag}`}${pinned ? `@sha256:${f64}` : ''}`;
          expect(formatReference(parseReference(text))).toBe(text);
        },
      ),
    );
  });
});

describe('referenceKey', () => {
  it.each([
    ['debian', 'docker.io/library/debian:latest'],
    [`debian:12@sha256:${f64}`, 'docker.io/library/debian:12'],
    [`debian@sha256:${f64}`, `docker.io/library/debian@sha256:${f64}`],
  ])('%s', (text, key) => {
    expect(referenceKey(parseReference(text))).toBe(key);
  });
});
