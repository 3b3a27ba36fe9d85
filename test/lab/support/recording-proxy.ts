import { appendFileSync } from 'node:fs';
import net from 'node:net';

/*
 * Joins two sockets, and writes the first line of every request into a file: node recording-proxy.ts FROM TO FILE. A process of
 * its own, since the tests wait for others without taking turns.
 */

const [, , from = '', to = '', file = ''] = process.argv;
net
  .createServer((client) => {
    const daemon = net.connect(to);
    client.on('data', (piece: Buffer) => {
      for (const [line] of piece.toString('latin1').matchAll(/^[A-Z]+ \S+ HTTP\/1\.1\r?$/gm))
        appendFileSync(file, `${line.trim()}\n`);
    });
    client.on('error', () => daemon.destroy());
    daemon.on('error', () => client.destroy());
    client.pipe(daemon).pipe(client);
  })
  .listen(from, () => process.stdout.write('listening\n'));
