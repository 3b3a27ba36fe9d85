import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measure } from './alternate.ts';
import { startFleet, writeTree } from './fleet-of-files.ts';

const checkBar = { seconds: 10, megabytes: 350 };
const runBar = { runs: 10, megabytes: 400 };

/** A large fleet in one tree: `check` of 40,000 uses in 20,000 files, cold, and ten times `run` over 30,000 uses. */
export async function crowd(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const { fleet, stop } = await startFleet([]);
  try {
    const cli = path.join(import.meta.dirname, '../dist/cli.js');
    const [large, smaller] = [path.join(folder, 'large'), path.join(folder, 'smaller')];
    writeTree(large, fleet, 20_000);
    writeTree(smaller, fleet, 15_000);
    const check = await measure({
      args: [cli, 'check', large, '--format', 'json', '--cache', path.join(folder, 'cache')],
      env: { HOME: folder, PLIMSOLL_ADVISORIES: 'off' },
    });
    const { host } = new URL(fleet.heads[0] ?? '');
    const config = path.join(folder, 'plimsoll.yml');
    writeFileSync(
      config,
      JSON.stringify({
        version: 1,
        advisories: 'off',
        registries: { [host]: { insecure: true } },
        repositories: [{ path: smaller }],
        state: path.join(folder, 'state.db'),
        notify: [],
      }),
    );
    const peaks: number[] = [];
    for (let run = 0; run < runBar.runs; run++) {
      const args = [cli, 'run', '--config', config, '--cache', path.join(folder, 'cache-of-run')];
      peaks.push((await measure({ args, env: { HOME: folder, PLIMSOLL_ADVISORIES: 'off' } })).peak);
    }
    const most = Math.max(...peaks);
    const isSlow = check.ms > checkBar.seconds * 1000 || check.peak > checkBar.megabytes;
    return [
      `check of 20,000 files, 40,000 uses, cold: ${(check.ms / 1000).toFixed(1)} s, peak ${Math.round(check.peak)} MB (bars ${checkBar.seconds} s and ${checkBar.megabytes} MB${isSlow ? ', MISSED' : ''})`,
      `run over 30,000 uses, ${runBar.runs} times: peaks ${peaks.map(Math.round).join(' ')} MB (bar ${runBar.megabytes}${most > runBar.megabytes ? ', MISSED' : ''})`,
    ];
  } finally {
    stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
