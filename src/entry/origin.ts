import { readFileSync } from 'node:fs';

declare const PLIMSOLL_VERSION: string | undefined;
declare const PLIMSOLL_REPOSITORY: string | undefined;

/* The one place that knows which Plimsoll this is, and from where. */

/** The folder of package.json: above `src/entry/` as above `dist/chunks/`. */
const root = new URL('../../', import.meta.url);

/** The version of the package: put in by the bundler, read from package.json when the source runs as it is. */
export function version(): string {
  if (typeof PLIMSOLL_VERSION === 'string') return PLIMSOLL_VERSION;
  return (JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }).version;
}

/**
 * `owner/name` on github.com, where this program's releases and its Action would be: the `repository` of package.json, put
 * in by the bundler; else the remote `origin` of the clone that it runs from. Undefined: this copy does not say.
 */
export function repository(): string | undefined {
  if (typeof PLIMSOLL_REPOSITORY === 'string') return PLIMSOLL_REPOSITORY;
  try {
    return originOf(readFileSync(new URL('.git/config', root), 'utf8'));
  } catch {
    return undefined;
  }
}

/** `owner/name` of a git configuration's remote `origin` on github.com. */
export function originOf(gitConfig: string): string | undefined {
  const [, origin = ''] = /^\[remote "origin"\]\n((?:[ \t]+.*\n?)*)/m.exec(gitConfig) ?? [];
  const [, url = ''] = /^\s*url\s*=\s*(.*)$/m.exec(origin) ?? [];
  return repositoryOf(url);
}

/** `owner/name` of an address on github.com, as git and npm write them; undefined for any other. */
export function repositoryOf(url: string): string | undefined {
  return /^(?:(?:git\+)?(?:https?|ssh|git):\/\/(?:[^/@]*@)?github\.com\/|git@github\.com:|github:)([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
    url.trim(),
  )?.[1];
}
