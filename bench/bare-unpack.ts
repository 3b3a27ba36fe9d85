import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import fetch from 'node-fetch';

/* The reference for inspecting: download, sha256 of the compressed bytes, gunzip; nothing is looked at. */
const response = await fetch(process.argv[2] ?? '', { compress: false });
if (!response.body) throw new Error('no body');
const hash = createHash('sha256');
const gunzip = createGunzip({ chunkSize: 256 * 1024 });
const unpacked = pipeline(gunzip, new Writable({ write: (_chunk, _encoding, done) => done() }));
for await (const chunk of response.body) {
  hash.update(chunk);
  if (!gunzip.write(chunk)) await once(gunzip, 'drain');
}
gunzip.end();
await unpacked;
process.stdout.write(hash.digest('hex'));
