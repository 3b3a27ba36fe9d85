import { readFileSync } from 'node:fs';
import http from 'node:http';
import fetch from 'node-fetch';

/* The reference for engines: the same requests to the daemon and the same HEADs, eight sockets each, nothing else. */
const { socketPath, paths, heads } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  readonly socketPath: string;
  readonly paths: readonly string[];
  readonly heads: readonly string[];
};
const accept =
  'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
const agents = { keepAlive: true, maxSockets: 8 };
const [own, registry] = [new http.Agent(agents), new http.Agent(agents)];

function get(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath, path, agent: own }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece));
        answer.on('end', () =>
          resolve(path.endsWith('_ping') ? undefined : JSON.parse(Buffer.concat(pieces).toString())),
        );
      })
      .on('error', reject);
  });
}

const [ping = '', info = '', list = '', ...images] = paths;
await get(ping);
await get(info);
await get(list);
await Promise.all(images.map(get));
await Promise.all(
  heads.map(async (url) => {
    const { status } = await fetch(url, {
      method: 'HEAD',
      agent: registry,
      headers: { accept },
      redirect: 'manual',
      compress: false,
    });
    if (status !== 200) throw new Error(`${url} answered ${status}`);
  }),
);
own.destroy();
registry.destroy();
