import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { debianImage, findingsOf, push } from '../support/fleet.ts';
import { type BuiltImage, blob, image, indexOf, layer, tar } from '../support/image-builder.ts';

/* What a publisher, or somebody in between, can put into an image: never a crash, a hang, or a false "nothing changed". */

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await startFakeRegistry();
});
afterAll(() => registry.close());

const good = { bash: '5.2', libc6: '2.36' };
const release = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' };
const paragraph = (name: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n`;

/** Moves a tag from a good image to a bad one. */
async function moveTo(name: string, bad: BuiltImage) {
  const pin = push(registry, name, debianImage(good));
  push(registry, name, bad, '1');
  const [finding] = await findingsOf(`FROM ${registry.host}/${name}:1@${pin}\n`);
  return finding;
}

function withLayerBytes(bytes: Uint8Array): BuiltImage {
  const built = blob(bytes, 'application/vnd.oci.image.layer.v1.tar+gzip');
  return image({ layers: [{ ...built, diffId: built.digest }] });
}

it.each([
  ['bytes that are no archive', withLayerBytes(Buffer.from('not an archive at all, '.repeat(100)))],
  [
    'an archive cut in the middle',
    withLayerBytes(layer({ ...release, 'var/lib/dpkg/status': paragraph('a').repeat(5000) }).bytes.subarray(0, 700)),
  ],
  [
    'a status file with broken paragraphs',
    image({
      layers: [
        layer({
          ...release,
          'var/lib/dpkg/status': `${paragraph('a')}\nVersion without package\n\nStatus: install ok installed\n\n${paragraph('b')}`,
        }),
      ],
    }),
  ],
  [
    'a status file beyond the limit',
    image({ layers: [layer({ ...release, 'var/lib/dpkg/status': Buffer.alloc(130 * 1024 * 1024, 'Package: a\n') })] }),
  ],
  ['an empty package database', image({ layers: [layer({ ...release, 'var/lib/dpkg/status': '' })] })],
  [
    'a database that is a folder',
    image({
      layers: [
        layer([
          { path: 'etc/os-release', content: 'ID=debian\n' },
          { path: 'var/lib/dpkg/status', type: 'directory' },
        ]),
      ],
    }),
  ],
  [
    'an rpm database that is none',
    image({
      layers: [
        layer({
          'etc/os-release': 'ID=fedora\nVERSION_ID=42\n',
          'usr/lib/sysimage/rpm/rpmdb.sqlite': 'SQLite format 3\0',
        }),
      ],
    }),
  ],
])('%s is `content` with the reason', async (name, bad) => {
  const finding = await moveTo(name.replaceAll(/[^a-z]+/g, '-'), bad);
  expect(finding).toMatchObject({
    class: 'content',
    security: null,
    problem: { message: expect.stringMatching(/\w{3}/) },
  });
  expect(finding?.packages).toBeUndefined();
});

it('names that climb out are passed over, and the rest is read', async () => {
  const bad = image({
    layers: [
      layer([
        { path: '../../var/lib/dpkg/status', content: paragraph('evil') },
        { path: 'etc/os-release', content: 'ID=debian\n' },
        { path: 'var/lib/dpkg/status', content: paragraph('bash') },
      ]),
    ],
  });
  const finding = await moveTo('climber', bad);
  expect(JSON.stringify(finding)).not.toContain('evil');
});

it.each([
  ['an index as a manifest’s config', { schemaVersion: 2, config: { digest: 'nonsense', size: 1 }, layers: [] }],
  ['both manifests and layers', { schemaVersion: 2, manifests: [], layers: [], config: {} }],
  ['a size that is none', { schemaVersion: 2, config: { digest: `sha256:${'a'.repeat(64)}`, size: -1 }, layers: [] }],
  ['a million children', { schemaVersion: 2, manifests: Array.from({ length: 20_000 }, () => ({})) }],
  ['a retired schema', { schemaVersion: 1, fsLayers: [] }],
  ['an array', []],
])('%s makes the image unknown', async (_name, document) => {
  const pin = push(registry, 'documents', debianImage(good));
  registry.putManifest(
    'documents',
    { bytes: Buffer.from(JSON.stringify(document)), mediaType: 'application/vnd.oci.image.manifest.v1+json' },
    '1',
  );
  expect(await findingsOf(`FROM ${registry.host}/documents:1@${pin}\n`)).toMatchObject([
    { class: 'unknown', problem: { message: expect.stringContaining('not an image document') } },
  ]);
});

it('a layer larger than its manifest says is not read on', async () => {
  const built = debianImage(good);
  const [only] = built.layers;
  const pin = push(registry, 'longer', debianImage({ bash: '1' }));
  push(registry, 'longer', built, '1');
  registry.intercept = (request, response) => {
    if (only === undefined || !request.url?.endsWith(only.digest)) return false;
    response.writeHead(200);
    response.end(Buffer.concat([only.bytes, tar({ more: 'x' })]));
    return true;
  };
  expect(await findingsOf(`FROM ${registry.host}/longer:1@${pin}\n`)).toMatchObject([
    { class: 'unknown', problem: { message: expect.stringContaining('longer than') } },
  ]);
  registry.intercept = undefined;
});

it('ten thousand platforms are not all named where the wanted one is missing', async () => {
  const built = debianImage(good);
  push(registry, 'platforms', built);
  const entries = Array.from({ length: 10_000 }, (_, n) => ({
    of: built.manifest,
    platform: { os: 'linux', architecture: `a${n}${'x'.repeat(n === 0 ? 200_000 : 0)}` },
  }));
  const pin = registry.putManifest('platforms', indexOf(entries), '1');
  const [finding] = await findingsOf(`FROM ${registry.host}/platforms:1@${pin}\n`);
  expect(finding?.problem?.code).toBe('platform-not-offered');
  expect(finding?.problem?.message).toMatch(/, linux\/a11, 9988 more\. Say which platforms/);
  expect(finding?.problem?.message.length).toBeLessThan(500);
});

it('a name that is no reference is shown with its beginning', async () => {
  const [finding] = await findingsOf(`FROM x:\${${'A:-'.repeat(100_000)}\n`);
  expect(finding).toMatchObject({ class: 'unknown', written: expect.stringMatching(/^x:\$\{(A:-)+A…$|^x:\$\{.*…$/) });
  expect(JSON.stringify(finding).length).toBeLessThan(3000);
});
