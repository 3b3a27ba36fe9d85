import { globToRegExp } from '../../core/glob.ts';
import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import { apkSettings } from '../apk/apk-paths.ts';
import { aptSettings } from '../apt/apt-paths.ts';
import { rpmSettings } from '../rpm/rpm-paths.ts';

const patterns = [...aptSettings, ...apkSettings, ...rpmSettings].map(globToRegExp);

/** The text of a file of settings; empty when there is none. How long all of them may be, {@link excessiveSettings} says. */
export function settingsText(bytes: Uint8Array = new Uint8Array()): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/**
 * Why nothing can be said of what the package managers of a root file system would do: their settings, keys left out,
 * are more than are read. Half of them would be others. Undefined when they are not.
 */
export function excessiveSettings(files: ReadonlyMap<string, Uint8Array>): Problem | undefined {
  let [size, count] = [0, 0];
  for (const [path, bytes] of files) {
    if (!patterns.some((pattern) => pattern.test(path))) continue;
    size += bytes.length;
    if (++count > limits.settings.files.most || size > limits.settings.size.most) {
      const message = `the image has more than ${limits.settings.size.most} bytes or ${limits.settings.files.most} files of settings for package managers, so they were not read and no repository was asked`;
      return { code: 'settings-too-large', message };
    }
  }
  return undefined;
}
