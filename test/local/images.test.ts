import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlimsollError } from '../../src/core/errors.ts';
import { digestOf } from '../../src/core/image/digest.ts';
import { formatReference } from '../../src/core/image/reference.ts';
import { localKinds } from '../../src/local/index.ts';
import { parseLocal } from '../../src/local/local-images.ts';
import type { InspectedImage } from '../../src/look/inspect.ts';
import { fc } from '../support/fast-check.ts';
import {
  type BuiltImage,
  type BuiltLayer,
  blob,
  descriptor,
  image,
  index,
  layer,
  noise,
  type TarInputs,
  tar,
} from '../support/image-builder.ts';
import { testApp } from '../support/test-app.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-local-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const status = 'Package: base\nStatus: install ok installed\nArchitecture: arm64\nVersion: 1.0-1\n';
const rootfs = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', 'var/lib/dpkg/status': status };
const archive = tar(rootfs);
const longStatus = `${status}\n${Array.from({ length: 400 }, (_, n) => status.replace('base', `base-${n}`)).join('\n')}`;
/** The same files, as `xz -9e` packs them. */
const xz =
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Av/AL9dADKdCIYUqFwnkme6RssZhkRI4lCOeZxfhOpYkLG8FRgivc+/2bn6o2UfIE0Ds/oQYJTCQ9Hk442tV7wUwzE/+EfZmSNr82haXiGLUQBRLpn7QhqFIxL/xbvOQSplBWoqP3trQ6/sNHoFaJwcuk0Qwc2ZvYdeQyjx7BOgsVr1nyz3rCYg8GjAkWifUE0BLQtUvdcDW1b/25L2SKNtRQuAcBe3h/Xiy4oMu5Tm1+qtNVtJiNeZO6ZxMbKIfri3WLEAAADNNcGCE7sG7AAB2wGAGAAAclWgebHEZ/sCAAAAAARZWg==';

let count = 0;
function place(name: string): string {
  return path.join(folder, `${++count}-${name}`);
}

function write(name: string, bytes: Uint8Array | string): string {
  const file = place(name);
  writeFileSync(file, bytes);
  return file;
}

function writeTree(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = place('tree');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
  return root;
}

interface Entry {
  readonly built: BuiltImage | ReturnType<typeof index>;
  readonly name?: string;
  readonly platform?: object;
}

const annotation = 'org.opencontainers.image.ref.name';

/** OCI image-spec image-layout.md, by path. */
function layoutFiles(entries: readonly Entry[]): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = { 'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}') };
  for (const { built } of entries) {
    const images = 'manifest' in built ? [built] : built.images;
    const blobs = images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]);
    for (const one of 'manifest' in built ? blobs : [built, ...blobs]) {
      files[`blobs/${one.digest.replace(':', '/')}`] = one.bytes;
    }
  }
  const manifests = entries.map(({ built, name, platform }) => ({
    ...descriptor('manifest' in built ? built.manifest : built),
    ...(platform && { platform }),
    ...(name !== undefined && { annotations: { [annotation]: name } }),
  }));
  files['index.json'] = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests }));
  return files;
}

/** What `docker save` wrote before it had a layout inside. */
function savedFiles(
  images: readonly { readonly built: BuiltImage; readonly tags: readonly string[]; readonly layerName?: string }[],
): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  const manifest = images.map(({ built, tags, layerName }, at) => {
    const config = `${built.config.digest.slice(7)}.json`;
    files[config] = built.config.bytes;
    const layers = built.layers.map((one: BuiltLayer, n) => {
      const name = layerName ?? `${at}${n}/layer.tar`;
      files[name] = one.bytes;
      return name;
    });
    return { Config: config, RepoTags: tags, Layers: layers };
  });
  return { ...files, 'manifest.json': Buffer.from(JSON.stringify(manifest)) };
}

const plain = image({
  layers: [layer(rootfs, { compression: 'none' })],
  platform: { os: 'linux', architecture: 'arm64' },
});
const zipped = image({ layers: [layer(rootfs)], platform: { os: 'linux', architecture: 'arm64' } });
const other = image({ layers: [layer({ ...rootfs, 'var/lib/dpkg/status': status.replace('1.0', '2.0') })] });

/** Opens and looks into the first manifest, as the commands do. */
async function inspect(text: string): Promise<InspectedImage> {
  const reference = parseLocal(text, localKinds);
  if (!reference) throw new Error(`${text} is no local image`);
  expect(formatReference(reference)).toBe(text);
  const app = testApp();
  try {
    const opened = await app.local.open(reference);
    const document = await opened.document(opened.root);
    const digest = document.kind === 'manifest' ? document.digest : document.children[0]?.digest;
    return await app.inspector.inspect(reference, digest ?? opened.root);
  } finally {
    app.close();
  }
}

