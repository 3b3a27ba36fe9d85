import { join, slice, type Traced, typed, untied } from '../../text/traced.ts';

/** A string, or one structural character of a JSON text. */
export interface JsonToken {
  readonly string?: Traced;
  readonly mark?: string;
}

/** The strings and marks of a text that is known to be JSON; each string's characters keep their place. */
export function* tracedStrings(text: string, start: number): Generator<JsonToken> {
  yield* tokens(typed(text, start, text.length));
}

/**
 * The words of an exec form, or undefined when the text is not a JSON array of strings and is therefore a shell form.
 * Source: BuildKit frontend/dockerfile/parser/line_parsers.go, parseJSON.
 */
export function execForm(args: Traced): readonly Traced[] | undefined {
  if (!args.text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(args.text);
    if (!Array.isArray(value) || !value.every((word) => typeof word === 'string')) return undefined;
  } catch {
    return undefined;
  }
  const words: Traced[] = [];
  for (const token of tokens(args)) if (token.string !== undefined) words.push(token.string);
  return words;
}

function* tokens(json: Traced): Generator<JsonToken> {
  for (let at = 0; at < json.text.length; at++) {
    const mark = json.text.charAt(at);
    if (mark !== '"') {
      if (/[{}[\]:,]/.test(mark)) yield { mark };
      continue;
    }
    const start = ++at;
    const pieces: Traced[] = [];
    let plain = start;
    while (at < json.text.length && json.text.charAt(at) !== '"') {
      if (json.text.charAt(at) !== '\\') {
        at++;
        continue;
      }
      const length = json.text.charAt(at + 1) === 'u' ? 6 : 2;
      pieces.push(slice(json, plain, at), unescaped(slice(json, at, at + length)));
      at += length;
      plain = at;
    }
    pieces.push(slice(json, plain, at));
    yield { string: join(pieces) };
  }
}

/** One escape as the character it stands for, at the place of its backslash. */
function unescaped(escape: Traced): Traced {
  const text = String(JSON.parse(`"${escape.text}"`));
  return text.length === 1 ? { text, runs: slice(escape, 0, 1).runs } : untied(text);
}
