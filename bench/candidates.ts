import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alternate, measure, ratioLine } from './alternate.ts';
import type { Served } from './archive-process.ts';

/** Milliseconds and megabytes. */
const bars = { cold: 2000, warm: 200, peak: 200 };

/**
 * `pending` of an image of 96 packages against the whole main index of Debian: cold against download, sha256, xz and a
 * scan of the lines in one process; warm against a process that does nothing.
 */
export async function candidates(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'archive-process.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const served = await new Promise<Served>((resolve, reject) => {
      let text = '';
      server.on('close', () => reject(new Error('the archive of the benchmark ended')));
      server.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.endsWith('\n')) resolve(JSON.parse(text) as Served);
      });
    });
    const cli = path.join(import.meta.dirname, '../dist/cli.js');
    const env = { HOME: folder, PLIMSOLL_ADVISORIES: 'off' };
    const pending = (cache: string) => ({
      args: [cli, 'pending', served.reference, '--format', 'json', '--cache', cache],
      env,
    });
    const kept = pending(path.join(folder, 'cache'));
    const cold = await alternate(pending('none'), {
      args: [path.join(import.meta.dirname, 'bare-index.ts'), served.index],
    });
    await measure(kept);
    const warm = await alternate(kept, { args: ['-e', '0'] });
    const what = `pending of 96 packages against ${served.packages} (${served.megabytes} MB)`;
    const beyond = warm.ours.ms - warm.reference.ms;
    return [
      ratioLine(`${what}, cold, against download + sha256 + xz + lines`, cold, 1.3),
      `the same, cold: ${Math.round(cold.ours.ms)} ms${verdict(cold.ours.ms, bars.cold)}, peak ${Math.round(cold.ours.peak)} MB${verdict(cold.ours.peak, bars.peak)}`,
      `the same, warm: ${Math.round(beyond)} ms beyond node -e 0${verdict(beyond, bars.warm)}, peak ${Math.round(warm.ours.peak)} MB`,
    ];
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function verdict(figure: number, bar: number): string {
  return ` (bar ${bar}${figure <= bar ? '' : ', MISSED'})`;
}
