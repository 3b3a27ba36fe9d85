import { lstatSync } from 'node:fs';
import path from 'node:path';
import { PlimsollError } from '../core/errors.ts';
import { configNames } from '../core/place.ts';

/** The configuration of a folder, or undefined. Throws PlimsollError 'CONFIG' when there are two: neither could win unseen. */
export function findConfig(folder: string): string | undefined {
  const found = configNames
    .map((name) => path.join(folder, name))
    .filter((file) => lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false);
  if (found.length > 1) {
    throw new PlimsollError(
      'CONFIG',
      `there are ${found.length} configurations: ${found.join(' and ')}; keep one of them`,
    );
  }
  return found[0];
}
