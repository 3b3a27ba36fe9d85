import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import type { Credentials } from '../../../src/oci/credentials/credentials.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { image, layer } from '../../support/image-builder.ts';
import { testClient } from '../../support/registry-client.ts';

let registry: FakeRegistry;
const base = image({ layers: [layer({ 'etc/os-release': 'ID=debian\n' })] });
const repositories = Array.from({ length: 60 }, (_, n) => `team/app-${n}`);

beforeEach(async () => {
  registry = await startFakeRegistry();
  for (const repository of repositories) registry.putManifest(repository, base.manifest, '1');
});
afterEach(() => registry.close());

const login = (password: string): Credentials => ({
  kind: 'password',
  username: 'ann',
  password: new Secret(password),
});
const looks = (client: ReturnType<typeof testClient>['client'], names = repositories): Promise<string[]> =>
  Promise.all(
    names.map(async (repository) => {
      const look = await client.look({ registry: registry.host, repository }, '1');
      return look.kind === 'unknown' ? look.problem.code : look.kind;
    }),
  );
const tokens = (): string[] => registry.log.filter(({ path }) => path.startsWith('/token')).map(({ path }) => path);
const [one = ''] = repositories;

describe('tokens', () => {
  it('are asked for 50 repositories at a time, and one request alone learns that they are needed', async () => {
    registry.auth = {};
    expect(new Set(await looks(testClient().client))).toEqual(new Set(['found']));
    expect(tokens()).toHaveLength(2);
    expect(registry.log.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(registry.log).toHaveLength(60 + 1 + 2);
  });

  it('that do not cover a repository are made anew for it alone', async () => {
    registry.auth = {};
    registry.intercept = (request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      if (url.pathname !== '/token') return false;
      // Like Docker Hub, which leaves out what it does not grant, and says nothing.
      const [first] = url.searchParams.getAll('scope');
      response.end(JSON.stringify({ token: `token-for-${first}`, expires_in: 300 }));
      return true;
    };
    expect(await looks(testClient().client, repositories.slice(0, 4))).toEqual(Array(4).fill('found'));
    expect(tokens().map((path) => new URL(path, 'http://x').searchParams.getAll('scope').length)).toEqual([4, 1, 1, 1]);
  });

  it('that stop working before their time are renewed, once per request', async () => {
    registry.auth = {};
    const { client } = testClient();
    await looks(client, [one]);
    let valid = 'second';
    registry.intercept = (request, response) => {
      if (request.url?.startsWith('/token')) {
        response.end(JSON.stringify({ token: 'second', expires_in: 300 }));
        return true;
      }
      if (request.headers.authorization === `Bearer ${valid}`) {
        response.writeHead(200, { 'docker-content-digest': base.manifest.digest }).end();
        return true;
      }
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://${registry.host}/token",service="fake"` })
        .end();
      return true;
    };
    const before = registry.log.length;
    expect(await client.look({ registry: registry.host, repository: one }, '2')).toMatchObject({ kind: 'found' });
    expect(registry.log.slice(before).map(({ status }) => status)).toEqual([401, 200, 200]);
    valid = 'none will do';
    const later = registry.log.length;
    expect(await client.look({ registry: registry.host, repository: one }, '3')).toMatchObject({
      kind: 'unknown',
      problem: { code: 'registry-unauthorized' },
    });
    expect(registry.log.slice(later).map(({ status }) => status)).toEqual([401, 200, 401]);
  });
});

it('many who are refused at once do not keep each other from a new token', async () => {
  let valid = 'first';
  registry.intercept = (request, response) => {
    if (request.url?.startsWith('/token')) {
      response.end(JSON.stringify({ token: valid, expires_in: 300 }));
      return true;
    }
    if (request.headers.authorization === `Bearer ${valid}`) return false;
    response
      .writeHead(401, { 'www-authenticate': `Bearer realm="http://${registry.host}/token"` })
      .end('x'.repeat(1e5));
    return true;
  };
  const { client } = testClient();
  await looks(client, [one]);
  valid = 'second';
  const lists = repositories.map((repository) => client.listTags({ registry: registry.host, repository }));
  expect((await Promise.all(lists)).map(({ complete }) => complete)).toEqual(repositories.map(() => true));
});

describe('a login that the token server refuses', () => {
  beforeEach(() => {
    registry.auth = {};
    registry.intercept = (request, response) => {
      if (!request.url?.startsWith('/token') || request.headers.authorization === undefined) return false;
      response.writeHead(401).end();
      return true;
    };
  });
  const wrong = login('expired-s3cret');

  it('is said once, and public images are read without it', async () => {
    const { client, problems } = testClient({ credentials: () => wrong });
    expect(new Set(await looks(client))).toEqual(new Set(['found']));
    expect(problems.all).toEqual([
      {
        code: 'registry-login-refused',
        message: `${registry.host} did not accept the credentials stored for it (its token server answered 401); went on without a login, which public images allow; log in again`,
        subject: registry.host,
      },
    ]);
    expect(JSON.stringify(problems.all)).not.toContain('s3cret');
  });

  it('is not tried for every repository', async () => {
    const { client } = testClient({ credentials: () => wrong });
    for (const repository of repositories.slice(0, 20)) await looks(client, [repository]);
    expect(registry.log.filter(({ status }) => status === 401).length).toBeLessThan(8);
  });

  it('is what the report says when nobody gets in without it either', async () => {
    registry.intercept = (request, response) => {
      if (!request.url?.startsWith('/token')) return false;
      response.writeHead(403).end();
      return true;
    };
    const { client, problems } = testClient({ credentials: () => wrong });
    const look = await client.look({ registry: registry.host, repository: one }, '1');
    expect(look).toMatchObject({
      kind: 'unknown',
      problem: { code: 'registry-unauthorized', message: expect.stringContaining('were not accepted') },
    });
    expect(problems.all).toEqual([]);
  });

  it('stays in use where only some repositories are refused', async () => {
    registry.intercept = (request, response) => {
      const scopes = new URL(request.url ?? '', 'http://x').searchParams.getAll('scope');
      if (!request.url?.startsWith('/token')) return false;
      const mayAll = request.headers.authorization !== undefined;
      if (mayAll && !scopes.some((scope) => /app-[1-9]\b/.test(scope))) return false;
      response.writeHead(403).end();
      return true;
    };
    const right = login('s3cret');
    const { client } = testClient({ credentials: () => right });
    expect(await looks(client, repositories.slice(0, 12))).toEqual([
      'found',
      ...Array(9).fill('registry-unauthorized'),
      'found',
      'found',
    ]);
  });
});

describe('Basic', () => {
  const basic = (password: string, isPublic = (_: string): boolean => false): void => {
    registry.intercept = (request, response) => {
      const expected = `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`;
      const { authorization } = request.headers;
      if (authorization === expected || (authorization === undefined && isPublic(request.url ?? ''))) return false;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
  };

  it('is shown when asked for, once learnt without being asked', async () => {
    basic('s3cret');
    const right = login('s3cret');
    const { client, problems } = testClient({ credentials: () => right });
    expect(new Set(await looks(client))).toEqual(new Set(['found']));
    expect(registry.log.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(problems.all).toEqual([]);
  });

  it('that is refused is left away once for public images', async () => {
    basic('s3cret', (url) => !url.includes('app-0'));
    const wrong = login('wrong-s3cret');
    const { client, problems } = testClient({ credentials: () => wrong });
    expect(await looks(client, repositories.slice(0, 10))).toEqual([
      'registry-unauthorized',
      ...Array(9).fill('found'),
    ]);
    expect(problems.all).toMatchObject([{ code: 'registry-login-refused' }]);
    expect(registry.log.length).toBeLessThan(10 * 2 + 2);
  });
});

it('shows a registry token as it is', async () => {
  registry.intercept = (request, response) => {
    if (request.headers.authorization === 'Bearer as-it-is') return false;
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${registry.host}/token"` }).end();
    return true;
  };
  const credentials: Credentials = { kind: 'bearer', token: new Secret('as-it-is') };
  expect(await looks(testClient({ credentials: () => credentials }).client, [one])).toEqual(['found']);
  expect(tokens()).toEqual([]);
});

it.each([
  ['another host', 'http://127.0.0.9:1/token', 'registry-unreachable'],
  ['a cloud’s metadata service', 'http://169.254.169.254/token', 'registry-unreachable'],
  ['a file', 'file:///etc/passwd', 'registry-failed'],
])('sends no credentials to a realm on %s', async (_name, realm, code) => {
  registry.auth = { realm };
  const right = login('s3cret');
  const { client } = testClient({ credentials: () => right });
  expect(await looks(client, [one])).toEqual([code]);
});

it('asks no host inside for a token that only the registry has named', async () => {
  const other = await startFakeRegistry();
  try {
    registry.auth = { realm: `http://${other.host}/token` };
    const { client } = testClient({ http: { onward: () => 'public' } });
    expect(await client.look({ registry: registry.host, repository: 'a' }, 'latest')).toMatchObject({
      kind: 'unknown',
      problem: { message: expect.stringContaining('name it under "registries"') },
    });
    expect(other.log).toEqual([]);
  } finally {
    await other.close();
  }
});

it('carries no credentials to where the API itself redirects', async () => {
  const other = await startFakeRegistry();
  other.putManifest(one, base.manifest, '1');
  registry.auth = {};
  registry.intercept = (request, response) => {
    if (request.url?.startsWith('/token') || request.headers.authorization === undefined) return false;
    response.writeHead(307, { location: `http://${other.host}${request.url}` }).end();
    return true;
  };
  const right = login('s3cret');
  expect(await looks(testClient({ credentials: () => right }).client, [one])).toEqual(['found']);
  expect(other.log.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  await other.close();
});

describe('an API that redirects to a registry that wants a token', () => {
  let other: FakeRegistry;
  const canary = login('canary-s3cret');
  const names = repositories.slice(0, 3);
  const tokensOf = ({ log }: FakeRegistry): number => log.filter(({ path }) => path.startsWith('/token')).length;
  const everythingSent = (): string => JSON.stringify(other.log.map(({ path, headers }) => [path, headers]));

  beforeEach(async () => {
    other = await startFakeRegistry();
    for (const name of names) other.putManifest(`their/${name}`, base.manifest, '1');
    other.auth = {};
    registry.intercept = (request, response) => {
      if (!request.url?.startsWith('/v2/')) return false;
      if (registry.auth !== undefined && request.headers.authorization === undefined) return false;
      response.writeHead(307, { location: `http://${other.host}${request.url.replace('/v2/', '/v2/their/')}` }).end();
      return true;
    };
  });
  afterEach(() => other.close());

  it('is read as nobody, with a token of the host that asked, also where a login is stored for the first', async () => {
    const { client } = testClient({ credentials: () => canary });
    expect(await looks(client, names)).toEqual(['found', 'found', 'found']);
    expect(await client.document({ registry: registry.host, repository: one }, base.manifest.digest)).toMatchObject({
      kind: 'manifest',
    });
    const shown = other.log.map(({ headers }) => headers.authorization);
    for (const given of shown) if (given !== undefined) expect(given).toMatch(/^Bearer token-for-repository:their\//);
    expect(shown.filter((given) => given === undefined)).toHaveLength(1 + tokensOf(other));
    // The first host is shown nothing that the second gave out.
    expect(registry.log.map(({ headers }) => headers.authorization)).toEqual(registry.log.map(() => undefined));
  });

  it('learns once how the other host wants to be asked', async () => {
    const { client } = testClient();
    await looks(client, [one]);
    await looks(client, names.slice(1));
    expect(other.log.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  it.each([
    ['as nobody', undefined],
    ['with a login for the first', canary],
  ])('may ask for a token of the other host’s itself, too: %s', async (_name, credentials) => {
    registry.auth = { realm: `http://${other.host}/token` };
    const { client } = testClient({ credentials: () => credentials });
    expect(await looks(client, names)).toEqual(['found', 'found', 'found']);
    expect(everythingSent()).not.toContain('Basic');
    expect(everythingSent()).not.toContain('canary');
  });

  it('keeps the login for the first host, where that wants one', async () => {
    registry.auth = { basic: 'ann:canary-s3cret' };
    const { client } = testClient({ credentials: () => canary });
    expect(await looks(client, names)).toEqual(['found', 'found', 'found']);
    expect(everythingSent()).not.toContain('Basic');
    const first = registry.log.map(({ headers }) => headers.authorization ?? '').filter((one) => one !== '');
    for (const given of new Set(first.filter((one) => one.startsWith('Bearer')))) {
      expect(everythingSent()).not.toContain(`"authorization":"${given}"`);
    }
  });

  it('makes a token anew that ran out', async () => {
    const { client } = testClient();
    await looks(client, [one]);
    let refused = 0;
    other.intercept = (request, response) => {
      if (request.headers.authorization === undefined || refused++ > 0 || request.url?.startsWith('/token'))
        return false;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${other.host}/token",service="fake"` }).end();
      return true;
    };
    const look = await client.look({ registry: registry.host, repository: one }, base.manifest.digest);
    expect(look).toMatchObject({ kind: 'found' });
  });

  it('that wants a login is not shown one, and the message says which to use', async () => {
    other.auth = { basic: 'somebody:else' };
    const { client } = testClient({ credentials: () => canary });
    expect(await looks(client, [one])).toEqual(['registry-unauthorized']);
    other.auth = {};
    other.intercept = (request, response) => {
      if (request.url?.startsWith('/token')) return false;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${other.host}/token",service="fake"` }).end();
      return true;
    };
    const look = await testClient().client.look({ registry: registry.host, repository: one }, '1');
    expect(look).toMatchObject({
      problem: { message: expect.stringContaining(`name ${other.host} in the reference`) },
    });
    expect(everythingSent()).not.toContain('Basic');
  });

  it('is not asked as a guest where it wants a password', async () => {
    other.intercept = (_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return true;
    };
    const { client } = testClient({ credentials: () => canary });
    expect(await looks(client, [one])).toEqual(['registry-unauthorized']);
    expect(other.log).toHaveLength(1);
  });
});
