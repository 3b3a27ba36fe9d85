import { globToRegExp } from '../../core/glob.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';

/**
 * The text of a file that people configure a package manager with (UTF-8); empty when there is none. Of a longer one than
 * any the beginning, which {@link longSettings} tells.
 */
export function settingsText(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, limits.settings.file.most)).toString(
    'utf8',
  );
}

/**
 * One problem for each file that is not read to its end, of those that one of the globs names and those at the paths in
 * `others`: what stands there may decide anything.
 */
export function longSettings(
  files: ReadonlyMap<string, Uint8Array>,
  globs: readonly string[],
  others: readonly string[] = [],
): readonly Problem[] {
  const long = [...files].filter(([, bytes]) => bytes.length > limits.settings.file.most);
  if (long.length === 0) return [];
  const patterns = globs.map(globToRegExp);
  return long
    .filter(([path]) => others.includes(path) || patterns.some((pattern) => pattern.test(path)))
    .map(([path, bytes]) => ({
      code: 'settings-too-long',
      message: `${path} has ${bytes.length} bytes, of which the first ${limits.settings.file.most} are read; what the rest of it would change is not known`,
      subject: path,
    }));
}
