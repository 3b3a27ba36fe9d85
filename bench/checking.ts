import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alternate, measure, ratioLine } from './alternate.ts';
import { startFleet, writeTree } from './fleet-of-files.ts';

/**
 * The whole `check` of 500 Dockerfiles with 1,000 uses of 600 references, caches warm, against a bare loop of the same
 * 900 HEADs; the same over TLS with an own authority, and with a token server in front of the registry, where Debian's
 * docker-registry is installed.
 */
export async function checking(): Promise<string[]> {
  const plain = await against([]);
  return plain.server === 'docker-registry'
    ? [...plain.lines, ...(await against(['tls'])).lines, ...(await against(['token'])).lines]
    : plain.lines;
}

async function against(words: readonly string[]): Promise<{ readonly server: string; readonly lines: string[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const { fleet, stop } = await startFleet(words);
  try {
    writeTree(path.join(folder, 'tree'), fleet, 500);
    const urls = path.join(folder, 'urls.json');
    writeFileSync(urls, JSON.stringify(fleet.heads));

    const cli = path.join(import.meta.dirname, '../dist/cli.js');
    const check = {
      args: [cli, 'check', path.join(folder, 'tree'), '--format', 'json', '--cache', path.join(folder, 'cache')],
      env: { HOME: folder, ...(fleet.authority !== undefined && { SSL_CERT_FILE: fleet.authority }) },
    };
    const accept =
      'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
    const { realm = '', authority = '' } = fleet;
    const loop = { args: [path.join(import.meta.dirname, 'bare-loop.ts'), urls, accept, realm, authority] };
    const cold = await measure(check);
    const result = await alternate(check, loop);
    const where = `${fleet.server}${fleet.realm === undefined ? '' : ' behind a token server'}${fleet.authority === undefined ? '' : ' over TLS with an own authority'}`;
    const lines = [
      ratioLine(
        `check of 500 files, 1,000 uses, 600 references, warm, against ${fleet.heads.length} bare HEADs at ${where}`,
        result,
        fleet.authority === undefined ? 1.5 : 1.35,
      ),
      `the same check, cold: ${Math.round(cold.ms)} ms, peak ${Math.round(cold.peak)} MB`,
    ];
    return { server: fleet.server, lines };
  } finally {
    stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
