import { prepared } from '../formats/chosen-reader.ts';
import type { Around, FormatReader, GivenArgument, OrderedBuild } from '../formats/format.ts';

/** A file that is not read yet, with what reads it. */
interface ReadableFile extends Around {
  readonly file: string;
  readonly format: FormatReader;
  readonly text: string;
}

/**
 * The files of one tree, each with the arguments that other files of the tree order it to be built with: a value counts
 * when every build of the file that is known here gives the same.
 */
export async function withArguments<F extends ReadableFile>(files: readonly F[]): Promise<readonly F[]> {
  const orders = new Map<string, (OrderedBuild & { readonly by: string })[]>();
  for (const watched of files) {
    const { format, text, file } = watched;
    if (format.builds === undefined) continue;
    await prepared(format, text);
    for (const build of format.builds(text, file, watched)) {
      const known = orders.get(build.dockerfile);
      if (known === undefined) orders.set(build.dockerfile, [{ ...build, by: file }]);
      else known.push({ ...build, by: file });
    }
  }
  if (orders.size === 0) return files;
  return files.map((watched) => {
    const own = orders.get(watched.file);
    const given = agreed(own ?? []);
    return given.size === 0 ? watched : { ...watched, given };
  });
}

function agreed(orders: readonly (OrderedBuild & { readonly by: string })[]): ReadonlyMap<string, GivenArgument> {
  const given = new Map<string, GivenArgument>();
  for (const { args, by } of orders) {
    for (const [name, value] of args) {
      if (given.has(name)) continue;
      given.set(name, orders.every((one) => one.args.get(name) === value) ? { value, by } : { by });
    }
  }
  return given;
}
