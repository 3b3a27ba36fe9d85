import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Whoever builds an image, behind a webhook on loopback. */
export interface DemoBuilder {
  readonly url: string;
  /** What was asked for, as it was posted. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Starts it on a free port of loopback; it builds at once. Whoever starts it closes it. */
export async function startDemoBuilder(build: () => void): Promise<DemoBuilder> {
  const asked: string[] = [];
  const server = http.createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    asked.push(Buffer.concat(pieces).toString('utf8'));
    build();
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/build`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
