import { readFileSync } from 'node:fs';

declare const PLIMSOLL_VERSION: string | undefined;

/** The version of the package: put in by the bundler, read from package.json when the source runs as it is. */
export function version(): string {
  if (typeof PLIMSOLL_VERSION === 'string') return PLIMSOLL_VERSION;
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
