import { gzipSync } from 'node:zlib';
import { type Digest, digestOf } from '../core/image/digest.ts';
import { ociIndex, ociManifest } from '../core/image/media-types.ts';

/** Content with the address a registry serves it under. */
export interface Blob {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly mediaType: string;
}

/** An image of one platform: its manifest, and the blobs that it names. */
export interface WrittenImage {
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
  readonly architecture: string;
}

/** What an image is to hold; `created` is RFC 3339. */
export interface ImageContent {
  /** Files by path, base layer first. */
  readonly layers: readonly Readonly<Record<string, string>>[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly created: string;
  readonly architecture?: string;
}

/** Writes a single-platform linux image, as small as one can be (OCI image-spec manifest.md, config.md, layer.md). */
export function writeImage({ layers, config = {}, created, architecture = 'amd64' }: ImageContent): WrittenImage {
  const archives = layers.map(writeTar);
  const layerBlobs = archives.map((archive) =>
    toBlob(gzipSync(archive), 'application/vnd.oci.image.layer.v1.tar+gzip'),
  );
  const configBlob = jsonBlob(
    { architecture, os: 'linux', created, config, rootfs: { type: 'layers', diff_ids: archives.map(digestOf) } },
    'application/vnd.oci.image.config.v1+json',
  );
  const manifest = jsonBlob(
    { schemaVersion: 2, mediaType: ociManifest, config: descriptor(configBlob), layers: layerBlobs.map(descriptor) },
    ociManifest,
  );
  return { manifest, blobs: [configBlob, ...layerBlobs], architecture };
}

/** An index over images of several architectures; `note` makes another index of the same images. */
export function writeIndex(images: readonly WrittenImage[], note: string): Blob {
  const manifests = images.map(({ manifest, architecture }) => ({
    ...descriptor(manifest),
    platform: { os: 'linux', architecture },
  }));
  return jsonBlob({ schemaVersion: 2, mediaType: ociIndex, manifests, annotations: { note } }, ociIndex);
}

function descriptor({ bytes, digest, mediaType }: Blob): { mediaType: string; digest: Digest; size: number } {
  return { mediaType, digest, size: bytes.length };
}

function jsonBlob(document: unknown, mediaType: string): Blob {
  return toBlob(Buffer.from(JSON.stringify(document)), mediaType);
}

function toBlob(bytes: Uint8Array, mediaType: string): Blob {
  return { bytes, digest: digestOf(bytes), mediaType };
}

/** POSIX.1-1988 ustar: a header block, the content padded to blocks, two empty blocks at the end. */
function writeTar(files: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    return [header(name, content.length), content, Buffer.alloc(-content.length & 511)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
  block.write(name, 0);
  block.write(
    `${octal(0o644, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0${octal(size, 11)}\0${octal(0, 11)}\0        0`,
    100,
  );
  block.write('ustar\x0000', 257);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return block;
}
