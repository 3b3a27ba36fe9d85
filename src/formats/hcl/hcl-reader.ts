import { limits } from '../../core/limits/limits.ts';
import { join, type Traced, typed } from '../text/traced.ts';
import type { Value } from '../text/value-tree.ts';
import { type Heredoc, heredocAt, passComment, passExpression } from './hcl-skip.ts';

/** What stands between the braces of a block, or in a file. */
export interface Body {
  readonly attributes: ReadonlyMap<string, Value>;
  readonly blocks: readonly Block[];
}

/** `type "label" { … }` */
export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

/** A file of HCL, and the first thing that is wrong with it. */
export interface HclFile {
  readonly body: Body;
  readonly error?: { readonly message: string; readonly offset: number };
}

/**
 * Reads HCL's structure with the places of its values (github.com/hashicorp/hcl, hclsyntax/spec.md): blocks, attributes,
 * strings, heredocs, objects and lists. Every other expression is passed over. Goes on behind errors, and never throws. Linear.
 */
export function readHcl(text: string): HclFile {
  const reader = new Reader(text);
  const body = reader.body(0);
  return { body, ...(reader.error && { error: reader.error }) };
}

const name = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

/** What ends an expression: where it is an attribute, in an object, in a list. */
const ends = { line: '\n}', object: '\n,}', list: ',]' } as const;

