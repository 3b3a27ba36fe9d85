import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Digest } from '../core/image/digest.ts';
import type { Blob, WrittenImage } from './image-writer.ts';

/** A read-only registry inside this process, on loopback (distribution-spec: manifests, blobs, tags). */
export interface DemoRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  putImage(repository: string, image: WrittenImage, tag?: string): Digest;
  putIndex(repository: string, index: Blob, images: readonly WrittenImage[], tag: string): Digest;
  deleteManifest(repository: string, digest: Digest): void;
  close(): Promise<void>;
}

/** Starts it on a free port of loopback; whoever starts it closes it. */
export async function startDemoRegistry(): Promise<DemoRegistry> {
  const contents = new Map<string, Blob>();
  const tags = new Map<string, Digest>();
  const put = (repository: string, kind: 'manifests' | 'blobs', blob: Blob): void => {
    contents.set(`/v2/${repository}/${kind}/${blob.digest}`, blob);
  };
  const server = http.createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const tagged = /^\/v2\/(.+)\/manifests\/([^:]+)$/.exec(path);
    const list = /^\/v2\/(.+)\/tags\/list$/.exec(path);
    const digest = tagged && tags.get(`${tagged[1]}:${tagged[2]}`);
    const blob = contents.get(digest ? `/v2/${tagged[1]}/manifests/${digest}` : path);
    const names =
      list && [...tags.keys()].filter((key) => key.startsWith(`${list[1]}:`)).map((key) => key.split(':')[1]);
    const [status, type, body] = blob
      ? [200, blob.mediaType, blob.bytes]
      : names?.length
        ? [200, 'application/json', Buffer.from(JSON.stringify({ name: list?.[1], tags: names }))]
        : [404, 'application/json', Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')];
    response.writeHead(status, {
      'content-type': type,
      'content-length': body.length,
      ...(blob && { 'docker-content-digest': blob.digest }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const putImage = (repository: string, image: WrittenImage, tag?: string): Digest => {
    for (const blob of image.blobs) put(repository, 'blobs', blob);
    put(repository, 'manifests', image.manifest);
    if (tag !== undefined) tags.set(`${repository}:${tag}`, image.manifest.digest);
    return image.manifest.digest;
  };
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    putImage,
    putIndex: (repository, index, images, tag) => {
      for (const image of images) putImage(repository, image);
      put(repository, 'manifests', index);
      tags.set(`${repository}:${tag}`, index.digest);
      return index.digest;
    },
    deleteManifest: (repository, digest) => {
      contents.delete(`/v2/${repository}/manifests/${digest}`);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
