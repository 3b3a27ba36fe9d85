import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import fetch from 'node-fetch';

/* The reference for checking: the same HEADs, headers included, on the same library, eight sockets, nothing else; where tokens are asked for, one for fifty repositories. Over TLS the authority is read once. */
const urls = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as string[];
const headers = { accept: process.argv[3] ?? '*/*' };
const sockets = { keepAlive: true, maxSockets: 8 };
const [realm = '', authority = ''] = process.argv.slice(4);
const agent =
  authority === ''
    ? new http.Agent(sockets)
    : new https.Agent({
        ...sockets,
        secureContext: tls.createSecureContext({ ca: readFileSync(authority) }),
      } as https.AgentOptions);
const authorization = realm === '' ? undefined : await authorizations(realm);
await Promise.all(
  urls.map(async (url) => {
    const own = authorization?.get(repositoryOf(url));
    const response = await fetch(url, {
      method: 'HEAD',
      agent,
      headers: own === undefined ? headers : { ...headers, authorization: own },
      redirect: 'manual',
      compress: false,
    });
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  }),
);
agent.destroy();

function repositoryOf(url: string): string {
  return /\/v2\/(.+)\/manifests\//.exec(url)?.[1] ?? '';
}

async function authorizations(realm: string): Promise<ReadonlyMap<string, string>> {
  const repositories = [...new Set(urls.map(repositoryOf))];
  const found = new Map<string, string>();
  for (let start = 0; start < repositories.length; start += 50) {
    const some = repositories.slice(start, start + 50);
    const query = some.map((name) => `scope=${encodeURIComponent(`repository:${name}:pull`)}`).join('&');
    const response = await fetch(`${realm}?service=lab&${query}`, { agent });
    const { token } = (await response.json()) as { token: string };
    for (const name of some) found.set(name, `Bearer ${token}`);
  }
  return found;
}