async function refusal(text: string): Promise<string> {
  const error = await inspect(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PlimsollError);
  return (error as Error).message.replaceAll(folder, '').replace(/\/\d+-/, '');
}

const read = {
  os: { id: 'debian', versionId: '12' },
  coverage: 'complete',
  database: 'dpkg',
  packages: [{ name: 'base', version: '1.0-1', architecture: 'arm64' }],
  problems: [],
};

describe('one root file system in every form', () => {
  it.each<[string, () => string]>([
    ['a folder', () => `dir:${writeTree(rootfs)}`],
    ['a plain archive', () => `tar:${write('rootfs.tar', archive)}`],
    ['gzip, whatever it is called', () => `tar:${write('rootfs.bin', gzipSync(archive))}`],
    ['zstd', () => `tar:${write('rootfs.tar.zst', zstdCompressSync(archive))}`],
    ['xz', () => `tar:${write('rootfs.tar.xz', Buffer.from(xz, 'base64'))}`],
    ['a path with colons', () => `tar:${write('a:b:c.tar', archive)}`],
    ['a layout with one image', () => `oci:${writeTree(layoutFiles([{ built: zipped }]))}`],
    [
      'a layout, by tag',
      () =>
        `oci:${writeTree(
          layoutFiles([
            { built: other, name: 'no' },
            { built: zipped, name: 'yes' },
          ]),
        )}:yes`,
    ],
    [
      'a layout with an index',
      () => `oci:${writeTree(layoutFiles([{ built: index([{ image: zipped }]), name: 'a' }]))}:a`,
    ],
    [
      'a layout whose own index is the image',
      () => `oci:${writeTree(layoutFiles([zipped, other].map((built) => ({ built, platform: built.platform }))))}`,
    ],
    [
      'saved by an old docker',
      () => `docker-archive:${write('a.tar', tar(savedFiles([{ built: plain, tags: ['a:1'] }])))}`,
    ],
    [
      'saved, by its tag, by its familiar name',
      () =>
        `docker-archive:${write(
          'a.tar',
          tar(
            savedFiles([
              { built: other, tags: ['a:1'] },
              { built: plain, tags: ['docker.io/library/a:2'] },
            ]),
          ),
        )}:a:2`,
    ],
    [
      'with layers compressed under their own digests',
      () =>
        `docker-archive:${write('a.tar', tar(savedFiles([{ built: zipped, tags: [], layerName: `${zipped.layers[0]?.digest.slice(7)}.tar.gz` }])))}`,
    ],
    [
      'with a compressed layer of any name',
      () => `docker-archive:${write('a.tar', tar(savedFiles([{ built: zipped, tags: [], layerName: 'l' }])))}`,
    ],
    [
      'with a layout inside',
      () => `docker-archive:${write('a.tar', tar(layoutFiles([{ built: plain, name: 'a:1' }])))}:1`,
    ],
  ])('%s', async (_, make) => {
    const { inventory, config } = await inspect(make());
    expect(inventory).toMatchObject(read);
    expect(config.platform).toMatchObject({ os: 'linux', architecture: 'arm64' });
  });

  it('has the digest that sha256sum says, for an archive', async () => {
    const bytes = gzipSync(archive);
    expect((await inspect(`tar:${write('a.tgz', bytes)}`)).digest).toBe(digestOf(bytes));
  });

  it('reads a layer that a link in the archive stands for', async () => {
    const files = savedFiles([{ built: plain, tags: ['a:1'] }]);
    const entries: TarInputs = Object.entries(files).flatMap(([name, content]) =>
      name.endsWith('/layer.tar')
        ? [
            { path: 'shared/layer.tar', content },
            { path: name, type: 'symlink' as const, link: '../shared/layer.tar' },
          ]
        : [{ path: name, content }],
    );
    expect((await inspect(`docker-archive:${write('a.tar', tar(entries))}`)).inventory).toMatchObject(read);
  });
});

