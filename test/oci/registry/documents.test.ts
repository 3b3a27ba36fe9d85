import { describe, expect, it } from 'vitest';
import { PlimsollError } from '../../../src/core/errors.ts';
import { digestOf } from '../../../src/core/image/digest.ts';
import { parseConfig, parseDocument } from '../../../src/oci/registry/documents.ts';
import { fc } from '../../support/fast-check.ts';
import { image, index, layer } from '../../support/image-builder.ts';

const digest = digestOf('document');
const descriptor = { mediaType: 'x/y', digest, size: 7 };
const encode = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const read = (value: unknown) => parseDocument(encode(value), digest);
const manifest = { schemaVersion: 2, config: descriptor, layers: [descriptor] };
const amd64 = { os: 'linux', architecture: 'amd64' };

describe('parseDocument', () => {
  it('reads a manifest, base first', () => {
    const built = image({ layers: [layer({ a: '1' }), layer({ b: '2' })] });
    expect(parseDocument(built.manifest.bytes, built.manifest.digest)).toMatchObject({
      kind: 'manifest',
      digest: built.manifest.digest,
      config: { mediaType: built.config.mediaType, digest: built.config.digest, size: built.config.size },
      layers: built.layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    });
  });

  it('reads an index without what is no image, and with what does not say its platform', () => {
    const built = image({ layers: [] });
    const list = index([{ image: built }]);
    const document = JSON.parse(Buffer.from(list.bytes).toString());
    document.manifests.push(
      { ...descriptor, platform: { os: 'unknown', architecture: 'unknown' } },
      { ...descriptor, platform: amd64, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
      { ...descriptor, artifactType: 'application/vnd.example.sbom' },
      { ...descriptor },
      { ...descriptor, platform: { os: 'windows', architecture: 'amd64', 'os.version': '10.0.1', variant: '' } },
    );
    expect(read(document)).toMatchObject({
      kind: 'index',
      children: [
        { digest: built.manifest.digest, platform: amd64 },
        descriptor,
        { platform: { os: 'windows', architecture: 'amd64', osVersion: '10.0.1' } },
      ],
    });
  });

  it.each([
    ['Docker', { mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' }, true],
    ['OCI', { mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip' }, true],
    ['an address', { urls: ['https://example.org/layer'] }, true],
    ['no address', { urls: [] }, undefined],
  ])('knows a layer that may not be copied: %s', (_name, more, foreign) => {
    const document = read({ ...manifest, layers: [{ ...descriptor, ...more }] });
    expect(document.kind === 'manifest' && document.layers[0]?.foreign).toBe(foreign);
  });

  it.each([
    ['null fields of the other kind', { ...manifest, manifests: null }],
    ['unknown fields', { ...manifest, whatever: { deep: [1] } }],
    ['no layers', { ...manifest, layers: [] }],
    ['a descriptor without a media type', { ...manifest, config: { digest, size: 0 } }],
  ])('takes a manifest with %s', (_name, document) => {
    expect(read(document).kind).toBe('manifest');
  });

  it.each([
    ['nothing', '', 'not JSON'],
    ['a page', '<html>', 'not JSON'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'), 'not JSON'],
    ['null', 'null', 'an object is missing'],
    ['a list', '[]', 'an object is missing'],
    ['an empty object', {}, 'no schemaVersion 2'],
    ['schema 1', { schemaVersion: 1 }, 'schema 1 manifest, which has been retired'],
    ['schema "2"', { ...manifest, schemaVersion: '2' }, 'no schemaVersion 2'],
    ['neither kind', { schemaVersion: 2 }, 'neither an index nor a manifest'],
    ['both kinds', { ...manifest, manifests: [] }, 'an index and a manifest at once'],
    [
      'an index with a config',
      { schemaVersion: 2, manifests: [], config: descriptor },
      'an index and a manifest at once',
    ],
    ['an index with odd layers', { schemaVersion: 2, manifests: [], layers: {} }, 'an index and a manifest at once'],
    ['layers that are none', { ...manifest, layers: {} }, 'neither an index nor a manifest'],
    ['a layer that is none', { ...manifest, layers: ['x'] }, 'an object is missing'],
    ['no config', { schemaVersion: 2, layers: [] }, 'an object is missing'],
    ['a short digest', { ...manifest, config: { ...descriptor, digest: 'sha256:12' } }, 'no valid digest'],
    ['a foreign digest', { ...manifest, config: { ...descriptor, digest: 'md5:12' } }, 'no valid digest'],
    ['a path for a digest', { ...manifest, config: { ...descriptor, digest: `${digest}/../x` } }, 'no valid digest'],
    ['a negative size', { ...manifest, config: { ...descriptor, size: -1 } }, 'no valid size'],
    ['a broken size', { ...manifest, config: { ...descriptor, size: 1.5 } }, 'no valid size'],
    ['a size as text', { ...manifest, config: { ...descriptor, size: '7' } }, 'no valid size'],
    ['a size beyond counting', { ...manifest, config: { ...descriptor, size: 1e300 } }, 'no valid size'],
    ['too many layers', { ...manifest, layers: Array(10_001).fill(descriptor) }, 'more than 10000 entries'],
    ['too many manifests', { schemaVersion: 2, manifests: Array(10_001).fill({}) }, 'more than 10000 entries'],
    ['depth', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'an object is missing'],
    [
      'depth in a field',
      `{"schemaVersion":2,"layers":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      'an object is missing',
    ],
  ])('refuses %s', (_name, document, why) => {
    expect(() => read(document)).toThrow(
      expect.objectContaining({
        code: 'REGISTRY',
        message: expect.stringMatching(new RegExp(`^not an image document: .*${why}`)),
      }),
    );
  });

  it('never fails in another way', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const any = fc.record(
      { schemaVersion: fc.constant(2), manifests: json, layers: json, config: json },
      { requiredKeys: ['schemaVersion'] },
    );
    fc.assert(
      fc.property(fc.oneof(any, json), (value) => {
        for (const parse of [read, (one: unknown) => parseConfig(encode(one))]) {
          try {
            parse(value);
          } catch (error) {
            expect(error).toBeInstanceOf(PlimsollError);
          }
        }
      }),
    );
  });
});

describe('parseConfig', () => {
  const parse = (value: unknown) => parseConfig(encode(value));

  it('gives what says how an image behaves', () => {
    const config = {
      ...amd64,
      created: '2026-11-20T00:00:00Z',
      rootfs: { diff_ids: [digest, 5] },
      config: {
        Env: ['PATH=/bin', 'A=b=c', 'EMPTY=', 'BARE', 5],
        User: 'nobody',
        Entrypoint: ['/bin/sh', '-c'],
        Cmd: [],
        WorkingDir: '',
        StopSignal: null,
        ExposedPorts: { '80/tcp': {}, '443/tcp': {} },
        Volumes: {},
        Healthcheck: { Test: ['NONE'] },
        Labels: { a: 'b', n: 5 },
      },
    };
    expect(parse(config)).toEqual({
      platform: amd64,
      created: '2026-11-20T00:00:00Z',
      diffIds: [digest],
      labels: { a: 'b' },
      behaviour: {
        'Env.PATH': '/bin',
        'Env.A': 'b=c',
        'Env.EMPTY': '',
        'Env.BARE': '',
        User: 'nobody',
        Entrypoint: '["/bin/sh","-c"]',
        ExposedPorts: '443/tcp 80/tcp',
        Healthcheck: '{"Test":["NONE"]}',
      },
    });
  });

  it.each([[{}], [{ config: null, rootfs: 5 }], [{ config: [], rootfs: { diff_ids: {} }, os: 5, created: 7 }]])(
    'takes %j for an image that says nothing',
    (value) => {
      expect(parse(value)).toEqual({
        platform: { os: 'unknown', architecture: 'unknown' },
        diffIds: [],
        labels: {},
        behaviour: {},
      });
    },
  );

  it('keeps hostile names as names', () => {
    const { labels, behaviour } = parse(
      '{"config":{"Env":["__proto__=x"],"Labels":{"__proto__":"y","constructor":"z"}}}',
    );
    expect(Object.entries(labels)).toEqual([
      ['__proto__', 'y'],
      ['constructor', 'z'],
    ]);
    expect(Object.entries(behaviour)).toEqual([['Env.__proto__', 'x']]);
    expect(({} as Record<string, unknown>)['y']).toBeUndefined();
  });

  it('refuses values nested without end', () => {
    const deep = `{"config":{"Healthcheck":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    expect(() => parse(deep)).toThrow(expect.objectContaining({ code: 'REGISTRY' }));
  });
});
