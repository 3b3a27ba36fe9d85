import { spawnSync } from 'node:child_process';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import { image, index, layer } from './image-builder.ts';

describe('the image builder', () => {
  it('builds layers whose digests are those of their bytes', () => {
    const inputs = { 'etc/os-release': 'ID=x' };
    const plain = layer(inputs, { compression: 'none' });
    expect(plain.diffId).toBe(plain.digest);
    const gzip = layer(inputs);
    expect(gzip).toMatchObject({ diffId: plain.digest, digest: digestOf(gzip.bytes), size: gzip.bytes.length });
    expect(gzip.mediaType).toBe('application/vnd.oci.image.layer.v1.tar+gzip');
    expect(gunzipSync(gzip.bytes)).toEqual(Buffer.from(plain.bytes));
    expect(zstdDecompressSync(layer(inputs, { compression: 'zstd' }).bytes)).toEqual(Buffer.from(plain.bytes));
  });

  it('links index, manifest, config and layers by digest', () => {
    const built = image({ layers: [layer({ a: 'b' })], config: { Env: ['A=b'] }, annotations: { k: 'v' } });
    const manifest = JSON.parse(Buffer.from(built.manifest.bytes).toString());
    expect(manifest.config.digest).toBe(built.config.digest);
    expect(manifest.layers[0]).toMatchObject({ digest: built.layers[0]?.digest, size: built.layers[0]?.size });
    expect(manifest.annotations).toEqual({ k: 'v' });
    const config = JSON.parse(Buffer.from(built.config.bytes).toString());
    expect(config).toMatchObject({ os: 'linux', architecture: 'amd64', config: { Env: ['A=b'] } });
    expect(config.rootfs.diff_ids).toEqual([built.layers[0]?.diffId]);
    const arm = { os: 'linux', architecture: 'arm', variant: 'v7' };
    const list = index([{ image: built }, { image: image({ platform: arm }), annotations: { x: 'y' } }]);
    const document = JSON.parse(Buffer.from(list.bytes).toString());
    expect(document.manifests[0].digest).toBe(built.manifest.digest);
    expect(document.manifests[1]).toMatchObject({ platform: arm, annotations: { x: 'y' } });
  });

  it('writes archives that tar reads', () => {
    const long = `${'deep/'.repeat(40)}file`;
    const { bytes } = layer(
      [
        { path: 'a', content: 'x' },
        { path: long },
        { path: `${long}2`, longNames: 'gnu' },
        { path: 'l', type: 'symlink', link: 'a' },
      ],
      { compression: 'none' },
    );
    const listed = spawnSync('tar', ['-tf', '-'], { input: bytes, encoding: 'utf8' });
    expect(listed.stdout.split('\n')).toEqual(['a', long, `${long}2`, 'l', '']);
  });
});
