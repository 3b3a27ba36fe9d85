import type { FileBeside } from '../formats/format.ts';

/** A file that is not read yet, with the one beside it. */
interface Neighbour {
  readonly file: string;
  readonly text: string;
  readonly beside?: FileBeside & { readonly file: string };
}

/** The files of one tree, each with those that share with it the file beside it; one that is read for itself is not changed beside others. */
export function withSharers<F extends Neighbour>(files: readonly F[]): readonly F[] {
  const readers = new Map<string, Map<string, string>>();
  for (const { file, text, beside } of files) {
    if (beside === undefined) continue;
    const known = readers.get(beside.file);
    if (known === undefined) readers.set(beside.file, new Map([[file, text]]));
    else known.set(file, text);
  }
  if (readers.size === 0) return files;
  const own = new Set(files.map(({ file }) => file));
  return files.map((one) => {
    if (one.beside === undefined) return one;
    const { file } = one.beside;
    const sharing = readers.get(file);
    return {
      ...one,
      beside: {
        ...one.beside,
        ...(own.has(file) && { fixed: `${file} is changed where it is read for itself` }),
        ...(sharing !== undefined && sharing.size > 1 && { readers: sharing }),
      },
    };
  });
}
