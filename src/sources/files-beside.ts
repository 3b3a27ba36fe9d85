import type { FileBeside } from '../formats/format.ts';

/** A file that is not read yet, with the one beside it. */
interface Neighbour {
  readonly file: string;
  readonly text: string;
  readonly beside?: FileBeside & { readonly file: string };
}

/** The files of one tree, each with those that share with it the file beside it; one that is read for itself is not changed beside others. */
export function withSharers<F extends Neighbour>(files: readonly F[]): readonly F[] {
  const sharing = Map.groupBy(
    files.filter(({ beside }) => beside !== undefined),
    ({ beside }) => beside?.file,
  );
  if (sharing.size === 0) return files;
  const own = new Set(files.map(({ file }) => file));
  return files.map((one) => {
    const { beside } = one;
    if (beside === undefined) return one;
    const fixed = own.has(beside.file) ? `${beside.file} is changed where it is read for itself` : beside.fixed;
    const others = (sharing.get(beside.file) ?? []).filter((other) => other.file !== one.file);
    return {
      ...one,
      beside: {
        ...beside,
        ...(fixed !== undefined && { fixed }),
        ...(others.length > 0 && { others: new Map(others.map(({ file, text }) => [file, text])) }),
      },
    };
  });
}
