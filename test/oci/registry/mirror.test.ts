import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { image, layer } from '../../support/image-builder.ts';
import { testClient } from '../../support/registry-client.ts';

let upstream: FakeRegistry;
let mirror: FakeRegistry;
const held = image({ layers: [layer({ name: 'held' })] });
const missing = image({ layers: [layer({ name: 'missing' })] });

beforeEach(async () => {
  [upstream, mirror] = await Promise.all([startFakeRegistry(), startFakeRegistry()]);
  for (const one of [held, missing])
    upstream.putManifest('library/app', one.manifest, one === held ? 'held' : 'missing');
  mirror.putManifest('hub/library/app', held.manifest, 'held');
});
afterEach(() => Promise.all([upstream.close(), mirror.close()]));

const repository = () => ({ registry: upstream.host, repository: 'library/app' });
const through = (options: Parameters<typeof testClient>[0] = {}) =>
  testClient({ mirror: `http://${mirror.host}/hub/`, ...options });

describe('a mirror', () => {
  it('is asked in place of the registry, below its own path', async () => {
    const { client, problems } = through();
    expect(await client.look(repository(), 'held')).toMatchObject({ kind: 'found', digest: held.manifest.digest });
    expect(mirror.log.map(({ path }) => path)).toEqual(['/v2/hub/library/app/manifests/held']);
    expect(upstream.log).toEqual([]);
    expect(problems.all).toEqual([]);
  });

  it('that lacks something is passed over for that, and it is said once', async () => {
    const { client, problems } = through();
    expect(await client.look(repository(), 'missing')).toMatchObject({ kind: 'found' });
    expect(await client.look(repository(), missing.manifest.digest)).toMatchObject({ kind: 'found' });
    expect(problems.all).toHaveLength(1);
    expect(problems.all[0]).toMatchObject({
      code: 'registry-mirror-passed-over',
      message: expect.stringContaining(`(library/app: it answered 404); ${upstream.host} itself was asked for that`),
    });
  });

  it('cannot say that something is gone', async () => {
    const { client } = through();
    const look = await client.look(repository(), 'never');
    expect(look).toMatchObject({ kind: 'gone', answer: expect.stringContaining(upstream.host) });
    expect(upstream.log.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  it('that is down is not waited for', async () => {
    const { client, problems } = through();
    await mirror.close();
    for (const tag of ['held', 'missing', 'held2', 'a', 'b', 'c', 'd']) await client.look(repository(), tag);
    expect(await client.look(repository(), 'held')).toMatchObject({ kind: 'found' });
    expect(problems.all).toMatchObject([{ message: expect.stringContaining('connection refused') }]);
  });

  it('gets its own credentials, and the registry its own', async () => {
    mirror.auth = { basic: 'ann:for-the-mirror' };
    upstream.auth = { basic: 'ann:for-the-registry' };
    const asked: string[] = [];
    const logins = new Map(
      [mirror.host, upstream.host].map((host) => {
        const password = new Secret(host === mirror.host ? 'for-the-mirror' : 'for-the-registry');
        return [host, { kind: 'password', username: 'ann', password } as const];
      }),
    );
    const { client } = through({
      credentials: (registry, name) => {
        asked.push(`${registry === mirror.host ? 'mirror' : 'registry'} ${name}`);
        return logins.get(registry);
      },
    });
    expect(await client.look(repository(), 'held')).toMatchObject({ kind: 'found' });
    expect(await client.look(repository(), 'missing')).toMatchObject({ kind: 'found' });
    expect(new Set(asked)).toEqual(new Set(['mirror hub/library/app', 'registry library/app']));
    const token = mirror.log.find(({ path }) => path.startsWith('/token'));
    expect(new URL(token?.path ?? '', 'http://x').searchParams.get('scope')).toBe('repository:hub/library/app:pull');
    const sent = (log: FakeRegistry['log']): string => JSON.stringify(log.map(({ headers }) => headers.authorization));
    const basic = (password: string): string => Buffer.from(`ann:${password}`).toString('base64');
    expect(sent(mirror.log)).not.toContain(basic('for-the-registry'));
    expect(sent(upstream.log)).not.toContain(basic('for-the-mirror'));
  });

  it('does not prove that the registry answers for anything', async () => {
    upstream.deleteManifest('library/app', held.manifest.digest);
    upstream.deleteManifest('library/app', 'missing');
    const { client } = through();
    expect(await client.look(repository(), 'held')).toMatchObject({ kind: 'found' });
    const reference = { ...repository(), tag: 'held', digest: missing.manifest.digest };
    expect(await client.proveGone(reference, 'digest')).toMatchObject({ kind: 'silent' });
  });
});
