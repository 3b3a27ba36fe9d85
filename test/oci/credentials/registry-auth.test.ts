import { expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { registryAuth } from '../../../src/oci/credentials/registry-auth.ts';

it.each([1, 2, 3, 4])(
  'a login is whole in the alphabet of URLs, with its padding: a password of %i more characters',
  (more) => {
    // Of these both of the characters come that are others in URLs.
    const password = `${'?>~ÿ'.repeat(6)}${'x'.repeat(more)}`;
    const text = registryAuth({ kind: 'password', username: 'me', password: new Secret(password) }, 'docker.io');
    expect(text).toMatch(/^[\w-]+={0,2}$/);
    expect(text.length % 4).toBe(0);
    expect(JSON.parse(Buffer.from(text, 'base64url').toString())).toEqual({
      username: 'me',
      password,
      serveraddress: 'https://index.docker.io/v1/',
    });
  },
);
