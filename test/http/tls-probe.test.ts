import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { speaksTls } from '../../src/http/tls-probe.ts';

const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

it.each([
  ['speaks plain HTTP', () => http.createServer((_, response) => response.end())],
  ['hangs up', () => net.createServer((socket) => socket.destroy())],
  ['says nothing', () => net.createServer(() => {})],
  ['drips the beginning of a handshake', () => net.createServer(drip)],
])('is false for a server that %s', async (_name, server) => {
  expect(await speaksTls('127.0.0.1', await listen(server()), 200)).toBe(false);
});

it('is false where nobody listens', async () => {
  expect(await speaksTls('127.0.0.1', 1)).toBe(false);
});

/** A record of 16 kB that never becomes whole (RFC 8446 §5.1: handshake, version, length). */
function drip(socket: net.Socket): void {
  socket.write(Buffer.from([22, 3, 3, 0x3f, 0xff]));
  const timer = setInterval(() => socket.write('\u0002'), 50);
  socket.on('close', () => clearInterval(timer));
}
