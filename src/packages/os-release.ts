import { limits } from '../core/limits/limits.ts';
import type { DistroRelease } from '../core/package.ts';
import { asBuffer } from './database-lines.ts';
import { fallbackRelease, fallbackReleasePaths } from './os-release-fallbacks.ts';

const locations = ['etc/os-release', 'usr/lib/os-release'];

/** Files that name the distro, as globs. Fedora's usr/lib/os-release may be a symlink into os.release.d. */
export const osReleasePaths: readonly string[] = [...locations, 'usr/lib/os.release.d/*', ...fallbackReleasePaths];

/**
 * The distro release of a merged root file system, by os-release(5): etc before usr/lib; when neither says anything,
 * the older files that distros used before. Undefined when nothing names the distro.
 */
export function readOsRelease(files: ReadonlyMap<string, Uint8Array>): DistroRelease | undefined {
  const read = (path: string): string | undefined => {
    const bytes = files.get(path);
    return (
      bytes &&
      asBuffer(bytes)
        .toString('utf8', 0, limits.image.osRelease.most)
        .replace(/^\uFEFF/, '')
    );
  };
  for (const path of locations) {
    const values = parseShellAssignments(read(path) ?? '');
    if (values.size > 0) return fromOsRelease(values, read('etc/debian_version'));
  }
  return fallbackRelease(read, parseShellAssignments);
}

function fromOsRelease(values: ReadonlyMap<string, string>, debianVersion: string | undefined): DistroRelease {
  const id = values.get('ID')?.toLowerCase() || 'linux';
  const versionId = values.get('VERSION_ID');
  const prettyName = values.get('PRETTY_NAME');
  const codename =
    values.get('VERSION_CODENAME') ||
    values.get('UBUNTU_CODENAME') ||
    // Debian testing and sid have no VERSION_ID; before bookworm not even a codename, only "trixie/sid" in this file.
    (id === 'debian' && !versionId ? /^[a-z]+/.exec(debianVersion?.trim() ?? '')?.[0] : undefined);
  return { id, ...(versionId && { versionId }), ...(codename && { codename }), ...(prettyName && { prettyName }) };
}

/**
 * `KEY=value` lines with shell quoting: single quotes take everything as it is, double quotes and bare words know the
 * backslash. Comments, blank lines and lines of another form are left out.
 */
export function parseShellAssignments(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*(?<key>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*)$/.exec(line.trimEnd());
    if (match?.groups?.['key']) values.set(match.groups['key'], unquote(match.groups['value'] ?? ''));
  }
  return values;
}

function unquote(word: string): string {
  let text = '';
  let quote = '';
  for (let i = 0; i < word.length; i++) {
    const c = word.charAt(i);
    if (quote === "'") {
      if (c === quote) quote = '';
      else text += c;
    } else if (c === '\\') {
      const next = word.charAt(++i);
      // Inside double quotes the backslash is kept before anything but these (POSIX shell, 2.2.3).
      text += quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next;
    } else if (c === quote) quote = '';
    else if (quote === '' && (c === '"' || c === "'")) quote = c;
    else if (quote === '' && /\s/.test(c)) break;
    else text += c;
  }
  return text;
}
