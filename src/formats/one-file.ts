import type { Digest } from '../core/image/digest.ts';
import type { ImageUse, ParsedFile } from '../core/parsed-file.ts';
import { chosenReader } from './chosen-reader.ts';
import type { AppliedEdit, Format, FormatReader } from './format.ts';
import { formats } from './index.ts';

/** What a file names, and the name of the format that read it. */
export interface ReadFile extends ParsedFile {
  readonly format: string;
}

/** What one use of a file is to name. */
export interface FileWish {
  /** A use of this file, found again by line, column and what is written. */
  readonly use: ImageUse;
  readonly digest?: string;
  readonly tag?: string;
}

/** What became of the wishes. */
export interface FileEdit {
  /** The new text; equal to the old where everything was refused. */
  readonly text: string;
  /** `use` as it reads now. */
  readonly done: readonly { readonly use: ImageUse; readonly edits: readonly AppliedEdit[] }[];
  readonly refused: readonly { readonly use: ImageUse; readonly reason: string }[];
}

/** The image uses and package pins of one file; null when no format takes it. Files beside it are not read. Never throws. */
export async function parseFile(path: string, text: string): Promise<ReadFile | null> {
  const found = await readerOf(path, text);
  if (found === undefined) return null;
  const { edit: _, ...parsed } = found.reader.read(text, path);
  return { format: found.format.name, ...parsed };
}

/** Another text of the file, in which exactly the wanted uses name something else; each that cannot be so is refused with the reason. */
export async function editFile(path: string, text: string, wishes: readonly FileWish[]): Promise<FileEdit> {
  const found = await readerOf(path, text);
  if (found === undefined) {
    return { text, done: [], refused: wishes.map(({ use }) => ({ use, reason: 'no format takes this file' })) };
  }
  const document = found.reader.read(text, path);
  const wanted = wishes.map(({ use, digest, tag }) => {
    const own = document.uses.find((one) => isSame(one, use));
    return {
      use: own ?? use,
      ...(digest !== undefined && { digest: digest as Digest }),
      ...(tag !== undefined && { tag }),
    };
  });
  const result = document.edit(wanted);
  const after = found.reader.read(result.text, path).uses;
  const wishOf = new Map(wanted.map((one, index) => [one.use, wishes[index]?.use ?? one.use]));
  return {
    text: result.text,
    done: result.done.map(({ use, edits }) => {
      const index = document.uses.indexOf(use as ImageUse);
      return { use: after[index] ?? (use as ImageUse), edits };
    }),
    refused: result.refused.map(({ use, reason }) => ({
      use: wishOf.get(use as ImageUse) ?? (use as ImageUse),
      reason,
    })),
  };
}

function isSame(a: ImageUse, b: ImageUse): boolean {
  return a.line === b.line && a.column === b.column && a.written === b.written;
}

async function readerOf(
  path: string,
  text: string,
): Promise<{ readonly format: Format; readonly reader: FormatReader } | undefined> {
  const named = formats.filter((one) => one.matches(path) !== 'no' || one.isMarked);
  const reader = named.length === 0 ? undefined : await chosenReader(path, text, named);
  if (reader === undefined) return undefined;
  for (const format of named) if ((await format.load()) === reader) return { format, reader };
  return undefined;
}