/** What an expression may go on with behind a literal: operators, a condition, an index, an attribute. */
const operator = /[-+*/%=!<>&|?.[]/;
const behind = {
  line: 'there is no new line behind a value',
  object: 'there is neither a comma nor a new line behind a value',
  list: 'there is no comma behind a value',
} as const;

class Reader {
  readonly #text: string;
  #at: number;
  error: HclFile['error'];

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  /** Up to the brace that closes it, or the end. */
  body(depth: number): Body {
    const attributes = new Map<string, Value>();
    const blocks: Block[] = [];
    for (;;) {
      this.#blank(true);
      if (this.#at >= this.#text.length) {
        if (depth > 0) this.#wrong('a block is not closed');
        return { attributes, blocks };
      }
      if (this.#takes('}')) {
        if (depth > 0) return { attributes, blocks };
        this.#wrong('a brace that closes nothing');
        continue;
      }
      const key = this.#name();
      if (key === undefined) {
        this.#wrong('neither a block nor an attribute');
        this.#line();
        continue;
      }
      this.#blank(false);
      if (this.#text[this.#at] === '=' && this.#text[this.#at + 1] !== '=') {
        this.#at++;
        attributes.set(key, this.#expression('line', depth));
        continue;
      }
      const block = this.#block(key, depth);
      if (block !== undefined) blocks.push(block);
    }
  }

  #block(type: string, depth: number): Block | undefined {
    const labels: string[] = [];
    for (;;) {
      this.#blank(false);
      if (this.#takes('{')) break;
      const quoted = this.#text[this.#at] === '"' ? this.#quoted() : undefined;
      const label = quoted ? this.#text.slice(quoted.start, quoted.end) : this.#name();
      if (label === undefined) {
        this.#wrong('a block without a brace');
        this.#line();
        return undefined;
      }
      labels.push(label);
    }
    if (depth < limits.file.nesting.most) return { type, labels, body: this.body(depth + 1) };
    this.#tooDeep('}');
    return undefined;
  }

  /** What is deeper than people write, up to the bracket that closes it. */
  #tooDeep(closer: string): void {
    this.#wrong('it is nested too deeply to be read');
    this.#at = passExpression(this.#text, this.#at, '', [closer]).end;
  }

  /** A value, and behind it what ends it where it stands. */
  #expression(where: keyof typeof ends, depth: number): Value {
    this.#blank(where === 'list');
    const start = this.#at;
    const value = this.#value(depth);
    this.#blank(where === 'list');
    const isEnd = this.#at >= this.#text.length || ends[where].includes(this.#text[this.#at] as string);
    if (isEnd && value !== undefined) return value;
    if (value !== undefined && !operator.test(this.#text[this.#at] as string)) this.#wrong(behind[where]);
    // An operator, an index, a function: none of it is a text that stands here.
    const { end, isClosed } = passExpression(this.#text, this.#at, ends[where]);
    if (!isClosed) this.#wrong('an expression that does not end');
    this.#at = end;
    // A bracket that nothing opened: whoever reads on must not meet it again.
    if (!isClosed && end < this.#text.length && !ends[where].includes(this.#text[end] as string)) this.#at++;
    let last = end;
    while (last > start && /\s/.test(this.#text[last - 1] as string)) last--;
    return { kind: 'other', range: { start, end: last } };
  }

  #value(depth: number): Value | undefined {
    const char = this.#text[this.#at];
    if (char === '"') {
      const range = this.#quoted();
      if (range === undefined) return undefined;
      return { kind: 'string', range, text: typed(this.#text, range.start, range.end), hasEscapes: true };
    }
    const heredoc = char === '<' ? heredocAt(this.#text, this.#at) : undefined;
    if (heredoc !== undefined) {
      if (!heredoc.isClosed) this.#wrong('a heredoc without its end');
      this.#at = heredoc.end;
      return { kind: 'string', range: { start: heredoc.start, end: heredoc.stop }, text: content(this.#text, heredoc) };
    }
    if ((char !== '[' && char !== '{') || /^[[{]\s{0,80}for\s/.test(this.#text.slice(this.#at, this.#at + 90))) {
      return undefined;
    }
    this.#at++;
    if (depth >= limits.file.nesting.most) {
      this.#tooDeep(char === '[' ? ']' : '}');
      return { kind: 'list', items: [] };
    }
    return char === '[' ? this.#list(depth + 1) : this.#object(depth + 1);
  }

  #list(depth: number): Value {
    const items: Value[] = [];
    for (;;) {
      this.#blank(true);
      if (this.#takes(',')) continue;
      if (this.#takes(']')) return { kind: 'list', items };
      if (this.#at >= this.#text.length) {
        this.#wrong('a list is not closed');
        return { kind: 'list', items };
      }
      items.push(this.#expression('list', depth));
    }
  }

  #object(depth: number): Value {
    const entries: [string, Value][] = [];
    for (;;) {
      this.#blank(true);
      if (this.#takes(',')) continue;
      if (this.#takes('}')) return { kind: 'object', entries };
      if (this.#at >= this.#text.length) {
        this.#wrong('an object is not closed');
        return { kind: 'object', entries };
      }
      const key = this.#key();
      if (this.#takes('=') || this.#takes(':')) entries.push([key, this.#expression('object', depth)]);
      else if (this.#text[this.#at] !== '}' && this.#text[this.#at] !== ',') {
        this.#wrong('a key without a value');
        this.#line();
      }
    }
  }

  /** The key of an entry; one that is an expression has no name. */
  #key(): string {
    const start = this.#at;
    const quoted = this.#text[start] === '"' ? this.#quoted() : undefined;
    const key = quoted ? this.#text.slice(quoted.start, quoted.end) : (this.#name() ?? '');
    this.#blank(false);
    if (this.#text[this.#at] === '=' || this.#text[this.#at] === ':') return key;
    this.#at = passExpression(this.#text, this.#at, '=:,}\n').end;
    return '';
  }

  /** What is inside the quotes that begin here. */
  #quoted(): { readonly start: number; readonly end: number } | undefined {
    const start = this.#at + 1;
    const { end, isClosed } = passExpression(this.#text, start, '', ['"']);
    this.#at = end;
    if (isClosed) return { start, end: end - 1 };
    this.#wrong('a quote that is not closed');
    return undefined;
  }

  #name(): string | undefined {
    name.lastIndex = this.#at;
    const found = name.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #takes(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  /** Over white space and comments. */
  #blank(overLines: boolean): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === ' ' || char === '\t' || char === '\r' || (overLines && char === '\n')) this.#at++;
      else {
        const comment = passComment(this.#text, this.#at);
        if (comment === undefined) return;
        if (!comment.isClosed) this.#wrong('a comment without its end');
        this.#at = comment.end;
      }
    }
  }

  /** Over the rest of the line. */
  #line(): void {
    const feed = this.#text.indexOf('\n', this.#at);
    this.#at = feed < 0 ? this.#text.length : feed + 1;
  }

  #wrong(message: string): void {
    this.error ??= { message, offset: Math.min(this.#at, this.#text.length) };
  }
}

/** The text of a heredoc; of an indented one without what all its lines begin with. */
function content(text: string, { start, stop, isIndented }: Heredoc): Traced {
  if (!isIndented) return typed(text, start, stop);
  const lines: { readonly start: number; readonly indent: number; readonly end: number }[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let at = start; at < stop; ) {
    const feed = text.indexOf('\n', at);
    const end = feed < 0 || feed >= stop ? stop : feed + 1;
    let from = at;
    while (from < end && (text[from] === ' ' || text[from] === '\t')) from++;
    const isEmpty = from >= end || text[from] === '\n' || text[from] === '\r';
    if (!isEmpty) least = Math.min(least, from - at);
    lines.push({ start: at, indent: from - at, end });
    at = end;
  }
  return join(lines.map((line) => typed(text, line.start + Math.min(least, line.indent), line.end)));
}
