import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alternate, ratioLine } from './alternate.ts';

/** `packages` of an image with one 58 MB layer, cold, against downloading, hashing and unpacking the same blob in one process. */
export async function inspecting(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'layer-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const { reference, layer, megabytes } = await new Promise<{ reference: string; layer: string; megabytes: number }>(
      (resolve) => {
        let text = '';
        server.stdout.on('data', (chunk) => {
          text += chunk;
          if (text.endsWith('\n')) resolve(JSON.parse(text));
        });
      },
    );
    const cli = path.join(import.meta.dirname, '../dist/cli.js');
    const ours = { args: [cli, 'packages', reference, '--cache', 'none'], env: { HOME: folder } };
    const floor = { args: [path.join(import.meta.dirname, 'bare-unpack.ts'), layer] };
    const result = await alternate(ours, floor);
    return [ratioLine(`packages of a ${megabytes} MB layer, cold, against download + sha256 + gunzip`, result, 1.3)];
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Text like a distribution's: it compresses about three to one. */
export function plausible(size: number): Buffer {
  const words = Array.from({ length: 4096 }, (_, i) =>
    createHash('sha256')
      .update(`word ${i}`)
      .digest('hex')
      .slice(0, 3 + (i % 9)),
  );
  const random = randomBytes(Math.ceil(size / 2));
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; length < size; i += 2) {
    const word = words[((random[i] ?? 0) * 256 + (random[i + 1] ?? 0)) % words.length] ?? '';
    parts.push(word);
    length += word.length + 1;
  }
  return Buffer.from(parts.join(' ').slice(0, size));
}