describe('a folder', () => {
  it('keeps links inside it, and never reads what the machine has there', async () => {
    const root = writeTree({ 'usr/lib/os-release': 'ID=debian\nVERSION_ID="12"\n' });
    mkdirSync(path.join(root, 'var/lib'), { recursive: true });
    mkdirSync(path.join(root, 'etc/apt'), { recursive: true });
    symlinkSync('../usr/lib/os-release', path.join(root, 'etc/os-release'));
    const secret = write('secret', 'Package: secret\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n');
    mkdirSync(path.join(root, 'var/lib/dpkg'));
    symlinkSync(secret, path.join(root, 'var/lib/dpkg/status'));
    symlinkSync('/etc', path.join(root, 'etc/apt/sources.list.d'));
    const { inventory } = await inspect(`dir:${root}`);
    expect(inventory.os?.id).toBe('debian');
    expect(inventory.packages).toEqual([]);
    expect(inventory.coverage).toBe('none');
  });

  it('follows a link to a place inside, as the system itself would', async () => {
    const root = writeTree({
      'usr/lib/apk/db/installed': 'P:musl\nV:1.2-r0\nA:x86_64\n',
      'etc/os-release': 'ID=alpine\n',
    });
    symlinkSync('usr/lib', path.join(root, 'lib'));
    expect((await inspect(`dir:${root}`)).inventory).toMatchObject({
      coverage: 'complete',
      packages: [{ name: 'musl' }],
    });
  });

  it('has the same digest however its files came there, and another with another file', async () => {
    const [a, b] = [writeTree(rootfs), writeTree(Object.fromEntries(Object.entries(rootfs).reverse()))];
    const c = writeTree({ ...rootfs, 'var/lib/dpkg/status': longStatus });
    const [one, two, three] = [await inspect(`dir:${a}`), await inspect(`dir:${b}`), await inspect(`dir:${c}`)];
    expect(one.digest).toBe(two.digest);
    expect(three.digest).not.toBe(one.digest);
  });

  it('says of its other files that they are not known', async () => {
    expect((await inspect(`dir:${writeTree(rootfs)}`)).isPartial).toBe(true);
    expect((await inspect(`tar:${write('a.tar', archive)}`)).isPartial).toBeUndefined();
  });

  it('reads names beyond the 100 bytes of a header', async () => {
    const name = `long-${'x'.repeat(120)}`;
    const root = writeTree({
      'etc/os-release': 'ID=debian\n',
      [`var/lib/dpkg/status.d/${name}`]: `Package: ${name}\nArchitecture: amd64\nVersion: 1\n`,
    });
    expect((await inspect(`dir:${root}`)).inventory.packages).toMatchObject([{ name }]);
  });

  it('is partial when something in it cannot be read', async () => {
    const root = writeTree(rootfs);
    // Root may read everything, so it is the size that stands in the way.
    mkdirSync(path.join(root, 'var/lib/dpkg/status.d'));
    const huge = path.join(root, 'var/lib/dpkg/status.d/huge');
    writeFileSync(huge, '');
    truncateSync(huge, 200 * 1024 * 1024);
    const { inventory } = await inspect(`dir:${root}`);
    expect(inventory.coverage).toBe('partial');
    expect(inventory.problems).toMatchObject([{ code: 'file-unreadable', subject: 'var/lib/dpkg/status.d/huge' }]);
  });
});

