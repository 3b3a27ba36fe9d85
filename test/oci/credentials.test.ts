import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/logger.ts';
import { Secret } from '../../src/core/secret.ts';
import { basicAuthorization, dockerConfigCredentials } from '../../src/oci/credentials.ts';
import { loadDockerCredentials } from '../../src/oci/docker-config.ts';
import { temporaryTree } from '../support/fleet.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const entry = { auth: base64('ann:s3cret') };

/** What is found for a registry, as `user:password`. */
function found(config: unknown, registry: string): string | undefined {
  const credentials = dockerConfigCredentials(config)(registry);
  return credentials && `${credentials.username}:${credentials.password.reveal()}`;
}

describe('dockerConfigCredentials', () => {
  it.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['ghcr.io', 'ghcr.io'],
    ['https://ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/', 'ghcr.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['localhost:5000', 'localhost:5000'],
    ['http://localhost:5000', 'localhost:5000'],
    ['[::1]:5000', '[::1]:5000'],
  ])('%s is for %s', (key, registry) => {
    expect(found({ auths: { [key]: entry } }, registry)).toBe('ann:s3cret');
  });

  it.each([
    ['ghcr.io', 'docker.io'],
    ['ghcr.io', 'evil.ghcr.io'],
    ['ghcr.io', 'ghcr.io.evil.example'],
    ['localhost:5000', 'localhost'],
    ['localhost:5000', 'localhost:5001'],
    ['example.com', 'example.com:443'],
    ['https://index.docker.io/v1/access-token', 'docker.io'],
    ['ghcr.io/one-namespace', 'ghcr.io'],
    ['', ''],
    ['https://', 'https:'],
  ])('%j is not for %j', (key, registry) => {
    expect(found({ auths: { [key]: entry } }, registry)).toBeUndefined();
  });

  it.each([
    ['a name and a password', { username: 'ann', password: 's3cret' }, 'ann:s3cret'],
    ['a password with colons', { auth: base64('ann:a:b') }, 'ann:a:b'],
    ['padding of NULs', { auth: base64('ann:s3cret\0\0\0') }, 'ann:s3cret'],
    ['letters beyond ASCII', { auth: base64('änn:pässwort') }, 'änn:pässwort'],
    ['auth before the others', { ...entry, username: 'bob', password: 'x' }, 'ann:s3cret'],
    ['no colon', { auth: base64('ann') }, undefined],
    ['no name', { auth: base64(':s3cret') }, undefined],
    ['no password', { auth: base64('ann:') }, undefined],
    ['an identity token', { auth: base64('00000000-0000-0000-0000-000000000000:'), identitytoken: 'x' }, undefined],
    ['no base64', { auth: '%%%%' }, undefined],
    ['a number', { auth: 5 }, undefined],
    ['a name alone', { username: 'ann' }, undefined],
    ['nothing', {}, undefined],
    ['null', null, undefined],
    ['text', 'ann:s3cret', undefined],
  ])('reads an entry with %s', (_name, one, expected) => {
    expect(found({ auths: { 'ghcr.io': one } }, 'ghcr.io')).toBe(expected);
  });

  it('passes over a broken entry for a whole one of the same host', () => {
    expect(found({ auths: { 'https://ghcr.io': {}, 'ghcr.io': entry } }, 'ghcr.io')).toBe('ann:s3cret');
  });

  it.each([[null], [5], ['x'], [[]], [{}], [{ auths: null }], [{ auths: 'x' }], [{ auths: [] }]])(
    'finds nothing in %j',
    (config) => {
      for (const registry of ['ghcr.io', '__proto__', 'constructor', '0'])
        expect(found(config, registry)).toBeUndefined();
    },
  );
});

it('writes a Basic header', () => {
  expect(basicAuthorization({ username: 'Aladdin', password: new Secret('open sesame') })).toBe(
    'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
  );
});

describe('loadDockerCredentials', () => {
  const read = (content: string | undefined, registry = 'ghcr.io') => {
    const tree = temporaryTree(content === undefined ? {} : { 'config.json': content });
    const said: string[] = [];
    const note = (message: string, fields: unknown = {}): void =>
      void said.push(`${message} ${JSON.stringify(fields)}`);
    const source = loadDockerCredentials(path.join(tree.folder, 'config.json'), {
      ...silentLogger,
      info: note,
      warn: note,
    });
    tree.remove();
    return { username: source(registry)?.username, said: said.join('\n') };
  };

  it('reads what docker login wrote', () => {
    expect(read(JSON.stringify({ auths: { 'ghcr.io': entry } }))).toEqual({ username: 'ann', said: '' });
  });

  it('is anonymous without a file, and silent', () => {
    expect(read(undefined)).toEqual({ username: undefined, said: '' });
  });

  it('says that a file is broken, and not what is in it', () => {
    const { username, said } = read('{ "auths": { "ghcr.io": { "auth": s3cret } } }');
    expect(username).toBeUndefined();
    expect(said).toMatch(/^the docker configuration cannot be read.*it is not valid JSON/);
    expect(said).not.toContain('s3cret');
  });

  it('says that helpers are not asked', () => {
    expect(read('{ "credsStore": "desktop" }').said).toMatch(/^credential helpers .* are not asked/);
    expect(read('null')).toEqual({ username: undefined, said: '' });
  });

  it('goes on when the file is a folder', () => {
    const tree = temporaryTree({});
    const said: string[] = [];
    mkdirSync(path.join(tree.folder, 'config.json'));
    writeFileSync(path.join(tree.folder, 'config.json/x'), '');
    const logger = { ...silentLogger, warn: (message: string) => void said.push(message) };
    expect(loadDockerCredentials(path.join(tree.folder, 'config.json'), logger)('ghcr.io')).toBeUndefined();
    expect(said).toHaveLength(1);
    tree.remove();
  });
});
