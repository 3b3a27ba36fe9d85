import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Agents } from '../../src/http/agents.ts';
import { plainFetch } from '../../src/http/plain-fetch.ts';

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function silentServer(asked: () => void): Promise<string> {
  const server = http.createServer(asked);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('a request with a body', () => {
  it('is not begun when the run was stopped before, and nothing else ends with it', async () => {
    const url = await silentServer(() => expect.fail('nobody is to be asked'));
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const agents = new Agents();
    const own = plainFetch(agents, stop.signal);
    const other = plainFetch(agents, new AbortController().signal);
    await expect(own(url, { method: 'POST', body: 'x' })).rejects.toThrow('stopped');
    await expect(other(url, { method: 'POST', body: 'x', signal: stop.signal })).rejects.toThrow('stopped');
    agents.destroy();
  });

  it('ends when the run is stopped meanwhile', async () => {
    const stop = new AbortController();
    const url = await silentServer(() => stop.abort());
    const agents = new Agents();
    const fetch = plainFetch(agents, stop.signal);
    await expect(fetch(url, { method: 'POST', body: 'x'.repeat(1000) })).rejects.toThrow('aborted');
    agents.destroy();
  });
});
