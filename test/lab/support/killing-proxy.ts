import { rmSync } from 'node:fs';
import net from 'node:net';

/** Another way to a daemon, that counts what is asked. */
export interface KillingProxy {
  readonly url: string;
  readonly count: () => number;
  close(): void;
}

/** Joins two sockets; before the n-th request from now is let through, `kill` is called, and nothing is let through any more. */
export async function killingProxy(socket: string, at: number, kill: () => void): Promise<KillingProxy> {
  const from = `${socket}.killing`;
  rmSync(from, { force: true });
  let count = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const daemon = net.connect(socket);
    for (const one of [client, daemon]) {
      open.add(one);
      one.on('error', () => undefined);
      one.on('close', () => open.delete(one));
    }
    client.on('data', (piece: Buffer) => {
      count += [...piece.toString('latin1').matchAll(/^[A-Z]+ \S+ HTTP\/1\.1\r?$/gm)].length;
      if (count >= at) return kill();
      daemon.write(piece);
    });
    client.on('close', () => daemon.destroy());
    daemon.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(from, resolve));
  return {
    url: `unix://${from}`,
    count: () => count,
    close: () => {
      for (const one of open) one.destroy();
      server.close();
    },
  };
}
