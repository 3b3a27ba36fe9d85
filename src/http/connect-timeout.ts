import type { Socket } from 'node:net';
import { limits } from '../core/limits/limits.ts';

/** Ends a socket that is not connected in time; the code is not one of those that are tried again. */
export function limitConnecting(socket: Socket, milliseconds = limits.host.connect.most): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error('connecting took too long'), { code: 'CONNECT_TIMEOUT' }));
  }, milliseconds);
  const settled = (): void => clearTimeout(timer);
  socket.once('connect', settled).once('close', settled);
}
