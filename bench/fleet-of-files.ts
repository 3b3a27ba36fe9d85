import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Fleet } from './registry-process.ts';

/** The registry of the benchmarks in a process of its own, and what it holds. */
export async function startFleet(
  words: readonly string[],
): Promise<{ readonly fleet: Fleet; readonly stop: () => void }> {
  const server = spawn(process.execPath, [path.join(import.meta.dirname, 'registry-process.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const fleet = await new Promise<Fleet>((resolve) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.endsWith('\n')) resolve(JSON.parse(text) as Fleet);
    });
  });
  return { fleet, stop: () => void server.kill() };
}

/** Dockerfiles of two uses each, going through the references in turn. */
export function writeTree(folder: string, { references }: Fleet, files: number): void {
  const use = (index: number): string | undefined => references[index % references.length];
  for (let file = 0; file < files; file++) {
    const target = path.join(folder, `team-${file % 20}`, `service-${file}`);
    mkdirSync(target, { recursive: true });
    const [build, final] = [use(file * 2), use(file * 2 + 1)];
    const text = `# service ${file}\nARG VERSION=1\nFROM ${build} AS build\nWORKDIR /src\nCOPY . .\nRUN apt-get update && apt-get install -y --no-install-recommends curl git make && make\n\nFROM ${final}\nCOPY --from=build /src/out /usr/local/bin/\nENV PORT=8080\nEXPOSE 8080\nUSER 1000\nENTRYPOINT ["/usr/local/bin/service"]\n`;
    writeFileSync(path.join(target, 'Dockerfile'), text);
  }
}
