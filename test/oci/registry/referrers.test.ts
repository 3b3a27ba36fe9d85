import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlimsollError } from '../../../src/core/errors.ts';
import type { Digest } from '../../../src/core/image/digest.ts';
import { parseArtifact, parseArtifactIndex } from '../../../src/oci/registry/artifact.ts';
import { attach, attachLegacy } from '../../support/attach.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { fc } from '../../support/fast-check.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { testClient } from '../../support/registry-client.ts';

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
beforeEach(() => {
  registry.intercept = undefined;
  registry.referrersApi = true;
  registry.referrersPage = 100;
});
afterAll(() => registry.close());

const indexType = 'application/vnd.oci.image.index.v1+json';
const artifactOf = (text: string, artifactType = 'a/b') => ({
  artifactType,
  layers: [{ bytes: text, mediaType: 'text/plain', annotations: { of: text } }],
  annotations: { name: text },
});
let count = 0;

function pushed(): { repository: { registry: string; repository: string }; name: string; digest: Digest } {
  const name = `attached/${++count}`;
  const digest = push(registry, name, debianImage({ libc6: String(count) }));
  return { repository: { registry: registry.host, repository: name }, name, digest };
}

const none = { entries: [], complete: true };

const pathsSince = (from: number): string[] => registry.log.slice(from).map(({ method, path }) => `${method} ${path}`);

describe('referrers', () => {
  it.each([true, false])(
    'are those of the wanted types, with what they say of themselves (with an API: %s)',
    async (api) => {
      registry.referrersApi = api;
      const { repository, name, digest } = pushed();
      const [first, , third] = attach(
        registry,
        name,
        digest,
        artifactOf('1'),
        artifactOf('2', 'c/d'),
        artifactOf('3', 'e/f'),
      );
      const { attachments } = testClient().client;
      expect(await attachments.referrers(repository, digest, ['a/b'])).toMatchObject({
        entries: [{ digest: first, artifactType: 'a/b', annotations: { name: '1' } }],
        complete: true,
      });
      const several = await attachments.referrers(repository, digest, ['a/b', 'e/f']);
      expect(several.entries.map((one) => one.digest)).toEqual([first, third]);
      expect(await attachments.artifact(repository, first as Digest)).toMatchObject({
        artifactType: 'a/b',
        annotations: { name: '1' },
        layers: [{ annotations: { of: '1' } }],
      });
      expect(await attachments.referrers(repository, digest, ['x/y'])).toEqual(none);
    },
  );

  it('are asked for once where there is no API, and by HEAD where there is no tag', async () => {
    registry.referrersApi = false;
    const { repository, name, digest } = pushed();
    const { attachments } = testClient().client;
    const from = registry.log.length;
    expect(await attachments.referrers(repository, digest, ['a/b'])).toEqual(none);
    expect(await attachments.referrers(repository, digest, ['a/b'])).toEqual(none);
    const tag = `HEAD /v2/${name}/manifests/${digest.replace(':', '-')}`;
    expect(pathsSince(from)).toEqual([`GET /v2/${name}/referrers/${digest}?artifactType=a%2Fb`, tag, tag]);
  });

  it('are filtered here where a registry does not', async () => {
    const { repository, name, digest } = pushed();
    attach(registry, name, digest, artifactOf('1', 'c/d'), artifactOf('2'));
    registry.intercept = (request) => {
      request.url = request.url?.replace(/\?artifactType=.*/, '') ?? '';
      return false;
    };
    const found = await testClient().client.attachments.referrers(repository, digest, ['a/b']);
    expect(found).toMatchObject({ entries: [{ annotations: { name: '2' } }], complete: true });
  });

  it('are read over all pages', async () => {
    registry.referrersPage = 2;
    const { repository, name, digest } = pushed();
    attach(registry, name, digest, ...['1', '2', '3', '4', '5'].map((text) => artifactOf(text)));
    const { entries } = await testClient().client.attachments.referrers(repository, digest, ['a/b']);
    expect(entries).toHaveLength(5);
  });

  it('beyond ten pages leave it open whether there is one', async () => {
    registry.referrersPage = 1;
    const { repository, name, digest } = pushed();
    attach(registry, name, digest, ...Array.from({ length: 15 }, (_, at) => artifactOf(String(at))));
    const { attachments } = testClient().client;
    const { entries, complete } = await attachments.referrers(repository, digest, ['a/b']);
    expect([entries.length, complete]).toEqual([10, false]);
    await expect(attachments.referrers(repository, digest, ['x/y', 'z/z'])).rejects.toThrow(
      'more referrers than are read',
    );
  });

  const page = (link: string) => {
    const index = { schemaVersion: 2, mediaType: indexType, manifests: [] };
    registry.intercept = (request, response) => {
      if (!request.url?.includes('/referrers/')) return false;
      response.writeHead(200, { 'content-type': indexType, link }).end(JSON.stringify(index));
      return true;
    };
  };

  it('on pages that link each other in a circle are not asked for without end', async () => {
    const { repository, digest } = pushed();
    page('<?artifactType=a%2Fb>; rel="next"');
    const from = registry.log.length;
    await expect(testClient().client.attachments.referrers(repository, digest, ['a/b'])).rejects.toThrow();
    expect(registry.log.length - from).toBeLessThan(12);
  });

  it('on another host are not asked for', async () => {
    const { repository, digest } = pushed();
    page('<http://other.example/v2/x?page=2>; rel="next"');
    await expect(testClient().client.attachments.referrers(repository, digest, ['a/b'])).rejects.toThrow(
      'more referrers',
    );
  });
});

describe('what cosign keeps under a tag', () => {
  it('is the artifact, or nothing', async () => {
    const { repository, name, digest } = pushed();
    attachLegacy(registry, name, digest, 'sig', artifactOf('1').layers);
    const { attachments } = testClient().client;
    expect(await attachments.legacy(repository, digest, 'sig')).toMatchObject({
      layers: [{ annotations: { of: '1' } }],
    });
    expect(await attachments.legacy(repository, digest, 'att')).toBeUndefined();
  });

  it('is not fetched beyond the given size, and is what its digest says', async () => {
    const { repository, name, digest } = pushed();
    attachLegacy(registry, name, digest, 'sig', artifactOf('text').layers);
    const { attachments } = testClient().client;
    const [layer] = (await attachments.legacy(repository, digest, 'sig'))?.layers ?? [];
    if (layer === undefined) throw new Error('no layer');
    expect(Buffer.from(await attachments.blob(repository, layer, 4)).toString()).toBe('text');
    await expect(attachments.blob(repository, layer, 3)).rejects.toThrow('are not read');
    await expect(attachments.blob(repository, { ...layer, size: 3 }, 100)).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
  });
});

it('reads any JSON as an artifact or refuses it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      for (const parse of [parseArtifact, parseArtifactIndex]) {
        try {
          parse(Buffer.from(JSON.stringify(json)));
        } catch (error) {
          expect(error).toBeInstanceOf(PlimsollError);
        }
      }
    }),
  );
});
