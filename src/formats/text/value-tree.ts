import type { TextRange } from '../../core/parsed-file.ts';
import type { Traced } from './traced.ts';

/** Values of a file in which objects and lists hold others, with their places: JSON and HCL are read into such. */
export type Value = StringValue | ObjectValue | ListValue | OtherValue;

/** Text between quotes, or between the lines of a heredoc. */
export interface StringValue {
  readonly kind: 'string';
  /** Without the quotes. */
  readonly range: TextRange;
  /** In HCL with its templates, and, where `hasEscapes`, with its escapes, as it was typed. */
  readonly text: Traced;
  readonly hasEscapes?: true;
}

/** Entries in order; of equal keys the last one counts. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly entries: readonly (readonly [key: string, value: Value])[];
}

/** Items in order. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

/** Numbers, and expressions of every sort. */
export interface OtherValue {
  readonly kind: 'other';
  readonly range: TextRange;
}

/** The value of a key; undefined for what is no object or has no such key. */
export function entry(value: Value | undefined, key: string): Value | undefined {
  return value?.kind === 'object' ? value.entries.findLast(([name]) => name === key)?.[1] : undefined;
}

/** The items of a list; none for anything else. */
export function items(value: Value | undefined): readonly Value[] {
  return value?.kind === 'list' ? value.items : [];
}

/** The entries of an object; none for anything else. */
export function entries(value: Value | undefined): ObjectValue['entries'] {
  return value?.kind === 'object' ? value.entries : [];
}

/** A string as it stands there; undefined for anything else. */
export function stringText(value: Value | undefined): string | undefined {
  return value?.kind === 'string' ? value.text.text : undefined;
}

/** A platform among the arguments of a command, `--platform=linux/arm64` or in two. */
export function platformArgument(list: readonly Value[]): string | undefined {
  const words = list.map(stringText);
  const at = words.findIndex((word) => word?.startsWith('--platform'));
  const platform = words[at] === '--platform' ? words[at + 1] : /^--platform=(.+)$/.exec(words[at] ?? '')?.[1];
  return platform !== undefined && /^[\w./-]+$/.test(platform) ? platform : undefined;
}
