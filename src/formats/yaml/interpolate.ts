import { PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { join, nothing, slice, type Traced, untied } from '../text/traced.ts';

/** The value of a variable, with its places where it stands in a file. */
export type Variables = (name: string) => Traced | undefined;

/** What a value comes to, or why it comes to nothing. */
export type Interpolated =
  | {
      readonly kind: 'text';
      readonly text: Traced /** Without a value, and taken as empty. */;
      readonly unset: readonly string[];
    }
  | { readonly kind: 'required'; readonly name: string; readonly message: string }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * Expands variables as compose does: `$NAME`, `${NAME}`, `${NAME:-default}`, `-`, `:+`, `+`, `:?`, `?`, nested in defaults
 * and replacements; `$$` is a `$`. Source: compose-spec, 12-interpolation.md; compose-go, template/template.go. Linear but
 * for nesting, which is bounded.
 */
export function interpolate(text: Traced, variables: Variables): Interpolated {
  const unset: string[] = [];
  try {
    return { kind: 'text', text: expand(text, variables, unset, 0), unset };
  } catch (error) {
    if (error instanceof Stop) return error.why;
    throw error;
  }
}

/** What was met on the way makes the whole value one that cannot be had. */
class Stop extends Error {
  readonly why: Exclude<Interpolated, { kind: 'text' }>;

  constructor(why: Exclude<Interpolated, { kind: 'text' }>) {
    super(why.kind);
    this.why = why;
  }
}

function invalid(text: string): never {
  const message = `invalid interpolation: ${JSON.stringify(text.slice(0, 100))}; a "$" itself is written "$$"`;
  throw new Stop({ kind: 'invalid', message });
}

const name = /[_a-zA-Z][_a-zA-Z0-9]*/y;

function nameAt(text: string, at: number): string {
  name.lastIndex = at;
  return name.exec(text)?.[0] ?? '';
}

function expand(traced: Traced, variables: Variables, unset: string[], depth: number): Traced {
  const { text } = traced;
  if (depth > limits.file.interpolation.most) invalid(text);
  const pieces: Traced[] = [];
  let from = 0;
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', from)) {
    if (at > from) pieces.push(slice(traced, from, at));
    const next = text[at + 1];
    if (next === '$') {
      pieces.push(slice(traced, at, at + 1));
      from = at + 2;
    } else if (next === '{') {
      const end = closing(text, at + 2);
      if (end < 0) invalid(text);
      pieces.push(braced(slice(traced, at + 2, end), variables, unset, depth));
      from = end + 1;
    } else {
      const variable = nameAt(text, at + 1);
      if (variable === '') invalid(text);
      pieces.push(value(variable, variables, unset));
      from = at + 1 + variable.length;
    }
  }
  pieces.push(slice(traced, from));
  return join(pieces.filter((one) => one.text !== ''));
}

/** The brace that closes one opened before `from`; -1 for none. */
function closing(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '$' && text[at + 1] === '{') {
      open++;
      at++;
    } else if (text[at] === '}' && --open === 0) return at;
  }
  return -1;
}

function value(variable: string, variables: Variables, unset: string[]): Traced {
  const known = variables(variable);
  if (known === undefined) unset.push(variable);
  return known ?? nothing;
}

/** What stands between `${` and `}`. */
function braced(traced: Traced, variables: Variables, unset: string[], depth: number): Traced {
  const { text } = traced;
  const variable = nameAt(text, 0);
  if (variable === '') invalid(`\${${text}}`);
  const rest = text.slice(variable.length);
  if (rest === '') return value(variable, variables, unset);
  const operator = /^:?[-+?]/.exec(rest)?.[0];
  if (operator === undefined) invalid(`\${${text}}`);
  const word = slice(traced, variable.length + operator.length);
  const known = variables(variable);
  const isSet = known !== undefined && (!operator.startsWith(':') || known.text !== '');
  const other = (): Traced => expand(word, variables, unset, depth + 1);
  switch (operator.at(-1)) {
    case '-':
      return isSet ? known : other();
    case '+':
      return isSet ? other() : nothing;
    default:
      if (isSet) return known;
      throw new Stop({ kind: 'required', name: variable, message: expand(word, variables, unset, depth + 1).text });
  }
}

/**
 * A template as compose expands it with these variables: own keys of `env` only; unset is empty. Throws PlimsollError
 * 'INTERPOLATION' for what is no template, and for a variable that is required and has no value.
 */
export function interpolateCompose(template: string, env: Readonly<Record<string, string>>): string {
  const result = interpolate(untied(template), (variable) =>
    Object.hasOwn(env, variable) ? untied(env[variable] ?? '') : undefined,
  );
  if (result.kind === 'text') return result.text.text;
  const message =
    result.kind === 'invalid'
      ? result.message
      : `${result.name} is required and has no value${result.message === '' ? '' : `: ${result.message}`}`;
  throw new PlimsollError('INTERPOLATION', message);
}
