import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOf, parseDigest } from '../../../src/core/image/digest.ts';
import { Secret } from '../../../src/core/secret.ts';
import type { Credentials } from '../../../src/oci/credentials/credentials.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { image, index, layer } from '../../support/image-builder.ts';
import { testClient } from '../../support/registry-client.ts';

let registry: FakeRegistry;
const base = image({ layers: [layer({ 'etc/os-release': 'ID=debian\n' })] });

beforeEach(async () => {
  registry = await startFakeRegistry();
  registry.putManifest('library/app', base.manifest, '1');
  registry.putBlob(base.config.bytes);
  for (const one of base.layers) registry.putBlob(one.bytes);
});
afterEach(() => registry.close());

const repository = (): { registry: string; repository: string } => ({
  registry: registry.host,
  repository: 'library/app',
});
const methods = (): string[] => registry.log.map(({ method, status }) => `${method} ${status}`);

describe('look', () => {
  it('costs one HEAD, however often it is asked', async () => {
    const { client } = testClient();
    const looks = await Promise.all([client.look(repository(), '1'), client.look(repository(), '1')]);
    expect(looks).toEqual([
      { kind: 'found', digest: base.manifest.digest, index: false },
      { kind: 'found', digest: base.manifest.digest, index: false },
    ]);
    expect(methods()).toEqual(['HEAD 200']);
  });

  it('hashes the raw bytes when HEAD carries no digest', async () => {
    registry.digestHeader = false;
    const { client, http } = testClient();
    expect(await client.look(repository(), '1')).toMatchObject({ kind: 'found', digest: base.manifest.digest });
    expect(methods()).toEqual(['HEAD 200', 'GET 200']);
    expect(http.cost.countedPulls).toBe(1);
  });

  it.each([400, 403, 405, 501])('asks with GET where HEAD is answered by %i, and remembers that', async (status) => {
    registry.intercept = (request, response) => {
      if (request.method !== 'HEAD') return false;
      response.writeHead(status).end();
      return true;
    };
    const { client } = testClient();
    expect(await client.look(repository(), '1')).toMatchObject({ kind: 'found' });
    expect(await client.look(repository(), base.manifest.digest)).toMatchObject({ kind: 'found' });
    expect(methods()).toEqual([`HEAD ${status}`, 'GET 200', 'GET 200']);
  });

  it('asks once more with GET where HEAD is refused, and goes on with HEAD where GET is, too', async () => {
    registry.intercept = (_, response) => {
      response.writeHead(403).end();
      return true;
    };
    const { client } = testClient();
    for (const tag of ['1', '2']) {
      expect(await client.look(repository(), tag)).toMatchObject({ problem: { code: 'registry-denied' } });
    }
    expect(methods()).toEqual(['HEAD 403', 'GET 403', 'HEAD 403', 'GET 403']);
  });

  it.each([401, 429])('takes %i for an answer to both', async (status) => {
    registry.intercept = (_, response) => {
      response.writeHead(status, { 'retry-after': '3600' }).end();
      return true;
    };
    expect(await testClient().client.look(repository(), '1')).toMatchObject({ kind: 'unknown' });
    expect(methods()).toEqual([`HEAD ${status}`]);
  });

  it('says gone only after MANIFEST_UNKNOWN to a HEAD and a GET', async () => {
    const { client } = testClient();
    expect(await client.look(repository(), 'absent')).toMatchObject({ kind: 'gone' });
    expect(methods()).toEqual(['HEAD 404', 'GET 404']);
  });

  describe('at a digest that is read next', () => {
    const { digest } = base.manifest;
    const look = (client: ReturnType<typeof testClient>['client'], of = digest) =>
      client.look(repository(), of, 'read');

    it('costs the one GET that the reading takes', async () => {
      const { client } = testClient();
      expect(await look(client)).toEqual({ kind: 'found', digest, index: false });
      expect(await client.document(repository(), digest)).toMatchObject({ kind: 'manifest' });
      expect(methods()).toEqual(['GET 200']);
    });

    it('costs a HEAD where it has been read before', async () => {
      const { client } = testClient();
      await client.document(repository(), digest);
      expect(await look(client)).toMatchObject({ kind: 'found' });
      expect(methods()).toEqual(['GET 200', 'HEAD 200']);
    });

    it('costs a HEAD where pulls are counted', async () => {
      registry.intercept = (_, response) => {
        response.setHeader('ratelimit-limit', '100;w=21600').setHeader('ratelimit-remaining', '3;w=21600');
        return false;
      };
      const { client } = testClient();
      await client.look(repository(), '1');
      expect(await look(client)).toMatchObject({ kind: 'found' });
      expect(methods()).toEqual(['HEAD 200', 'HEAD 200']);
    });

    it('says gone only after a HEAD, too', async () => {
      const { client } = testClient();
      expect(await look(client, digestOf(Buffer.from('nowhere')))).toMatchObject({ kind: 'gone' });
      expect(methods()).toEqual(['GET 404', 'HEAD 404']);
    });
  });

  const answers: [string, (request: http.IncomingMessage, response: http.ServerResponse) => void, string][] = [
    ['401', (_, r) => r.writeHead(401).end(), 'registry-unauthorized'],
    ['403', (_, r) => r.writeHead(403).end(), 'registry-denied'],
    ['404 without a code', (_, r) => r.writeHead(404).end('nothing here'), 'registry-not-found'],
    ['429', (_, r) => r.writeHead(429, { 'retry-after': '3600' }).end(), 'registry-rate-limited'],
    ['500', (_, r) => r.writeHead(500).end(), 'registry-error'],
    [
      'HTML with 200',
      (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>'),
      'registry-not-a-manifest',
    ],
    [
      'a digest that is none',
      (_, r) => r.writeHead(200, { 'docker-content-digest': 'sha256:zz' }).end(),
      'registry-bad-digest',
    ],
    ['an endless body', endless, 'registry-failed'],
    ['a redirect loop', (q, r) => r.writeHead(307, { location: q.url }).end(), 'registry-unreachable'],
    [
      'a redirect to a metadata service',
      (_, r) => r.writeHead(307, { location: 'http://169.254.169.254/latest' }).end(),
      'registry-unreachable',
    ],
    [
      'a redirect to file:',
      (_, r) => r.writeHead(307, { location: 'file:///etc/passwd' }).end(),
      'registry-unreachable',
    ],
    ['a connection that is cut', (q) => q.socket.destroy(), 'registry-unreachable'],
  ];
  it.each(answers)('%s is unknown, with a sentence', async (_name, answer, code) => {
    registry.intercept = (request, response) => {
      answer(request, response);
      return true;
    };
    const { client, http: own } = testClient();
    const look = await client.look(repository(), '1');
    expect(look).toMatchObject({ kind: 'unknown', problem: { code } });
    expect((look as { problem: { message: string } }).problem.message).toContain(registry.host);
    own.close();
  });

  it('does not say that it asked several times when it was told to wait', async () => {
    registry.intercept = (_, response) => {
      response.writeHead(503, { 'retry-after': '7200' }).end();
      return true;
    };
    const look = await testClient().client.look(repository(), '1');
    expect(methods()).toEqual(['HEAD 503']);
    expect(look).toMatchObject({ problem: { message: expect.stringMatching(/answered 503; try again later$/) } });
  });

  it('says in words that an answer has too many headers', async () => {
    registry.intercept = (_, response) => {
      response.writeHead(200, { more: 'x'.repeat(100_000) }).end();
      return true;
    };
    const look = await testClient().client.look(repository(), '1');
    expect(look).toMatchObject({ problem: { message: expect.stringContaining('more headers than are read') } });
  });

  it('nothing at all is unknown, too', async () => {
    registry.intercept = () => true;
    const { client, http: own } = testClient({ http: { headTimeout: 300 } });
    expect(await client.look(repository(), '1')).toMatchObject({
      kind: 'unknown',
      problem: { code: 'registry-unreachable', message: expect.stringContaining(registry.host) },
    });
    own.close();
  });

  it('does not believe a digest that is not the one asked for', async () => {
    registry.intercept = (_, response) => {
      response.writeHead(200, { 'docker-content-digest': digestOf('other') }).end();
      return true;
    };
    expect(await testClient().client.look(repository(), base.manifest.digest)).toMatchObject({
      kind: 'unknown',
      problem: { code: 'registry-bad-digest' },
    });
  });

  it('tries a passing failure again and counts every attempt', async () => {
    let failures = 2;
    registry.intercept = (_, response) => {
      if (failures-- <= 0) return false;
      response.writeHead(503, { 'retry-after': '0' }).end();
      return true;
    };
    const { client, http } = testClient();
    expect(await client.look(repository(), '1')).toMatchObject({ kind: 'found' });
    expect(http.cost.registry.requests).toBe(3);
  });

  it('reads an index as one', async () => {
    const list = index([{ image: base }]);
    registry.putManifest('library/app', list, 'multi');
    const { client } = testClient();
    expect(await client.look(repository(), 'multi')).toEqual({ kind: 'found', digest: list.digest, index: true });
  });
});

describe('logging in', () => {
  const ann: Credentials = { kind: 'password', username: 'ann', password: new Secret('s3cret') };
  const credentials = () => ann;

  it('answers a challenge anonymously, and asks for each token once', async () => {
    registry.auth = {};
    const { client } = testClient();
    await client.look(repository(), '1');
    await client.look(repository(), base.manifest.digest);
    expect(registry.log.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
      'HEAD /v2/library/app/manifests/1',
      'GET /token',
      'HEAD /v2/library/app/manifests/1',
      `HEAD /v2/library/app/manifests/${base.manifest.digest}`,
    ]);
  });

  it('asks once without a token, also when many questions start together', async () => {
    registry.auth = {};
    const { client } = testClient();
    await Promise.all(['1', 'a', 'b', 'c', 'd'].map((tag) => client.look(repository(), tag)));
    expect(registry.log.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(registry.log.filter(({ path }) => path.startsWith('/token'))).toHaveLength(1);
  });

  it('sends stored credentials to the registry’s own token server', async () => {
    registry.auth = { basic: 'ann:s3cret' };
    expect(await testClient({ credentials }).client.look(repository(), '1')).toMatchObject({ kind: 'found' });
    expect(await testClient().client.look(repository(), '1')).toMatchObject({ kind: 'unknown' });
  });

  it('sends them to no other host, and says so', async () => {
    const seen: string[] = [];
    const elsewhere = http.createServer((request, response) => {
      seen.push(request.headers.authorization ?? 'none');
      response.writeHead(401).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    registry.auth = {
      basic: 'ann:s3cret',
      realm: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/token`,
    };
    const look = await testClient({ credentials }).client.look(repository(), '1');
    elsewhere.close();
    expect(seen).toEqual(['none']);
    expect(look).toMatchObject({
      kind: 'unknown',
      problem: { message: expect.stringContaining('were not sent there') },
    });
    expect(JSON.stringify(look)).not.toContain('s3cret');
  });

  it('keeps the token from the host a redirect names', async () => {
    const storage = await startFakeRegistry();
    for (const one of base.layers) storage.putBlob(one.bytes);
    storage.intercept = (request, response) => {
      if (request.headers.authorization === undefined) return false;
      response.writeHead(400).end();
      return true;
    };
    registry.auth = {};
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/blobs/') || request.headers.authorization === undefined) return false;
      response.writeHead(307, { location: `http://${storage.host}${request.url}` }).end();
      return true;
    };
    const [only] = base.layers;
    const { client } = testClient();
    const read = client.layer(repository(), parseDigest(only?.digest ?? ''), only?.size ?? 0);
    expect(await length(read)).toBe(only?.size);
    expect(storage.log.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await storage.close();
  });
});

describe('layer', () => {
  const [only] = base.layers;
  const read = (http = {}): Promise<number> =>
    length(testClient({ http }).client.layer(repository(), parseDigest(only?.digest ?? ''), only?.size ?? 0));

  it('gives the bytes', async () => {
    expect(await read()).toBe(only?.size);
  });

  it.each([
    ['other bytes', (bytes: Uint8Array) => Buffer.alloc(bytes.length)],
    ['too few', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['too many', (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(10)])],
  ])('refuses %s', async (_name, change) => {
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/blobs/')) return false;
      response.writeHead(200).end(change(only?.bytes ?? new Uint8Array()));
      return true;
    };
    await expect(read()).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('refuses a body that stands still', async () => {
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/blobs/')) return false;
      response.writeHead(200, { 'content-length': '1000' });
      response.write('some');
      return true;
    };
    await expect(read({ idleTimeout: 300 })).rejects.toMatchObject({ code: 'HTTP' });
  });
});

it('does not let a public host name an inner one', async () => {
  expect(await testClient({ reach: 'public' }).client.look(repository(), '1')).toMatchObject({
    kind: 'unknown',
    problem: { message: expect.stringContaining('refused to connect') },
  });
  expect(registry.log).toEqual([]);
});

describe('a document that is cut on the way', () => {
  const cut = (times: number, how: (response: http.ServerResponse, bytes: Uint8Array) => void): void => {
    let left = times;
    registry.intercept = (request, response) => {
      if (request.method !== 'GET' || left-- <= 0) return false;
      how(response, base.manifest.bytes.subarray(0, 50));
      return true;
    };
  };
  const broken = (response: http.ServerResponse, bytes: Uint8Array): void => {
    response.writeHead(200, { 'content-length': 5000 });
    response.write(bytes, () => response.destroy());
  };
  const shortened = (response: http.ServerResponse, bytes: Uint8Array): void => void response.writeHead(200).end(bytes);

  it.each([
    ['broken off', broken],
    ['shortened', shortened],
  ])('is read again: %s', async (_name, how) => {
    cut(2, how);
    const { client, http: own } = testClient();
    expect(await client.document(repository(), base.manifest.digest)).toMatchObject({ kind: 'manifest' });
    expect(own.cost.countedPulls).toBe(3);
  });

  it('is read again also by a look that needs its bytes', async () => {
    registry.digestHeader = false;
    cut(1, broken);
    expect(await testClient().client.look(repository(), '1')).toMatchObject({ digest: base.manifest.digest });
  });

  it.each([
    ['broken off', broken, 'HTTP'],
    ['shortened', shortened, 'DIGEST_MISMATCH'],
  ])('is refused when it stays so: %s', async (_name, how, code) => {
    cut(100, how);
    await expect(testClient().client.document(repository(), base.manifest.digest)).rejects.toMatchObject({ code });
    expect(registry.log).toHaveLength(3);
  });
});

it('verifies a manifest against its digest', async () => {
  registry.intercept = (request, response) => {
    if (request.method !== 'GET') return false;
    response.writeHead(200).end('{"schemaVersion":2,"layers":[]}');
    return true;
  };
  await expect(testClient().client.document(repository(), base.manifest.digest)).rejects.toMatchObject({
    code: 'DIGEST_MISMATCH',
  });
});

async function length(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let sum = 0;
  for await (const chunk of chunks) sum += chunk.length;
  return sum;
}

function endless(request: http.IncomingMessage, response: http.ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(65_536, 32)));
  };
  response.on('drain', more);
  more();
}

it('keeps nothing that a publisher left in the variables of an image, and sees that it has changed', async () => {
  const canary = 'c4n4ry-of-the-publisher';
  const kept: string[] = [];
  const cache = { get: () => undefined, put: (_: string, __: string, bytes: Uint8Array) => void kept.push(`${bytes}`) };
  const values: (string | undefined)[] = [];
  for (const value of [canary, `${canary}2`, canary]) {
    const built = image({ layers: [], config: { Env: [`DB_PASSWORD=${value}`, 'PATH=/bin'] } });
    registry.putManifest('library/app', built.manifest, '2');
    registry.putBlob(built.config.bytes);
    const { client } = testClient({ cache });
    const document = await client.document(repository(), built.manifest.digest);
    if (document.kind !== 'manifest') throw new Error('no manifest');
    const { behaviour } = await client.config(repository(), document);
    values.push(behaviour['Env.DB_PASSWORD']);
    expect(behaviour['Env.PATH']).toBe('/bin');
  }
  expect(kept.length).toBeGreaterThan(3);
  expect(kept.join()).not.toContain(canary);
  expect(values[0]).toBe(values[2]);
  expect(values[0]).not.toBe(values[1]);
});
