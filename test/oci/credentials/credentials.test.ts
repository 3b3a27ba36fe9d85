import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/problem.ts';
import { Secret } from '../../../src/core/secret.ts';
import { basicAuthorization, firstOf } from '../../../src/oci/credentials/credentials.ts';
import { parseDockerConfig } from '../../../src/oci/credentials/docker-config.ts';
import { type CredentialStore, storedCredentials } from '../../../src/oci/credentials/stored-credentials.ts';
import { temporaryTree } from '../../support/fleet.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const entry = { auth: base64('ann:s3cret') };

/** What is found for a repository, as text. */
function found(config: unknown, registry: string, repository = 'team/app'): string | undefined {
  const one = parseDockerConfig(config).find(registry, repository);
  if (one === undefined) return undefined;
  if (one.kind === 'password') return `${one.username}:${one.password.reveal()}`;
  return `${one.kind} ${one.token.reveal()}`;
}

describe('parseDockerConfig', () => {
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
    ['an identity token (az acr login)', { auth: base64('00000000:'), identitytoken: 'x' }, 'identity x'],
    ['an identity token in place of a password', { auth: base64('<token>:x') }, 'identity x'],
    ['a token that is sent as it is', { registrytoken: 'x' }, 'bearer x'],
    ['no base64', { auth: '%%%%' }, undefined],
    ['a number', { auth: 5 }, undefined],
    ['a name alone', { username: 'ann' }, undefined],
    ['nothing', {}, undefined],
    ['null', null, undefined],
    ['text', 'ann:s3cret', undefined],
  ])('reads an entry with %s', (_name, one, expected) => {
    expect(found({ auths: { 'ghcr.io': one } }, 'ghcr.io')).toBe(expected);
  });

  it('takes the login of the closest namespace', () => {
    const auths = {
      'quay.io': { auth: base64('all:x') },
      'quay.io/team': { auth: base64('team:x') },
      'quay.io/team/app': { auth: base64('app:x') },
    };
    expect(['team/app', 'team/other', 'team', 'teammate/app'].map((name) => found({ auths }, 'quay.io', name))).toEqual(
      ['app:x', 'team:x', 'team:x', 'all:x'],
    );
  });

  it('names the helper of a registry before the one for all, by the name it knows', () => {
    const config = parseDockerConfig({
      auths: { 'https://ghcr.io': {}, 'https://index.docker.io/v1/': {} },
      credHelpers: { 'x.dkr.ecr.eu-west-1.amazonaws.com': 'ecr-login', 'index.docker.io': 'pass' },
      credsStore: 'desktop',
    });
    expect(['x.dkr.ecr.eu-west-1.amazonaws.com', 'docker.io', 'ghcr.io', 'quay.io'].map(config.helperFor)).toEqual([
      { helper: 'ecr-login', server: 'x.dkr.ecr.eu-west-1.amazonaws.com' },
      { helper: 'pass', server: 'https://index.docker.io/v1/' },
      { helper: 'desktop', server: 'https://ghcr.io' },
      { helper: 'desktop', server: 'quay.io' },
    ]);
    expect(parseDockerConfig({ credHelpers: { 'ghcr.io': 5, '': 'x' }, credsStore: '' }).helperFor('ghcr.io')).toBe(
      undefined,
    );
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
  expect(basicAuthorization('Aladdin', new Secret('open sesame'))).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
});

it('believes the first source that knows', async () => {
  const source = firstOf(
    () => undefined,
    (registry) => (registry === 'a' ? { kind: 'bearer', token: new Secret('first') } : undefined),
    () => ({ kind: 'bearer', token: new Secret('second') }),
  );
  const tokens = await Promise.all(['a', 'b'].map((registry) => source(registry, 'x')));
  expect(tokens.map((one) => one?.kind === 'bearer' && one.token.reveal())).toEqual(['first', 'second']);
});

