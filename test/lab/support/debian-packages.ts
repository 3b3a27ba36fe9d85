import { runTool } from './run-tool.ts';

/** Installs the Debian packages that are missing; asks nothing and touches nothing when all are there. */
export function installDebianPackages(names: readonly string[]): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt may be at work on a machine that has just started.
  const common = ['-q', '-y', '-o', 'DPkg::Lock::Timeout=120'];
  runTool('apt-get', [...common, 'update'], { env, seconds: 300 });
  runTool('apt-get', [...common, 'install', '--no-install-recommends', ...missing], { env, seconds: 600 });
}

function isInstalled(name: string): boolean {
  try {
    return runTool('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]) === 'installed';
  } catch {
    return false;
  }
}
