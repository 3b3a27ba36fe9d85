import { join, type Traced } from '../../text/traced.ts';
import { type Environment, expand, type Variable } from '../syntax/expand.ts';
import type { Command, Piece, Word } from './shell.ts';

/** A word after expansion. */
export interface Argument {
  readonly text: string;
  readonly at: number;
  /** From this index on the text is not known, because a variable has no value or a command supplies it; else infinite. */
  readonly known: number;
  /** The first variable without a value; absent when nothing, or a command's output, is missing. */
  readonly missing?: string;
  /** The word's parts as typed, without their quotes, for `sh -c`. */
  readonly script: Traced;
  /** The text with the places it comes from; absent when it is one of several words of a variable, or not known. */
  readonly traced?: Traced;
}

/** The environment a script sees: what it assigns itself hides what the Dockerfile sets. */
export class ShellVariables implements Environment {
  readonly budget: { left: number };
  readonly #outer: Environment;
  readonly #own = new Map<string, Variable>();

  constructor(outer: Environment) {
    this.#outer = outer;
    this.budget = outer.budget;
  }

  get(name: string): Variable | undefined {
    return this.#own.get(name) ?? this.#outer.get(name);
  }

  set(name: string, variable: Variable): void {
    this.#own.set(name, variable);
  }
}

/** Expands a command's words; an unquoted variable with blanks in its value becomes several. */
export function expandWords(command: Command, environment: Environment): readonly Argument[] {
  return command.words.flatMap((word) => plainWord(word) ?? expandWord(word, environment));
}

/** The word when it is text and nothing else, as most are. */
function plainWord({ pieces, at }: Word): Argument | undefined {
  const only = pieces.length === 1 ? pieces[0] : undefined;
  if (only?.kind !== 'text') return undefined;
  return { text: only.text.text, at, known: Number.POSITIVE_INFINITY, script: only.text, traced: only.text };
}

function expandWord(word: Word, environment: Environment): Argument[] {
  const script = join(word.pieces.flatMap((piece) => (piece.kind === 'dynamic' ? [] : [piece.text])));
  const fields = [''];
  const parts: Traced[] = [];
  const finish = (known: number, missing?: string): Argument[] =>
    fields.map((text, index) => ({
      text,
      at: word.at,
      known: index === fields.length - 1 ? known : Number.POSITIVE_INFINITY,
      ...(missing !== undefined && index === fields.length - 1 && { missing }),
      script,
      ...(fields.length === 1 && known === Number.POSITIVE_INFINITY && { traced: join(parts) }),
    }));
  for (const piece of word.pieces) {
    const value = valueOf(piece, environment);
    const last = fields.length - 1;
    if (value.text === undefined) return finish(fields[last]?.length ?? 0, value.missing);
    parts.push(value.text);
    if (piece.kind !== 'variable' || piece.quoted) fields[last] += value.text.text;
    else {
      const [first = '', ...more] = value.text.text.split(/[ \t\n]+/);
      fields[last] += first;
      fields.push(...more);
    }
  }
  const quotedNothing = word.pieces.every((piece) => piece.kind === 'text');
  return finish(Number.POSITIVE_INFINITY).filter(({ text }) => text !== '' || quotedNothing);
}

function valueOf(piece: Piece, environment: Environment): { text?: Traced; missing?: string } {
  if (piece.kind === 'dynamic') return {};
  if (piece.kind === 'text') return { text: piece.text };
  const { value, unresolved } = expand(piece.text, '\\', environment);
  if (value !== undefined) return { text: value };
  return unresolved[0] === undefined ? {} : { missing: unresolved[0] };
}
