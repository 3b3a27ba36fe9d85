import { chownSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Digest, digestOf } from '../../../src/core/image/digest.ts';
import type { Descriptor } from '../../../src/core/image/image.ts';
import {
  type BuiltBlob,
  type BuiltImage,
  type BuiltIndex,
  type BuiltLayer,
  blob,
  descriptor,
  image,
  layer,
} from '../../support/image-builder.ts';
import type { DebianRootfs } from './debian-rootfs.ts';
import { runTool } from './run-tool.ts';

const config = { Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['bash'] };

/** A real Debian as an image, with more layers on it when given. */
export function debianImage(rootfs: DebianRootfs, more: readonly BuiltLayer[] = []): BuiltImage {
  const base = { ...blob(readFileSync(rootfs.layer), layer([]).mediaType), diffId: rootfs.diffId };
  return image({ layers: [base, ...more], config, created: rootfs.created });
}

/** An image of one archive on disk. */
export function archiveImage(tar: string, created: string, more: readonly BuiltLayer[] = []): BuiltImage {
  const archive = readFileSync(tar);
  const base = { ...blob(archive, 'application/vnd.oci.image.layer.v1.tar'), diffId: digestOf(archive) };
  return image({ layers: [base, ...more], config, created });
}

/** Pushes with skopeo, every byte as it was built; gives the digest that the tag names then. */
export function publish(built: BuiltImage | BuiltIndex, target: string, folder: string): Digest {
  return inPrivate(folder, (home) => {
    writeLayout(built, `${home}/built`);
    push(`${home}/built`, target, home);
    return ('manifest' in built ? built.manifest : built).digest;
  });
}

/** The same after skopeo has compressed the layers with zstd; gives the digest that the tag names then. */
export function publishZstd(built: BuiltImage, target: string, folder: string): Digest {
  return inPrivate(folder, (home) => {
    writeLayout(built, `${home}/built`);
    // Between folders: to a registry that has the gzip layer already, skopeo hands that one over again.
    skopeo(['--dest-compress-format', 'zstd', `oci:${home}/built:lab`, `oci:${home}/zstd:lab`], home);
    push(`${home}/zstd`, target, home);
    const { manifests } = JSON.parse(readFileSync(`${home}/zstd/index.json`, 'utf8')) as { manifests: [Descriptor] };
    return manifests[0].digest;
  });
}

/** The same in Docker's own media types, as most of what is on Docker Hub; gives the digest that the tag names then. */
export function publishDocker(built: BuiltImage, target: string, folder: string): Digest {
  return inPrivate(folder, (home) => {
    writeLayout(built, `${home}/built`);
    const format = ['--format', 'v2s2', '--digestfile', `${home}/digest`, '--dest-tls-verify=false'];
    skopeo([...format, `oci:${home}/built:lab`, `docker://${target}`], home);
    return readFileSync(`${home}/digest`, 'utf8').trim() as Digest;
  });
}

/** The same on disk: an image layout as it was built, and what skopeo makes of it for `docker load`. */
export function onDisk(
  built: BuiltImage,
  folder: string,
): { readonly layout: string; readonly saved: string; readonly name: string } {
  const own = mkdtempSync(path.join(folder, 'on-disk-'));
  const [layout, saved, name] = [`${own}/layout`, `${own}/saved.tar`, 'lab/debian:12'];
  writeLayout(built, layout);
  inPrivate(folder, (home) => {
    cpSync(layout, `${home}/layout`, { recursive: true });
    skopeo([`oci:${home}/layout:lab`, `docker-archive:${home}/saved.tar:${name}`], home);
    copyFileSync(`${home}/saved.tar`, saved);
  });
  return { layout, saved, name };
}

function push(layout: string, target: string, home: string): void {
  const exactly = ['--all', '--preserve-digests', '--dest-tls-verify=false'];
  skopeo([...exactly, `oci:${layout}:lab`, `docker://${target}`], home);
}

// Root's skopeo remembers which blobs it saw in a file under /var/lib, which would leave something behind and make the
// next run another one; any other user's goes by HOME.
const nobody = 65534;

function skopeo(args: readonly string[], home: string): void {
  runTool('skopeo', ['--insecure-policy', 'copy', '--quiet', ...args], { user: nobody, env: { HOME: home } });
}

function inPrivate<T>(folder: string, work: (home: string) => T): T {
  const home = mkdtempSync(path.join(folder, 'skopeo-'));
  try {
    chownSync(home, nobody, nobody);
    return work(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** The image layout of the OCI image-spec, image-layout.md. */
function writeLayout(built: BuiltImage | BuiltIndex, layout: string): void {
  mkdirSync(path.join(layout, 'blobs/sha256'), { recursive: true });
  const images = 'manifest' in built ? [built] : built.images;
  const root: BuiltBlob = 'manifest' in built ? built.manifest : built;
  const blobs = [root, ...images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers])];
  for (const { digest, bytes } of blobs) writeFileSync(path.join(layout, 'blobs', digest.replace(':', '/')), bytes);
  writeFileSync(path.join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const named = { ...descriptor(root), annotations: { 'org.opencontainers.image.ref.name': 'lab' } };
  writeFileSync(path.join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [named] }));
}
