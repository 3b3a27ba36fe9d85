import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { alternate, measure, ratioLine } from './alternate.ts';
import type { Fleet } from './registry-process.ts';

/**
 * The whole `check` of 500 Dockerfiles with 1,000 uses of 600 references, caches warm, against a bare loop of the same
 * 900 HEADs; the same with a token server in front of the registry, where Debian's docker-registry is installed.
 */
export async function checking(): Promise<string[]> {
  const plain = await against([]);
  return plain.server === 'docker-registry' ? [...plain.lines, ...(await against(['token'])).lines] : plain.lines;
}

async function against(words: readonly string[]): Promise<{ readonly server: string; readonly lines: string[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'registry-process.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const fleet = await new Promise<Fleet>((resolve) => {
      let text = '';
      server.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.endsWith('\n')) resolve(JSON.parse(text) as Fleet);
      });
    });
    writeTree(path.join(folder, 'tree'), fleet);
    const urls = path.join(folder, 'urls.json');
    writeFileSync(urls, JSON.stringify(fleet.heads));

    const cli = path.join(import.meta.dirname, '../dist/cli.js');
    const check = {
      args: [cli, 'check', path.join(folder, 'tree'), '--format', 'json', '--cache', path.join(folder, 'cache')],
      env: { HOME: folder },
    };
    const accept =
      'application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
    const realm = fleet.realm === undefined ? [] : [fleet.realm];
    const loop = { args: [path.join(import.meta.dirname, 'bare-loop.ts'), urls, accept, ...realm] };
    const cold = await measure(check);
    const result = await alternate(check, loop);
    const where = `${fleet.server}${fleet.realm === undefined ? '' : ' behind a token server'}`;
    const lines = [
      ratioLine(
        `check of 500 files, 1,000 uses, 600 references, warm, against ${fleet.heads.length} bare HEADs at ${where}`,
        result,
        1.5,
      ),
      `the same check, cold: ${Math.round(cold.ms)} ms, peak ${Math.round(cold.peak)} MB`,
    ];
    return { server: fleet.server, lines };
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** 1,000 uses: every reference once or twice, two to a file. */
function writeTree(folder: string, { references }: Fleet): void {
  const uses = Array.from({ length: 1000 }, (_, i) => references[i % references.length]);
  for (let file = 0; file < 500; file++) {
    const target = path.join(folder, `team-${file % 20}`, `service-${file}`);
    mkdirSync(target, { recursive: true });
    const [build, final] = [uses[file * 2], uses[file * 2 + 1]];
    const text = `# service ${file}\nARG VERSION=1\nFROM ${build} AS build\nWORKDIR /src\nCOPY . .\nRUN apt-get update && apt-get install -y --no-install-recommends curl git make && make\n\nFROM ${final}\nCOPY --from=build /src/out /usr/local/bin/\nENV PORT=8080\nEXPOSE 8080\nUSER 1000\nENTRYPOINT ["/usr/local/bin/service"]\n`;
    writeFileSync(path.join(target, 'Dockerfile'), text);
  }
}
