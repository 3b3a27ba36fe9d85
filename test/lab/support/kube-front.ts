import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { certificate, privateKey } from '../../support/certificate.ts';

/** Stands before an API server, and hands everything on: what is written down here has come over the wire. */
export interface KubeFront {
  readonly url: string;
  /** `GET /path?query`. */
  readonly asked: string[];
  /** Waited for before a request is handed on; true: it is not, and the connection ends. */
  before: (path: string) => Promise<boolean>;
  close(): Promise<void>;
}

/** Starts one before the server at `url`, with the same certificate. */
export async function startKubeFront(url: string): Promise<KubeFront> {
  const agent = new https.Agent({ keepAlive: true, ca: certificate, servername: 'registry.example' });
  const server = https.createServer({ cert: certificate, key: privateKey }, async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    front.asked.push(`${method} ${path}`);
    if (await front.before(path)) return void request.socket.destroy();
    const behind = https.request(`${url}${path}`, { method, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    behind.once('error', () => request.socket.destroy());
    request.pipe(behind);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front: KubeFront = {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    before: async () => false,
    close: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return front;
}
