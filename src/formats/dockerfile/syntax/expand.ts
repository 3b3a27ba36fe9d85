import { limits } from '../../../core/limits/limits.ts';
import { join, nothing, slice, type Traced, untied } from '../../text/traced.ts';
import { findMatch, matchPrefix, type Pattern, parsePattern, reversed } from './pattern.ts';

/** A variable that is set. Without a value it has one only at build time, or one made of such variables. */
export interface Variable {
  readonly value?: Traced;
  /** What a build without arguments makes of it: {@link gap} for what only the build knows, nothing for what is not set. */
  readonly like?: Traced;
}

/** Stands for any text. It is in no text that is read. */
export const gap = '\0';

/** The variables that are set where a text is expanded. */
export interface Environment {
  /** Undefined: not set. */
  get(name: string): Variable | undefined;
  /** How many characters this file may still expand; hostile files double a value on every line. */
  readonly budget: { left: number };
  /** What is not set counts as empty, as in a build, and is not reported. */
  readonly unsetIsEmpty?: true;
}

/** What came of expanding a text. */
export interface Expansion {
  /** Absent when something is unresolved or wrong. */
  readonly value?: Traced;
  /** Variables that supply a part of the text and have no value. */
  readonly unresolved: readonly string[];
  /** Why the text is no valid expansion. */
  readonly error?: string;
}

/** Signals a syntax error up to {@link expand}, which alone catches it. */
class ExpansionError extends Error {}

/**
 * Expands variables and takes quotes and escapes off, as BuildKit does with the words of FROM, ARG and ENV.
 * An unset variable that matters is reported, not taken as empty; `${a:-b}` and its like decide with what is known.
 * Source: BuildKit frontend/dockerfile/shell/lex.go.
 */
export function expand(word: Traced, escape: string, environment: Environment): Expansion {
  if (word.text.length > limits.file.word.most)
    return { unresolved: [], error: `longer than ${limits.file.word.most} characters` };
  try {
    const { text, unresolved } = new Expander(word, escape, environment).run();
    return unresolved.length > 0 ? { unresolved: [...new Set(unresolved)] } : { value: text, unresolved: [] };
  } catch (thrown) {
    if (!(thrown instanceof ExpansionError)) throw thrown;
    return { unresolved: [], error: thrown.message };
  }
}

/** The environment of a build without arguments: gaps for what only the build knows, and what is not set is empty. */
export function asBuilt(environment: Environment): Environment {
  return {
    budget: environment.budget,
    unsetIsEmpty: true,
    get: (name) => {
      const variable = environment.get(name);
      return variable?.value === undefined && variable?.like !== undefined ? { value: variable.like } : variable;
    },
  };
}

interface Part {
  readonly text: Traced;
  readonly unresolved: readonly string[];
}

const empty: Part = { text: nothing, unresolved: [] };

function combine(parts: readonly Part[]): Part {
  return { text: join(parts.map((part) => part.text)), unresolved: parts.flatMap((part) => part.unresolved) };
}

class Expander {
  readonly #word: Traced;
  readonly #escape: string;
  readonly #environment: Environment;
  #at = 0;
  #depth = 0;

  constructor(word: Traced, escape: string, environment: Environment) {
    this.#word = word;
    this.#escape = escape;
    this.#environment = environment;
  }

  run(): Part {
    return this.#until('', false);
  }

