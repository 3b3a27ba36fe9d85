import type { TextRange } from '../../core/parsed-file.ts';
import { type FoundValues, type ImageValue, valuesReader } from '../text/image-values.ts';
import { join, typed, untied } from '../text/traced.ts';

/** In a comment of any language, alone on its line. */
const mark = /^[ \t\ufeff]*(?:#+|\/\/+|;+|--+|<!--|\/\*+|\*|%+|::|rem[ \t])[ \t]*plimsoll:[ \t]*image=(\S+)/gim;

/** Is there one at all? Cheap: this is asked of every file of a usual name. */
const isMarked = (text: string): boolean => text.includes('plimsoll:') && /plimsoll:[ \t]*image=/.test(text);

/**
 * What comments say of the lines below them. The image is the one in the comment, and what the line has of it is what
 * holds: its name with tag and digest; else a digest; else its tag, or, where the comment has none, the value that ends the
 * line.
 */
export const reader = valuesReader({
  name: 'comment',
  recognises: (text) => isMarked(text) && valuesIn(text).length > 0,
  find: (text): FoundValues => ({ values: isMarked(text) ? valuesIn(text) : [], problems: [] }),
});

function valuesIn(text: string): readonly ImageValue[] {
  return Array.from(text.matchAll(mark), ({ index, 0: head, 1: said = '' }) => {
    const end = index + head.length;
    return valueBelow(text, { start: end - said.length, end });
  });
}

/** What stands in the comment, in its parts. */
interface Said {
  readonly name: TextRange;
  readonly tag: string | undefined;
  /** Name and tag. */
  readonly whole: TextRange;
}

function valueBelow(text: string, at: TextRange): ImageValue {
  const about = { kind: 'comment', role: 'runs' } as const;
  const said = partsOf(text, at);
  const line = lineBelow(text, at.end);
  const name = nameIn(text, said, line);
  if (name !== undefined) return { at: { name }, ...about };
  const digest = find(text, line, /(?<![\w@:])sha256:[0-9a-f]{64}(?!\w)/);
  if (digest !== undefined) {
    const [image, hash] = [said.whole, digest].map((range) => typed(text, range.start, range.end));
    if (image && hash) return { at: { name: said.whole, digest }, ...about, text: join([image, untied('@'), hash]) };
  }
  const tag = tagIn(text, said, line);
  if (tag !== undefined) {
    const [image, number] = [said.name, tag].map((range) => typed(text, range.start, range.end));
    if (image && number) return { at: { name: said.name, tag }, ...about, text: join([image, untied(':'), number]) };
  }
  const why = 'the line below this comment has nothing of the image';
  return { at: { name: at }, ...about, text: { skipped: 'unresolved', why } };
}

function partsOf(text: string, { start, end }: TextRange): Said {
  const said = text.slice(start, end);
  const hash = said.indexOf('@');
  const whole = hash < 0 ? said : said.slice(0, hash);
  const colon = whole.indexOf(':', whole.lastIndexOf('/') + 1);
  return {
    name: { start, end: start + (colon < 0 ? whole.length : colon) },
    tag: colon < 0 ? undefined : whole.slice(colon + 1),
    whole: { start, end: start + whole.length },
  };
}

function lineBelow(text: string, from: number): TextRange {
  const feed = text.indexOf('\n', from);
  if (feed < 0) return { start: text.length, end: text.length };
  const next = text.indexOf('\n', feed + 1);
  return { start: feed + 1, end: next < 0 ? text.length : next };
}

/** The name on a line, with the tag and digest behind it: where it has one of them, else where it stands first. */
function nameIn(text: string, { name }: Said, { start, end }: TextRange): TextRange | undefined {
  const word = text.slice(name.start, name.end);
  let first: TextRange | undefined;
  // Whatever a reference is written with, as one: a part of a longer name is another image.
  for (const { index, 0: whole } of text.slice(start, end).matchAll(/[\w./:@-]+/g)) {
    const scheme = whole.lastIndexOf('//') + 1;
    const from = scheme === 0 ? 0 : scheme + 1;
    if (!whole.startsWith(word, from)) continue;
    const behind = /^(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/.test(
      whole.slice(from + word.length),
    );
    if (!behind) continue;
    const range = { start: start + index + from, end: start + index + whole.length };
    if (range.end - range.start > word.length) return range;
    first ??= range;
  }
  return first;
}

/** Where a line has the tag, with a digest behind it. */
function tagIn(text: string, { tag }: Said, line: TextRange): TextRange | undefined {
  const digest = '(?:@sha256:[0-9a-f]{64})?';
  if (tag === undefined) {
    const value = `(?<=[\\s=:"'(])[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}${digest}(?=["']?[\\s),;]*(?:(?:#|//|-->|\\*/).*)?$)`;
    return find(text, line, new RegExp(value));
  }
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag)) return undefined;
  return find(text, line, new RegExp(`(?<![\\w.@:/-])${tag.replaceAll('.', '\\.')}${digest}(?![\\w.@-])`));
}

/** The first match on a line; of a line longer than people write, in its end. */
function find(text: string, { start, end }: TextRange, pattern: RegExp): TextRange | undefined {
  const from = Math.max(start, end - 500);
  const found = pattern.exec(text.slice(from, end).trimEnd());
  return found === null ? undefined : { start: from + found.index, end: from + found.index + found[0].length };
}
