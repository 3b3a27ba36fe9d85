import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
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
    const own = plainFetch({}, stop.signal);
    const other = plainFetch({}, new AbortController().signal);
    await expect(own.fetch(url, { method: 'POST', body: 'x' })).rejects.toThrow('stopped');
    await expect(other.fetch(url, { method: 'POST', body: 'x', signal: stop.signal })).rejects.toThrow('stopped');
    own.close();
    other.close();
  });

  it('ends when the run is stopped meanwhile', async () => {
    const stop = new AbortController();
    const url = await silentServer(() => stop.abort());
    const { fetch, close } = plainFetch({}, stop.signal);
    await expect(fetch(url, { method: 'POST', body: 'x'.repeat(1000) })).rejects.toThrow('aborted');
    close();
  });
});
