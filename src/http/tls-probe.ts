import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { limits } from '../core/limits/limits.ts';
import { openTunnel } from './tunnel.ts';

/**
 * Does this host speak TLS? Only a handshake, no request, so that asking costs the registry nothing.
 * Resolves false on any failure: plain HTTP is then tried, and says itself when nobody is there.
 */
export async function speaksTls(
  host: string,
  port: number,
  milliseconds = limits.host.handshake.most,
  proxy?: URL,
): Promise<boolean> {
  let tunnel: Duplex | undefined;
  try {
    tunnel = proxy && (await openTunnel(proxy, host, port));
  } catch {
    return false;
  }
  return new Promise((resolve) => {
    // Only the protocol is asked for here; whether the certificate is good is decided by the request that follows.
    const socket = tls.connect({ host, port, rejectUnauthorized: false, ...(tunnel && { socket: tunnel }) });
    const done = (answer: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', () => done(true));
    socket.on('error', () => done(false));
    // Not the socket's own: that one starts anew with every byte.
    const timer = setTimeout(() => done(false), milliseconds);
  });
}
