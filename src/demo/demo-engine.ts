import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Digest } from '../core/image/digest.ts';

/** A container that the demo's engine runs. */
export interface DemoContainer {
  readonly name: string;
  /** As it was typed. */
  readonly image: string;
  /** What was pulled for it; absent: it was made there. */
  readonly pulled?: Digest;
  /** The compose project and service that it belongs to. */
  readonly compose?: readonly [project: string, service: string];
}

/** A daemon of Docker inside this process, on loopback, as far as it is asked what it runs (moby, api/docs/v1.41.yaml). */
export interface DemoEngine {
  /** `tcp://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it on a free port of loopback; whoever starts it closes it. */
export async function startDemoEngine(name: string, containers: readonly DemoContainer[]): Promise<DemoEngine> {
  const imageId = ({ image, pulled }: DemoContainer): string =>
    `sha256:${createHash('sha256')
      .update(JSON.stringify([image, pulled]))
      .digest('hex')}`;
  const answers = new Map<string, unknown>([
    ['/info', { ID: 'demo', Name: name, DriverStatus: [['Backing Filesystem', 'extfs']] }],
    [
      '/containers/json',
      containers.map((one, i) => ({
        Id: (i + 1).toString(16).padStart(64, '0'),
        Names: [`/${one.name}`],
        Image: one.image,
        ImageID: imageId(one),
        State: 'running',
        Labels: one.compose
          ? { 'com.docker.compose.project': one.compose[0], 'com.docker.compose.service': one.compose[1] }
          : {},
      })),
    ],
    ...containers.map((one): [string, unknown] => {
      const repository = one.image.replace(/:[^:/]*$/, '');
      const digests = one.pulled === undefined ? [] : [`${repository}@${one.pulled}`];
      const image = { Id: imageId(one), RepoDigests: digests, Os: 'linux', Architecture: 'amd64', Config: {} };
      return [`/images/${image.Id}/json`, image];
    }),
  ]);
  const server = http.createServer((request, response) => {
    const path = decodeURIComponent(request.url?.split('?')[0] ?? '').replace(/^\/v[\d.]+/, '');
    const found = request.method === 'GET' ? (path === '/_ping' ? 'OK' : answers.get(path)) : undefined;
    response.writeHead(found === undefined ? 404 : 200, { 'api-version': '1.41', 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { message: 'page not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