describe('storedCredentials', () => {
  const trees: { remove: () => void }[] = [];
  afterEach(() => {
    for (const tree of trees.splice(0)) tree.remove();
  });
  const folder = (files: Record<string, string>): string => {
    const tree = temporaryTree(files);
    trees.push(tree);
    return tree.folder;
  };
  const file = (content: string): CredentialStore => ({
    kind: 'file',
    file: path.join(folder({ 'config.json': content }), 'config.json'),
  });
  const open = (stores: readonly CredentialStore[], ask?: Parameters<typeof storedCredentials>[2]) => {
    const problems: Problem[] = [];
    const source = storedCredentials(stores, { add: (problem) => void problems.push(problem) }, ask);
    const user = async (registry: string): Promise<string | undefined> => {
      const one = await source(registry, 'team/app');
      return one && 'username' in one ? one.username : undefined;
    };
    return { user, problems };
  };
  const config = (host: string, user: string): string =>
    JSON.stringify({ auths: { [host]: { auth: base64(`${user}:x`) } } });

  it('believes the variable, then the files in order', async () => {
    const { user, problems } = open([
      { kind: 'text', name: 'DOCKER_AUTH_CONFIG', text: config('a', 'variable') },
      file(config('a', 'first')),
      file(config('b', 'second')),
      { kind: 'file', file: '/nowhere/auth.json' },
    ]);
    expect([await user('a'), await user('b'), await user('c')]).toEqual(['variable', 'second', undefined]);
    expect(problems).toEqual([]);
  });

  it('says once that a file is broken, not what is in it, and goes on', async () => {
    const { user, problems } = open([file('{ "auths": { "ghcr.io": { "auth": s3cret } } }'), file(config('a', 'ann'))]);
    expect([await user('a'), await user('ghcr.io')]).toEqual(['ann', undefined]);
    expect(problems).toMatchObject([
      { code: 'credentials-unreadable', message: expect.stringContaining('not valid JSON') },
    ]);
    expect(JSON.stringify(problems)).not.toContain('s3cret');
  });

  it.each(['[]', 'null', '"s3cret"'])('says that %s is no file of logins', async (text) => {
    const { user, problems } = open([file(text), file(config('a', 'ann'))]);
    expect(await user('a')).toBe('ann');
    expect(problems).toMatchObject([
      { code: 'credentials-unreadable', message: expect.stringContaining('no JSON object') },
    ]);
  });

  it('goes on without a file that has no end', async () => {
    const { user, problems } = open([{ kind: 'file', file: '/dev/zero' }, file(config('a', 'ann'))]);
    expect(await user('a')).toBe('ann');
    expect(problems).toMatchObject([
      { code: 'credentials-unreadable', message: expect.stringContaining('larger than 4194304 bytes') },
    ]);
  });

  it('says that a login cannot be read, of the registry that is asked for', async () => {
    const { user, problems } = open([
      file(JSON.stringify({ auths: { a: { auth: base64('s3cret') }, b: { auth: base64('s3cret') }, c: {} } })),
    ]);
    expect([await user('a'), await user('c')]).toEqual([undefined, undefined]);
    expect(problems).toMatchObject([
      { code: 'credentials-unreadable', message: expect.stringContaining('the login for a in') },
    ]);
    expect(JSON.stringify(problems)).not.toContain('s3cret');
  });

  it('goes on when the file is a folder', async () => {
    const place = path.join(folder({}), 'config.json');
    mkdirSync(place);
    const { user, problems } = open([{ kind: 'file', file: place }]);
    expect(await user('a')).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'credentials-unreadable' }]);
  });

  it('asks a helper once per registry, and the file when it knows nothing', async () => {
    const asked: string[] = [];
    const text = JSON.stringify({ credsStore: 'desktop', ...JSON.parse(config('b', 'file')) });
    const { user } = open([file(text)], async (helper, server) => {
      asked.push(`${helper} ${server}`);
      const password = new Secret('x');
      return { credentials: server === 'a' ? { kind: 'password', username: 'helper', password } : undefined };
    });
    expect(await Promise.all(['a', 'a', 'b', 'docker.io'].map(user))).toEqual(['helper', 'helper', 'file', undefined]);
    await user('a');
    expect(asked).toEqual(['desktop a', 'desktop b', 'desktop https://index.docker.io/v1/']);
  });

  it('says what is wrong with a helper, once', async () => {
    const text = JSON.stringify({ credHelpers: { a: 'cloud' } });
    const { user, problems } = open([file(text)], async () => ({ trouble: 'is not installed' }));
    await user('a');
    await user('a');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(
      /^the credential helper docker-credential-cloud, which .*config\.json names for a, is not installed; going on without that login$/,
    );
  });
});
