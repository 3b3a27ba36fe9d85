import type { Socket } from 'node:net';

/** Milliseconds to a connection: two lost packets at its beginning are made up for in that time (RFC 6298). A host that drops packets would otherwise cost minutes per attempt. */
export const connectTimeout = 6_000;

/** Ends a socket that is not connected in time; the code is not one of those that are tried again. */
export function limitConnecting(socket: Socket, milliseconds = connectTimeout): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('connecting took too long'), { code: 'CONNECT_TIMEOUT' }));
  }, milliseconds);
  const settled = (): void => clearTimeout(timer);
  socket.once('connect', settled).once('close', settled);
}
