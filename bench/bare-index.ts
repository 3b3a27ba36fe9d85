import { createHash } from 'node:crypto';
import fetch from 'node-fetch';
import { xzStream } from '../src/packages/archives/xz.ts';

/* The reference for candidates: download, sha256 of the compressed bytes, xz, and a look at every line; nothing is kept. */
const response = await fetch(process.argv[2] ?? '', { compress: false });
if (!response.body) throw new Error('no body');
const { body } = response;
const hash = createHash('sha256');
async function* hashed(): AsyncGenerator<Uint8Array> {
  for await (const chunk of body as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
}
const newline = 10;
const letter = 'P'.charCodeAt(0);
let packages = 0;
for await (const piece of xzStream(hashed())) {
  for (let at = 0; at < piece.length; at = piece.indexOf(newline, at) + 1 || piece.length) {
    if (piece[at] === letter && piece[at + 1] === 97) packages++;
  }
}
process.stdout.write(`${hash.digest('hex')} ${packages}`);
