import type { Form } from '../archives/decode.ts';
import type { ReleaseFile } from './release.ts';

/** The forms in which an index is read, the smallest first. Debian's security suite has nothing but xz. */
export const forms = ['.xz', '.zst', '.gz', ''] as const satisfies readonly Form[];

/** Other forms that apt reads (apt.conf(5), Acquire::CompressionTypes), by what people call them. */
const otherForms: Readonly<Record<string, string>> = { '.bz2': 'bzip2', '.lzma': 'lzma', '.lz4': 'lz4' };

/** What an index is packed with and is not read from, as the end of a sentence; `''` when the Release lists no such form. */
export function unreadForms(release: ReleaseFile, path: string): string {
  const names = Object.entries(otherForms).flatMap(([form, name]) => (release.files.has(path + form) ? [name] : []));
  return names.length === 0
    ? ''
    : `; it is there in ${names.join(' and ')}, which is not read (xz, zstd, gzip and plain are)`;
}
