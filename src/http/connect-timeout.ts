import type { Socket } from 'node:net';

/** Milliseconds to a connection. A host that drops packets would otherwise cost minutes per attempt. */
export const connectTimeout = 10_000;

/** Ends a socket that is not connected in time; the code is not one of those that are tried again. */
export function limitConnecting(socket: Socket, milliseconds = connectTimeout): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('connecting took too long'), { code: 'CONNECT_TIMEOUT' }));
  }, milliseconds);
  const settled = (): void => clearTimeout(timer);
  socket.once('connect', settled).once('close', settled);
}
