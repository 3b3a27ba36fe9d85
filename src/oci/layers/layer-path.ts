import { limits } from '../../core/limits/limits.ts';

/**
 * A path of an archive without `./`, leading and trailing `/` and empty components; `''` is the root. Undefined when
 * it has a `..` component, which no archiver of images writes.
 */
export function normalizePath(path: string): string | undefined {
  if (!/^\.?\/|^\.{1,2}$|\/\/|\/$|(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) return path;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.includes('..') ? undefined : parts.join('/');
}

/** The directory of a path, `''` for the root, and its last component. */
export function splitPath(path: string): { directory: string; base: string } {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? { directory: '', base: path } : { directory: path.slice(0, slash), base: path.slice(slash + 1) };
}

/** The path of a name in a directory; `''` is the root. */
export function joinPath(directory: string, base: string): string {
  return directory === '' ? base : `${directory}/${base}`;
}

/**
 * Follows symlinks in every component of a path, as open(2) would with the image as root: `..` stops at the root.
 * Undefined for a loop or a path longer than any that works.
 */
export function resolvePath(path: string, symlinks: ReadonlyMap<string, string>): string | undefined {
  if (symlinks.size === 0 && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const pending = path.split('/').reverse();
  let resolved = '';
  let hops = 0;
  for (let steps = 0; pending.length > 0; steps++) {
    if (steps > limits.image.linkSteps.most) return undefined;
    const part = pending.pop() ?? '';
    if (part === '' || part === '.') continue;
    if (part === '..') {
      resolved = splitPath(resolved).directory;
      continue;
    }
    const next = joinPath(resolved, part);
    const target = symlinks.get(next);
    if (target === undefined) resolved = next;
    else {
      const parts = target.split('/');
      if (++hops > limits.image.linkHops.most || parts.length > limits.image.linkSteps.most) return undefined;
      if (target.startsWith('/')) resolved = '';
      pending.push(...parts.reverse());
    }
  }
  return resolved;
}