describe('what is no such image is refused in one sentence', () => {
  const without = (files: Record<string, Uint8Array>, name: string): Record<string, Uint8Array> =>
    Object.fromEntries(Object.entries(files).filter(([one]) => !one.startsWith(name)));
  const two = (): Record<string, Uint8Array> =>
    layoutFiles([
      { built: other, name: 'one' },
      { built: zipped, name: 'two' },
    ]);
  const blobOf = ({ layers: [first] }: BuiltImage): string => `blobs/${first?.digest.replace(':', '/')}`;

  it.each<[string, () => string, string]>([
    ['nothing there', () => 'dir:/nowhere/at/all', '/nowhere/at/all: there is no such folder'],
    ['nothing there either', () => 'oci:/nowhere/at/all:1', '/nowhere/at/all:1: there is no such file or folder'],
    [
      'a file for a folder',
      () => `dir:${write('f', 'x')}`,
      'f: it is no folder; for an archive write tar:PATH or docker-archive:PATH',
    ],
    [
      'a folder for an archive',
      () => `tar:${writeTree(rootfs)}`,
      'tree: it is a folder; write dir:PATH for an unpacked root file system',
    ],
    [
      'text',
      () => `tar:${write('f', 'x'.repeat(2000))}`,
      'f: it is no tar archive, plain or compressed with gzip, zstd or xz',
    ],
    [
      'nothing in it',
      () => `tar:${write('f', '')}`,
      'f: it is no tar archive, plain or compressed with gzip, zstd or xz',
    ],
    [
      'compressed text',
      () => `tar:${write('f', gzipSync('x'.repeat(2000)))}`,
      'f: it is no tar archive, plain or compressed with gzip, zstd or xz',
    ],
    [
      'bzip2',
      () => `tar:${write('f', Buffer.from('BZh91AY&SY'))}`,
      'f: it is compressed with bzip2, which is not read; use gzip, zstd or xz',
    ],
    ['no layout', () => `oci:${writeTree(rootfs)}`, 'tree: it is no OCI image layout: it has no oci-layout'],
    [
      'no index',
      () => `oci:${writeTree(without(two(), 'index.json'))}:one`,
      'tree: it is no OCI image layout: it has no index.json',
    ],
    ['no choice', () => `oci:${writeTree(two())}`, 'tree: it holds several images; choose one with its tag: one, two'],
    ['no such tag', () => `oci:${writeTree(two())}:three`, 'tree: it has no image with the tag three; it has one, two'],
    [
      'a blob that is missing',
      () => `oci:${writeTree(without(two(), blobOf(zipped)))}:two`,
      `tree: ${blobOf(zipped)} cannot be read: it is not there`,
    ],
    [
      'a blob of other content',
      () => `oci:${writeTree({ ...two(), [blobOf(zipped)]: noise(zipped.layers[0]?.size ?? 0) })}:two`,
      `tree: the content of ${zipped.layers[0]?.digest.slice(0, 19)} is not what its digest says: damaged, or changed meanwhile`,
    ],
    [
      'no saved image',
      () => `docker-archive:${write('f', archive)}`,
      'f: it is no saved image: it has no manifest.json; for a root file system write tar:PATH',
    ],
    [
      'a compressed one',
      () => `docker-archive:${write('f', gzipSync(archive))}`,
      'f: it is compressed with gzip, where single files cannot be reached; unpack it first',
    ],
    [
      'a cut one',
      () => `docker-archive:${write('f', archive.subarray(0, 520))}`,
      'f: the archive breaks off inside an entry',
    ],
    [
      'a layer that leads out of the archive',
      () =>
        `docker-archive:${write('f', tar(savedFiles([{ built: plain, tags: [], layerName: '../../etc/passwd' }])))}`,
      'f: ../../etc/passwd is not in it',
    ],
    [
      'a layer that is another',
      () => {
        const files = savedFiles([{ built: plain, tags: [] }]);
        return `docker-archive:${write('f', tar({ ...files, '00/layer.tar': tar({ 'etc/os-release': 'ID=other\n' }) }))}`;
      },
      `f: the content of ${plain.layers[0]?.diffId.slice(0, 19)} is not what its digest says: damaged, or changed meanwhile`,
    ],
  ])('%s', async (_, make, message) => {
    expect(await refusal(make())).toBe(message);
  });

  it('a layout whose blob is a link out of it', async () => {
    const target = write('elsewhere', zipped.layers[0]?.bytes ?? '');
    const root = writeTree(without(two(), blobOf(zipped)));
    symlinkSync(target, path.join(root, blobOf(zipped)));
    expect(await refusal(`oci:${root}:two`)).toBe(
      `tree: ${blobOf(zipped)} cannot be read: it is a symbolic link, which is not followed`,
    );
  });

  it('whatever an archive of images holds, in bounded time', async () => {
    const entry = fc.record({
      path: fc.constantFrom(
        'manifest.json',
        'oci-layout',
        'index.json',
        'blobs/sha256/x',
        '../x',
        'a/layer.tar',
        '',
        '/',
      ),
      type: fc.constantFrom('file' as const, 'symlink' as const, 'hardlink' as const, 'directory' as const),
      link: fc.constantFrom('a/layer.tar', '../../etc/passwd', 'manifest.json', '/'),
      content: fc.constantFrom(
        '',
        '{}',
        '[]',
        '[{}]',
        '[{"Config":"../x","Layers":["a/layer.tar"]}]',
        'null',
        '{"manifests":[{}]}',
      ),
    });
    const bytes = fc.oneof(
      fc.array(entry, { maxLength: 6 }).map((entries) => tar(entries)),
      fc.tuple(fc.array(entry, { maxLength: 4 }), fc.nat(3000)).map(([entries, cut]) => tar(entries).subarray(0, cut)),
      fc.uint8Array({ maxLength: 2000 }),
    );
    const file = place('hostile.tar');
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        writeFileSync(file, content);
        expect(await refusal(`docker-archive:${file}`)).toMatch(/^hostile.tar: /);
      }),
      { numRuns: 150 },
    );
  });

  it('without a path', () => {
    expect(() => parseLocal('dir:', localKinds)).toThrow('dir: names no path: write dir:PATH');
    expect(parseLocal('debian:12', localKinds)).toBeUndefined();
  });

  it('a layout with an attestation beside its image has one image', async () => {
    const files = layoutFiles([{ built: zipped }]);
    const attestation = blob(Buffer.from('{}'));
    const json = JSON.parse(Buffer.from(files['index.json'] ?? '').toString()) as { manifests: unknown[] };
    json.manifests.push({
      ...descriptor(attestation),
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      platform: { os: 'unknown', architecture: 'unknown' },
    });
    const root = writeTree({ ...files, 'index.json': JSON.stringify(json) });
    expect((await inspect(`oci:${root}`)).inventory).toMatchObject(read);
  });
});