  /** Reads up to `stop`, or to the end. `keepEscapes`: a pattern needs its backslashes. */
  #until(stop: string, keepEscapes: boolean): Part {
    if (++this.#depth > limits.file.expansions.most)
      throw new ExpansionError(`nested deeper than ${limits.file.expansions.most} expansions`);
    const parts: Part[] = [];
    while (this.#at < this.#word.text.length) {
      const c = this.#peek();
      if (c === stop) {
        this.#at++;
        this.#depth--;
        return combine(parts);
      }
      if (c === '$') parts.push(this.#dollar());
      else if (c === "'") parts.push(this.#singleQuoted());
      else if (c === '"') parts.push(...this.#doubleQuoted(keepEscapes));
      else if (c === this.#escape) {
        if (keepEscapes) parts.push(this.#take(1));
        else this.#at++;
        if (this.#at < this.#word.text.length) parts.push(this.#take(1));
      } else parts.push(this.#plain(stop));
    }
    if (stop !== '') throw new ExpansionError(`an expansion has no closing ${stop}`);
    this.#depth--;
    return combine(parts);
  }

  #plain(stop: string): Part {
    let end = this.#at + 1;
    for (; end < this.#word.text.length; end++) {
      const c = this.#word.text.charAt(end);
      if (c === '$' || c === "'" || c === '"' || c === this.#escape || c === stop) break;
    }
    return this.#take(end - this.#at);
  }

  #singleQuoted(): Part {
    const close = this.#word.text.indexOf("'", this.#at + 1);
    if (close < 0) throw new ExpansionError('a single quote is not closed');
    this.#at++;
    const part = this.#take(close - this.#at);
    this.#at++;
    return part;
  }

  #doubleQuoted(keepEscapes: boolean): Part[] {
    const parts: Part[] = [];
    this.#at++;
    for (;;) {
      const c = this.#peek();
      if (c === '') throw new ExpansionError('a double quote is not closed');
      if (c === '"') {
        this.#at++;
        return parts;
      }
      if (c === '$') parts.push(this.#dollar());
      else if (c === this.#escape) {
        const next = this.#word.text.charAt(this.#at + 1);
        const escapes = next === '"' || next === '$' || next === this.#escape;
        if (keepEscapes) parts.push(this.#take(1));
        else if (escapes || next === '') this.#at++;
        if (this.#at < this.#word.text.length) parts.push(this.#take(1));
      } else parts.push(this.#plain('"'));
    }
  }

  #dollar(): Part {
    if (this.#word.text.charAt(this.#at + 1) !== '{') {
      const dollar = this.#take(1);
      const name = this.#name();
      return name === '' ? dollar : this.#value(name);
    }
    this.#at += 2;
    if (/^[{}:]?$/.test(this.#peek())) throw new ExpansionError('bad substitution');
    const name = this.#name();
    const c = this.#next();
    if (c === '}') return this.#value(name);
    if (c === '/') return this.#replaced(name);
    const orEmpty = c === ':';
    const operator = orEmpty ? this.#next() : c;
    if (operator === '' || !'-+?#%'.includes(operator)) {
      throw new ExpansionError(`unsupported modifier ${JSON.stringify(`${orEmpty ? ':' : ''}${operator}`)}`);
    }
    const word = this.#until('}', operator === '#' || operator === '%');
    if (operator === '#' || operator === '%') return this.#cut(name, operator, word);
    return this.#chosen(name, operator, orEmpty, word);
  }

  /** Could the value be any text, or none? */
  #isGap(variable: Variable | undefined): boolean {
    const text = variable?.value?.text ?? '';
    return text !== '' && text.replaceAll(gap, '') === '';
  }

  /** `-`, `+` and `?`, which ask whether the variable is set (and, with a colon, not empty). */
  #chosen(name: string, operator: string, orEmpty: boolean, word: Part): Part {
    const variable = this.#environment.get(name);
    const undecided = variable !== undefined && variable.value === undefined && (orEmpty || operator !== '+');
    if (undecided) return { text: nothing, unresolved: [name] };
    if (orEmpty && this.#isGap(variable)) return operator === '?' ? this.#value(name) : transformed(gap);
    const holds = variable !== undefined && !(orEmpty && variable.value?.text === '');
    if (operator === '+') return holds ? word : empty;
    if (holds) return this.#value(name);
    if (operator === '-') return word;
    const why = variable === undefined ? 'is not allowed to be unset' : 'is not allowed to be empty';
    throw new ExpansionError(`${name}: ${word.text.text || why}`);
  }

  /** `#`, `##`, `%` and `%%`. What is left counts as made up: an edit of the default could change what is cut. */
  #cut(name: string, operator: string, word: Part): Part {
    const greedy = word.text.text.startsWith(operator);
    const pattern = this.#pattern(greedy ? word.text.text.slice(1) : word.text.text);
    const value = this.#value(name);
    if (value.unresolved.length + word.unresolved.length > 0) return combine([value, word]);
    const { text } = value.text;
    if (text.includes(gap) || word.text.text.includes(gap)) return transformed(gap);
    if (operator === '#') {
      return transformed(text.slice(Math.max(matchPrefix(pattern, text, greedy), 0)));
    }
    const backwards = matchPrefix(reversed(pattern), text.split('').reverse().join(''), greedy);
    return transformed(text.slice(0, text.length - Math.max(backwards, 0)));
  }

  /** `/` and `//`. */
  #replaced(name: string): Part {
    const all = this.#peek() === '/';
    if (all) this.#at++;
    const source = this.#until('/', true);
    const replacement = this.#until('}', true);
    const pattern = this.#pattern(source.text.text);
    const value = this.#value(name);
    const together = combine([value, source, replacement]);
    if (together.unresolved.length > 0) return together;
    if (together.text.text.includes(gap)) return transformed(gap);
    const { text } = value.text;
    let result = '';
    let from = 0;
    for (let match = findMatch(pattern, text, 0); match !== undefined; match = findMatch(pattern, text, from)) {
      const [start, end] = match;
      result += text.slice(from, start) + replacement.text.text;
      // An empty match replaces nothing and must still move on.
      if (end === start && all) result += text.charAt(start);
      from = end === start && all ? end + 1 : end;
      if (!all || from > text.length) break;
      this.#spend(1);
    }
    return transformed(result + text.slice(from));
  }

  #pattern(source: string): Pattern {
    const pattern = source.length > limits.file.pattern.most ? undefined : parsePattern(source);
    if (pattern === undefined) throw new ExpansionError(`invalid pattern ${JSON.stringify(source.slice(0, 80))}`);
    this.#spend(source.length * 8);
    return pattern;
  }

  #value(name: string): Part {
    const variable = this.#environment.get(name);
    if (variable === undefined && this.#environment.unsetIsEmpty) return empty;
    const value = variable?.value;
    if (value === undefined) return { text: nothing, unresolved: [name] };
    this.#spend(value.text.length);
    return { text: value, unresolved: [] };
  }

  /** Letters, digits and `_`; or digits alone; or one special parameter. */
  #name(): string {
    const match = /[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?$!-]/uy;
    match.lastIndex = this.#at;
    const name = match.exec(this.#word.text)?.[0] ?? '';
    this.#at += name.length;
    return name;
  }

  #take(length: number): Part {
    this.#spend(length);
    const text = slice(this.#word, this.#at, this.#at + length);
    this.#at += length;
    return { text, unresolved: [] };
  }

  #peek(): string {
    return this.#word.text.charAt(this.#at);
  }

  #next(): string {
    return this.#word.text.charAt(this.#at++);
  }

  #spend(characters: number): void {
    this.#environment.budget.left -= characters;
    if (this.#environment.budget.left < 0)
      throw new ExpansionError('the variables of this file expand to too much text');
  }
}

function transformed(text: string): Part {
  return { text: untied(text), unresolved: [] };
}
