import path from 'node:path';
import { alternate, ratioLine } from './alternate.ts';

/** `plimsoll --version` against `node -e 0`. */
export async function starting(): Promise<string[]> {
  const cli = path.join(import.meta.dirname, '../dist/cli.js');
  const result = await alternate({ args: [cli, '--version'] }, { args: ['-e', '0'] });
  return [ratioLine('--version against node -e 0', result, 1.5)];
}
