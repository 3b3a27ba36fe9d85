import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDigest } from '../../src/core/image/digest.ts';
import { parsePlatform } from '../../src/core/image/platform.ts';
import { childFor, opener } from '../../src/look/platform-child.ts';
import { cli } from '../support/cli.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push, temporaryTree } from '../support/fleet.ts';
import { type BuiltBlob, type BuiltImage, blob, indexOf } from '../support/image-builder.ts';
import { testClient } from '../support/registry-client.ts';

let registry: FakeRegistry;
beforeEach(async () => {
  registry = await startFakeRegistry();
});
afterEach(() => registry.close());

const [amd64, arm64] = ['linux/amd64', 'linux/arm64'].map(parsePlatform) as [ReturnType<typeof parsePlatform>, never];
const before = debianImage({ bash: '5', libc6: '2' });
const after = debianImage({ bash: '6', libc6: '2' });
const other = debianImage({ bash: '5' }, { platform: arm64 });

function put(blobs: readonly BuiltBlob[], tag?: string): string {
  const [last] = blobs.map((one) => registry.putManifest('app', one, one === blobs.at(-1) ? tag : undefined)).slice(-1);
  return last ?? '';
}

/** An index whose children are indexes, one per platform. */
function nested(built: BuiltImage, tag?: string): string {
  for (const one of [built, other]) push(registry, 'app', one);
  const inner = [built, other].map(({ manifest, platform }) => indexOf([{ of: manifest, platform }]));
  const [a, b] = inner as [BuiltBlob, BuiltBlob];
  return put(
    [
      a,
      b,
      indexOf([
        { of: a, platform: amd64 },
        { of: b, platform: arm64 },
      ]),
    ],
    tag,
  );
}

/** An index that holds one index and does not say for what. */
function wrapped(built: BuiltImage, tag?: string): string {
  push(registry, 'app', built);
  const inner = indexOf([{ of: built.manifest, platform: amd64 }]);
  return put([inner, indexOf([{ of: inner }])], tag);
}

/** An index whose manifest does not say its platform. */
function silent(built: BuiltImage, tag?: string): string {
  push(registry, 'app', built);
  return put([indexOf([{ of: built.manifest }])], tag);
}

describe.each([
  ['of indexes per platform', nested],
  ['of one index without a platform', wrapped],
  ['of a manifest without a platform', silent],
])('an index %s', (_name, build) => {
  it('is followed to the packages', async () => {
    const pin = build(before);
    build(after, '1');
    expect(await findingsOf(`FROM ${registry.host}/app:1@${pin}\n`)).toMatchObject([
      { class: 'packages', pinned: 'index', packages: [{ name: 'bash', before: '5', after: '6' }] },
    ]);
  });

  it('is up to date while the tag names it', async () => {
    const pin = build(before, '1');
    expect(await findingsOf(`FROM ${registry.host}/app:1@${pin}\n`)).toEqual([]);
  });

  it('is broken when the manifest is gone', async () => {
    const pin = build(before, '1');
    registry.deleteManifest('app', before.manifest.digest);
    const [finding] = await findingsOf(`FROM ${registry.host}/app:1@${pin}\n`);
    expect(finding).toMatchObject(
      // What nobody can open does not say whose it was.
      build === silent ? { class: 'unknown' } : { class: 'pin-broken', reason: expect.stringContaining('linux/amd64') },
    );
  });

  it('does not serve another platform', async () => {
    const pin = build(before, '1');
    expect(await findingsOf(`FROM ${registry.host}/app:1@${pin}\n`, { platforms: ['linux/s390x'] })).toMatchObject([
      { class: 'unknown', problem: { code: 'platform-not-offered' } },
    ]);
  });

  it('is what packages and diff look into', async () => {
    build(before, '1');
    build(after, '2');
    const image = (tag: string) => `${registry.host}/app:${tag}`;
    const { folder, remove } = temporaryTree({});
    const listed = await cli(['packages', image('1'), '--format', 'json'], { cwd: folder });
    expect(JSON.parse(listed.stdout)).toMatchObject({ packages: [{ name: 'bash', version: '5' }, { name: 'libc6' }] });
    const diff = await cli(['diff', image('1'), image('2'), '--format', 'json'], { cwd: folder });
    remove();
    expect(JSON.parse(diff.stdout)).toMatchObject({ packages: [{ name: 'bash', before: '5', after: '6' }] });
  });
});

it('is broken when the index in between is gone, also one that is in the cache', async () => {
  const pin = nested(before, '1');
  const inner = indexOf([{ of: before.manifest, platform: amd64 }]);
  registry.deleteManifest('app', inner.digest);
  expect(await findingsOf(`FROM ${registry.host}/app:1@${pin}\n`)).toMatchObject([
    { class: 'pin-broken', reason: expect.stringContaining('the index for linux/amd64') },
  ]);
});

describe('childFor', () => {
  const search = async (outer: BuiltBlob, platform = amd64) => {
    const { client } = testClient();
    const repository = { registry: registry.host, repository: 'app' };
    const document = await client.document(repository, parseDigest(outer.digest));
    if (document.kind !== 'index') throw new Error('no index');
    return childFor(document, platform, opener(client, repository));
  };

  it('opens nothing that says it is for another platform, and nothing while one says it is for this', async () => {
    push(registry, 'app', before);
    const gone = indexOf([]);
    const outer = indexOf([{ of: gone }, { of: gone, platform: arm64 }, { of: before.manifest, platform: amd64 }]);
    put([outer]);
    expect(await search(outer)).toEqual({ digest: before.manifest.digest, index: outer.digest });
    expect(registry.log.filter(({ path }) => path.includes('/manifests/'))).toHaveLength(1);
  });

  it('passes over what is no image', async () => {
    push(registry, 'app', before);
    const artifact = blob(
      Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: before.config.digest, size: 2 },
          layers: [],
        }),
      ),
      'application/vnd.oci.image.manifest.v1+json',
    );
    const outer = indexOf([{ of: artifact }, { of: before.manifest }]);
    put([artifact, outer]);
    expect(await search(outer)).toMatchObject({ digest: before.manifest.digest });
  });

  it.each([2, 3])('follows %i levels', async (levels) => {
    push(registry, 'app', before);
    expect(await search(tower(levels))).toMatchObject({ digest: before.manifest.digest });
  });

  it('is bounded in depth and number', async () => {
    push(registry, 'app', before);
    await expect(search(tower(4))).rejects.toMatchObject({ code: 'REGISTRY', message: /more than 3 indexes/ });
    const many = Array.from({ length: 30 }, (_, i) => indexOf([{ of: blob(Buffer.from(`${i}`)), platform: arm64 }]));
    const outer = indexOf(many.map((of) => ({ of })));
    put([...many, outer]);
    await expect(search(outer)).rejects.toMatchObject({ message: expect.stringContaining('more than 16') });
  });

  /** So many indexes over the image. */
  function tower(levels: number): BuiltBlob {
    let top = indexOf([{ of: before.manifest, platform: amd64 }]);
    put([top]);
    for (let level = 1; level < levels; level++) {
      top = indexOf([{ of: top }]);
      put([top]);
    }
    return top;
  }
});
