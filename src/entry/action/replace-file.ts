import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The new content or the old one, whenever this process dies; folders on the way are made. */
export function replaceFile(file: string, content: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}
