import { inTurns } from '../core/time/turns.ts';
import type { Format, FormatReader } from './format.ts';

/**
 * What reads a file: of these formats the one that is sure of the name, else the first that knows the text; first those whose
 * files have such names, so that a file is read alike whether it is named or found in a folder. Throws what a reader throws.
 */
export async function chosenReader(
  file: string,
  text: string,
  formats: readonly Format[],
): Promise<FormatReader | undefined> {
  const sure = formats.find((one) => one.matches(file) === 'yes');
  if (sure !== undefined) return sure.load();
  const isLikely = (one: Format): boolean => one.matches(file) === 'maybe';
  for (const one of [...formats.filter(isLikely), ...formats.filter((other) => !isLikely(other))]) {
    // Asked for every file and kind, even a module that is there takes a while to be had.
    const reader = readers.get(one.load) ?? (await one.load());
    readers.set(one.load, reader);
    if (text.length > smallText) await prepared(reader, text);
    if (reader.recognises(text)) return reader;
  }
  return undefined;
}

const readers = new WeakMap<Format['load'], FormatReader>();

/** Texts so small are read in less than a turn. */
const smallText = 32_768;

/** A large text is looked through in turns, where its reader can. */
export async function prepared(reader: FormatReader, text: string): Promise<void> {
  if (text.length > smallText && reader.prepare) await inTurns(reader.prepare(text));
}
