import { readFileSync } from 'node:fs';
import http from 'node:http';
import fetch from 'node-fetch';

/* The reference for checking: the same HEADs, headers included, on the same library, eight sockets, nothing else. */
const urls = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as string[];
const headers = { accept: process.argv[3] ?? '*/*' };
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
await Promise.all(
  urls.map(async (url) => {
    const response = await fetch(url, { method: 'HEAD', agent, headers, redirect: 'manual', compress: false });
    if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  }),
);
agent.destroy();
