import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackages } from '../debian-packages.ts';
import { runTool } from '../run-tool.ts';

/** Bytes of a picture that a page of the documentation shows. */
const most = 60_000;

/** Writes a picture into docs/images, with as few colours as text needs. Throws when it is too large for a page. */
export function writeImage(name: string, picture: Buffer): void {
  installDebianPackages(['pngquant']);
  const file = path.join(import.meta.dirname, '../../../../docs/images', name);
  writeFileSync(file, picture);
  runTool('pngquant', ['--force', '--strip', '--nofs', '--output', file, '48', file]);
  const { length } = readFileSync(file);
  if (length > most) throw new Error(`${name} has ${length} bytes, more than ${most}`);
}
