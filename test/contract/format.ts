import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/core/image/digest.ts';
import { formatReference } from '../../src/core/image/reference.ts';
import type { ImageUse } from '../../src/core/parsed-file.ts';
import type { Format, FormatReader, UseAt } from '../../src/formats/format.ts';
import { fc } from '../support/fast-check.ts';

/** What a suite needs to know about one format. */
export interface FormatSamples {
  /** Paths a person would expect the format to take, and paths it must leave alone. */
  readonly paths: { readonly yes: readonly string[]; readonly no: readonly string[] };
  /** Whole files with LF line ends, no byte order mark and at least one image that can be pinned, by what they show. */
  readonly files: Readonly<Record<string, string>>;
  /** Words and lines of the format, to make up files from. */
  readonly vocabulary: readonly string[];
}

const digest = digestOf('wanted');

/** The same file as other editors would have saved it. */
const savings: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['with a byte order mark', (text) => `\ufeff${text}`],
  ['without a final newline', (text) => text.replace(/\n+$/, '')],
  ['with all of these', (text) => `\ufeff${text.replace(/\n+$/, '').replaceAll('\n', '\r\n')}`],
];

/** What every {@link Format} must keep, whatever kind of file it reads. */
export async function describeFormat(format: Format, { paths, files, vocabulary }: FormatSamples): Promise<void> {
  const reader = await format.load();
  const cases = Object.entries(files).flatMap(([name, text]) =>
    savings.map(([how, save]): [string, string, string] => [name, how, save(text)]),
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...vocabulary), { maxLength: 40 }).map((words) => words.join('')),
  );

  describe(`the ${format.name} format`, () => {
    it.each([...paths.yes])('takes %s', (path) => expect(format.matches(path)).not.toBe('no'));

    it.each([...paths.no])('leaves %s alone', (path) => expect(format.matches(path)).toBe('no'));

    it('never throws, and points at what is written', () => {
      fc.assert(fc.property(anyText, (text) => expectPlaces(text, reader.read(text).uses)));
    });

    it('changes exactly the wanted uses of any text', () => {
      fc.assert(
        fc.property(anyText, fc.infiniteStream(fc.boolean()), (text, chosen) => {
          expectEdit(
            reader,
            text,
            reader.read(text).uses.filter(() => chosen.next().value),
          );
        }),
      );
    });

    it('names the file in uses, pins and problems', () => {
      for (const text of Object.values(files)) {
        const { uses, pins } = reader.read(text, 'some/file');
        expect([...uses, ...pins].every(({ file }) => file === 'some/file')).toBe(true);
      }
    });

    it.each(cases)('keeps every byte that is not wanted: %s, %s', (_, __, text) => {
      const { uses } = reader.read(text);
      expectPlaces(text, uses);
      const pinned = uses.map((use) => expectEdit(reader, text, [use]));
      expect(pinned).toContain(true);
      expectEdit(reader, text, uses);
    });

    it.each(cases)('reads a file however it was saved: %s, %s', (name, _, text) => {
      const plain = reader.read(files[name] ?? '').uses.map(({ written: _written, ...use }) => use);
      expect(reader.read(text).uses.map(({ written: _written, ...use }) => use)).toEqual(plain);
    });

    it.each(cases)('changes nothing when nothing is wanted, or all is there: %s, %s', (_, __, text) => {
      expect(reader.read(text).edit([])).toEqual({ text, done: [], refused: [], versions: { done: [], refused: [] } });
      const once = pinAll(reader, text);
      expect(pinAll(reader, once)).toBe(once);
    });

    it('refuses a use that the text does not have', () => {
      for (const text of Object.values(files)) {
        const use = { kind: 'from', line: 9999, column: 1, written: 'nothing:1' };
        const result = reader.read(text).edit([{ use, digest }]);
        expect(result).toMatchObject({ text, done: [], refused: [{ use }] });
        expect(result.refused[0]?.reason).toMatch(/\w{3}/);
      }
    });
  });
}

function pinAll(reader: FormatReader, text: string): string {
  const document = reader.read(text);
  return document.edit(document.uses.map((use) => ({ use, digest }))).text;
}

/** Lines and columns count from 1, in UTF-16 units; a byte order mark takes no column. */
function expectPlaces(text: string, uses: readonly ImageUse[]): void {
  const plain = text.replace(/^\ufeff/, '');
  const starts = [0, ...[...plain.matchAll(/\n/g)].map(({ index }) => index + 1)];
  for (const { line, column, written, parts } of uses) {
    // What stands apart is written nowhere as one.
    if (parts !== undefined) continue;
    const start = (starts[line - 1] ?? Number.NaN) + column - 1;
    expect(plain.slice(start, start + written.length)).toBe(written);
  }
}

/** Edits, and proves by reading again that just the done uses changed. Tells whether all wanted ones are done. */
function expectEdit(reader: FormatReader, text: string, wanted: readonly ImageUse[]): boolean {
  const result = reader.read(text).edit(wanted.map((use) => ({ use, digest })));
  const done = result.done.map(({ use }) => use);
  expect(new Set([...done, ...result.refused.map(({ use }) => use)])).toEqual(new Set(wanted));
  expect(done.length + result.refused.length).toBe(wanted.length);
  const expected = reader.read(text).uses.map((use) => {
    const isDone = done.some((one) => isSame(one, use));
    return nameOf(isDone && use.reference ? { ...use, reference: { ...use.reference, digest } } : use);
  });
  expect(reader.read(result.text).uses.map(nameOf)).toEqual(expected);
  expectOnlyDigests(text, result.text);
  return result.refused.length === 0;
}

function nameOf({ kind, line, reference, written }: ImageUse): string {
  return `${kind} ${line} ${reference ? formatReference(reference) : written}`;
}

function isSame(a: UseAt, b: UseAt): boolean {
  return a.kind === b.kind && a.line === b.line && a.column === b.column;
}

/** Nothing but digests went in or out. */
function expectOnlyDigests(before: string, after: string): void {
  const bare = (text: string): string => text.replaceAll(/@?sha256:[0-9a-f]{64}/g, '');
  expect(bare(after)).toBe(bare(before));
}
