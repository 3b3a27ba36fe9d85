import { parseReference } from '../../src/core/image/reference.ts';
import type { ImageUse, Span } from '../../src/core/parsed-file.ts';
import type { AppliedEdit, Document, EditResult, Format, WantedEdit } from '../../src/formats/format.ts';

/*
 * A kind of file that is read by tests alone: an image per block of lines, its name, tag and digest each on a line of
 * its own. It shows that a use may have several places.
 *
 *   image debian
 *   tag 12
 *   digest sha256:…
 */

const keys = ['image', 'tag', 'digest'] as const;
type Key = (typeof keys)[number];

interface Block {
  readonly at: Partial<Record<Key, Span & { readonly text: string }>>;
}

function blocksOf(text: string): Block[] {
  const blocks: { at: Block['at'] }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const found = /^(image|tag|digest) (\S+)$/.exec(line);
    if (found === null) continue;
    const [, key, value] = found as unknown as [string, Key, string];
    if (key === 'image') blocks.push({ at: {} });
    const block = blocks.at(-1);
    if (block === undefined) continue;
    const span = { line: index + 1, column: key.length + 2, length: value.length, text: value };
    block.at = { ...block.at, [key]: span };
  }
  return blocks;
}

function useOf({ at }: Block, file: string | undefined): ImageUse[] {
  const { image, tag, digest } = at;
  if (image === undefined) return [];
  const written = `${image.text}${tag ? `:${tag.text}` : ''}${digest ? `@${digest.text}` : ''}`;
  const { line, column } = tag ?? image;
  return [
    {
      ...(file !== undefined && { file }),
      kind: 'toy',
      role: 'runs',
      line,
      column,
      written,
      reference: parseReference(written),
      parts: { name: image, ...(tag && { tag }), ...(digest && { digest }) },
    },
  ];
}

function edit(text: string, wanted: readonly WantedEdit[]): EditResult {
  const lines = text.split('\n');
  const uses = blocksOf(text).flatMap((block) => useOf(block, undefined));
  const done: EditResult['done'][number][] = [];
  const refused: EditResult['refused'][number][] = [];
  for (const { use, digest, tag } of wanted) {
    const parts = uses.find((one) => one.line === use.line && one.written === use.written)?.parts;
    if (parts === undefined || (digest !== undefined && parts.digest === undefined)) {
      refused.push({ use, reason: 'there is no place for it; add a line for the digest' });
      continue;
    }
    const edits = [
      ...(tag !== undefined && parts.tag ? [replace(lines, parts.tag, tag)] : []),
      ...(digest !== undefined && parts.digest ? [replace(lines, parts.digest, digest)] : []),
    ];
    const after = { ...parseReference(use.written), ...(tag && { tag }), ...(digest && { digest }) };
    done.push({ use, written: `${after.repository.replace(/^library\//, '')}:${after.tag}@${after.digest}`, edits });
  }
  return { text: lines.join('\n'), done, refused, versions: { done: [], refused: [] } };
}

function replace(lines: string[], { line, column, length }: Span, text: string): AppliedEdit {
  const before = lines[line - 1] ?? '';
  const after = before.slice(0, column - 1) + text + before.slice(column - 1 + length);
  lines[line - 1] = after;
  return { line, before, after };
}

/** How often what reads such files was loaded. */
export const loads = { toy: 0 };

export const toyFormat: Format = {
  name: 'toy',
  reads: 'toys (*.toy)',
  matches: (path) => (path.endsWith('.toy') ? 'yes' : path.endsWith('.conf') ? 'maybe' : 'no'),
  load: async () => {
    loads.toy++;
    return {
      name: 'toy',
      recognises: (text) => text.startsWith('image '),
      read: (text, file): Document => {
        const uses = blocksOf(text).flatMap((block) => useOf(block, file));
        return { uses, pins: [], problems: [], edit: (wanted) => edit(text, wanted) };
      },
    };
  },
};
