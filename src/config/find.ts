import { lstatSync } from 'node:fs';
import path from 'node:path';
import { PlimsollError } from '../core/errors.ts';
import { configNames } from '../core/place.ts';

/** The configuration of a folder, or undefined. Throws PlimsollError 'CONFIG' when there are two: neither could win unseen. */
export function findConfig(folder: string): string | undefined {
  const found = configNames
    .map((name) => path.join(folder, name))
    // A folder of that name is found, too: whoever reads it says that it is one.
    .filter((file) => {
      const there = lstatSync(file, { throwIfNoEntry: false });
      return there !== undefined && (there.isFile() || there.isDirectory());
    });
  if (found.length > 1) {
    throw new PlimsollError(
      'CONFIG',
      `there are ${found.length} configurations: ${found.join(' and ')}; keep one of them`,
    );
  }
  return found[0];
}
