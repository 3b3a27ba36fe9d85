import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTool } from './run-tool.ts';

/** Installs the Debian packages that are missing; asks nothing and touches nothing when all are there. */
export function installDebianPackages(names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  aptGet(['update'], 300);
  aptGet(['install', '--no-install-recommends', ...missing], 600);
}

// Another apt may be at work on a machine that has just started.
function aptGet(words: readonly string[], seconds: number, cwd?: string): void {
  const common = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  runTool('apt-get', [...common, ...words], { env, seconds, ...(cwd !== undefined && { cwd }) });
}

/** A program of a Debian package, unpacked beside the system, which may have another of its name; once per machine. */
export function unpackedTool(name: string, file: string): string {
  const folder = path.join(tmpdir(), 'plimsoll-lab-cache', name);
  const tool = path.join(folder, 'unpacked', file);
  if (existsSync(tool)) return tool;
  mkdirSync(folder, { recursive: true });
  aptGet(['update'], 300);
  aptGet(['download', name], 300, folder);
  const archive = readdirSync(folder).find((one) => one.endsWith('.deb')) ?? '';
  runTool('dpkg', ['-x', path.join(folder, archive), path.join(folder, 'unpacked')]);
  return tool;
}

function isInstalled(name: string): boolean {
  try {
    return runTool('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]) === 'installed';
  } catch {
    return false;
  }
}
