import { digestOf } from '../../src/core/image/digest.ts';
import { formatReference } from '../../src/core/image/reference.ts';
import { chosenReader } from '../../src/formats/chosen-reader.ts';
import type { Format } from '../../src/formats/format.ts';

/** `NEW` and `OLD` in texts of tests stand for digests. */
export const wantedDigest = digestOf('now');

/** A text with its digests. */
export function withDigests(text: string): string {
  return text.replaceAll('OLD', digestOf('old')).replaceAll('NEW', wantedDigest);
}

/** Who takes a file, as discovery has it, and what it names: `line:column reference platform`; `nobody` where none does. */
export async function readByFormats(formats: readonly Format[], path: string, text: string): Promise<string[]> {
  const named = formats.filter((one) => one.matches(path) !== 'no');
  const reader = named.length === 0 ? undefined : await chosenReader(path, text, named);
  if (reader === undefined) return ['nobody'];
  const said = reader
    .read(text, path)
    .uses.map(({ line, column, skipped, reference, platform }) =>
      [`${line}:${column}`, reference ? formatReference(reference) : skipped, platform].filter((one) => one).join(' '),
    );
  return [reader.name, ...said];
}

/** Every image of a file to a new digest, and to a tag where one is wanted. */
export async function editByFormats(
  formats: readonly Format[],
  path: string,
  text: string,
  tag?: string,
): Promise<{ text: string; refused: readonly string[] }> {
  const named = formats.filter((one) => one.matches(path) !== 'no');
  const document = (await chosenReader(path, withDigests(text), named))?.read(withDigests(text), path);
  const uses = document?.uses.filter(({ reference }) => reference) ?? [];
  const result = document?.edit(uses.map((use) => ({ use, digest: wantedDigest, ...(tag !== undefined && { tag }) })));
  return { text: result?.text ?? '', refused: result?.refused.map(({ reason }) => reason) ?? ['nobody takes it'] };
}
