import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alternate, measure, ratioLine } from './alternate.ts';
import { startFleet } from './fleet-of-files.ts';

const containers = 100;

/**
 * The whole `check docker:` of 100 containers, each with an image of its own, caches warm and nothing new, against a bare loop of the
 * same requests: the list, a look at each image, and a HEAD per reference.
 */
export async function engines(): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const { fleet, stop } = await startFleet([]);
  const file = path.join(folder, 'containers.json');
  let daemon: ReturnType<typeof spawn> | undefined;
  try {
    const tagged = fleet.references.filter((one) => !one.includes('@')).slice(0, containers);
    const heads = tagged.map((one) => headOf(one));
    const digests = await Promise.all(
      heads.map(
        async (url) =>
          (await fetch(url, { method: 'HEAD', headers: { accept } })).headers.get('docker-content-digest') ?? '',
      ),
    );
    const ids = tagged.map((_, i) => `sha256:${i.toString(16).padStart(64, '0')}`);
    const all = tagged.map((image, i) => ({
      name: `web-${i}`,
      image,
      runs: { id: ids[i], repoDigests: [`${image.replace(/:[^:/]*$/, '')}@${digests[i]}`] },
    }));
    writeFileSync(file, JSON.stringify(all));
    daemon = spawn(process.execPath, [path.join(import.meta.dirname, 'engine-process.ts'), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve) =>
      daemon?.stdout?.once('data', (text) => resolve(String(text).trim())),
    );
    const paths = [
      '/_ping',
      '/v1.41/info',
      '/v1.41/containers/json?all=1',
      ...ids.map((id) => `/v1.41/images/${encodeURIComponent(id)}/json`),
    ];
    const requests = path.join(folder, 'requests.json');
    writeFileSync(requests, JSON.stringify({ socketPath: new URL(url).pathname, paths, heads }));
    const cli = path.join(import.meta.dirname, '../dist/cli.js');
    const check = {
      args: [cli, 'check', `docker:${url}`, '--format', 'json', '--cache', path.join(folder, 'cache')],
      env: { HOME: folder, PLIMSOLL_ADVISORIES: 'off' },
    };
    const cold = await measure(check);
    const result = await alternate(check, { args: [path.join(import.meta.dirname, 'bare-engine.ts'), requests] });
    return [
      ratioLine(
        `check of an engine with ${containers} containers, warm, against the same ${paths.length + heads.length} requests`,
        result,
        1.5,
      ),
      `the same check, cold: ${Math.round(cold.ms)} ms, peak ${Math.round(cold.peak)} MB`,
    ];
  } finally {
    stop();
    daemon?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const accept = 'application/vnd.oci.image.manifest.v1+json';

function headOf(reference: string): string {
  const [, host = '', repository = '', tag = ''] = /^([^/]+)\/(.+):([^:/]+)$/.exec(reference) ?? [];
  return `http://${host}/v2/${repository}/manifests/${tag}`;
}
