import { limits } from '../../core/limits/limits.ts';
import type { TextRange } from '../../core/parsed-file.ts';
import type { ValuesBeside } from '../text/image-values.ts';
import { nothing, type Traced } from '../text/traced.ts';
import { interpolate, type Variables } from './interpolate.ts';

/** A variable of a `.env` file. */
export interface EnvValue {
  readonly name: string;
  /** What stands behind the `=`, without quotes. */
  readonly range: TextRange;
  /** What it comes to. */
  readonly text: Traced;
}

/**
 * Variables of a `.env` file: `NAME=value`, with or without `export`, quotes and a comment behind; of one name the last
 * counts, and what is not in single quotes may name those above. Ranges are of a text in which the file stands from offset
 * `from` on. Source: docs.docker.com, "Set environment variables", env-file syntax; compose-go, dotenv/parser.go.
 */
export function envValues(text: string, from = 0): ReadonlyMap<string, EnvValue> {
  const known = new Map<string, EnvValue>();
  const most = limits.file.envValue.most;
  /** A long one names no image that is put together. */
  const above: Variables = (name) => {
    const value = known.get(name)?.text;
    return value === undefined || value.text.length > most ? undefined : value;
  };
  const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/gm;
  for (let found = assignment.exec(text); found !== null; found = assignment.exec(text)) {
    const { 1: name = '' } = found;
    const { start, end, quote } = valueAt(text, assignment.lastIndex);
    // What is quoted may go on for lines that look like others.
    assignment.lastIndex = Math.max(end, assignment.lastIndex);
    const written = start < end ? { text: text.slice(start, end), runs: [{ at: 0, from: from + start }] } : nothing;
    const isLiteral = quote === "'" || end - start > most || !text.slice(start, end).includes('$');
    const expanded = isLiteral ? undefined : interpolate(written, above);
    const isWhole = expanded?.kind === 'text' && expanded.unset.length === 0 && expanded.text.text.length <= most;
    known.set(name, { name, range: { start: from + start, end: from + end }, text: isWhole ? expanded.text : written });
  }
  return known;
}

/** A `.env` as the images of a file see it. */
export interface Environment {
  readonly values: ReadonlyMap<string, EnvValue>;
  /** The variable whose value stands at an offset. */
  valueAt(offset: number): EnvValue | undefined;
  /**
   * Why a variable is not changed: what it does beside giving images their names is not known here. `inImages`: how often
   * each is named in those.
   */
  whyFixed(name: string, inImages: ReadonlyMap<string, number>): string | undefined;
}

const environments = new WeakMap<ValuesBeside, Environment>();

/** What the file beside one with this text says. */
export function environmentOf(text: string, beside: ValuesBeside): Environment {
  const known = environments.get(beside);
  if (known !== undefined) return known;
  const values = envValues(beside.text, beside.from);
  const inOrder = [...values.values()].sort((a, b) => a.range.start - b.range.start);
  const inFile = wordsIn(text, values);
  const inFiles = beside.readers && readersOf(beside.readers, values);
  const inVariables = new Set(Array.from(beside.text.matchAll(/\$\{?([A-Za-z_]\w*)/g), ([, name]) => name));
  const environment: Environment = {
    values,
    valueAt: (offset) => {
      let [low, high] = [0, inOrder.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((inOrder[middle]?.range.end ?? 0) > offset) high = middle;
        else low = middle + 1;
      }
      const found = inOrder[low];
      return found !== undefined && found.range.start <= offset ? found : undefined;
    },
    whyFixed: (name, inImages) => {
      if (beside.fixed !== undefined) return beside.fixed;
      const other = inFiles?.get(name)?.find((file) => file !== beside.reader);
      const where =
        inFile.get(name) !== inImages.get(name)
          ? 'elsewhere in this file'
          : inVariables.has(name)
            ? 'in other variables'
            : other && `in ${other}`;
      return where && `${name} of .env stands ${where}, too; give the image a variable of its own`;
    },
  };
  environments.set(beside, environment);
  return environment;
}

const namedIn = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, readonly string[]>>();

/** By the names of variables: the first two files that name each. Of a folder with hundreds of files each is read once. */
function readersOf(
  readers: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, EnvValue>,
): ReadonlyMap<string, readonly string[]> {
  const known = namedIn.get(readers);
  if (known !== undefined) return known;
  const files = new Map<string, string[]>();
  for (const [file, text] of readers) {
    for (const name of wordsIn(text, values).keys()) {
      const own = files.get(name) ?? [];
      if (own.length < 2) files.set(name, [...own, file]);
    }
  }
  namedIn.set(readers, files);
  return files;
}

/** How often a text names each variable outside comments, be it without a "$": a name alone passes the value on. */
export function wordsIn(text: string, values: ReadonlyMap<string, EnvValue>): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const [word] of text.matchAll(/^[ \t]*#.*$|\w+/gm)) {
    if (values.has(word)) words.set(word, (words.get(word) ?? 0) + 1);
  }
  return words;
}

function valueAt(text: string, from: number): TextRange & { readonly quote?: string } {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    let at = from + 1;
    while (at < text.length && text[at] !== quote) at += quote === '"' && text[at] === '\\' ? 2 : 1;
    if (at < text.length) return { start: from + 1, end: at, quote };
  }
  const feed = text.indexOf('\n', from);
  const line = text.slice(from, feed < 0 ? text.length : feed);
  let comment = line.startsWith('#') ? 0 : line.indexOf('#', 1);
  while (comment > 0 && !/\s/.test(line[comment - 1] ?? '')) comment = line.indexOf('#', comment + 1);
  return { start: from, end: from + (comment < 0 ? line : line.slice(0, comment)).trimEnd().length };
}
