import { offsetAt, slice, type Traced } from '../../text/traced.ts';

/** A part of a shell word. */
export type Piece =
  | { readonly kind: 'text'; readonly text: Traced }
  /** `$name` or `${…}`, as typed; unquoted ones are split at blanks when they are expanded. */
  | { readonly kind: 'variable'; readonly text: Traced; readonly quoted: boolean }
  /** A command substitution, whose result only a build knows. */
  | { readonly kind: 'dynamic' };

/** A word of a shell command, its quotes taken off, its variables not yet expanded. */
export interface Word {
  readonly pieces: readonly Piece[];
  /** Where its first character stands in the file. */
  readonly at: number;
}

/** A simple command, redirections left out. */
export interface Command {
  readonly words: readonly Word[];
  /** The names of the here-documents it reads, quotes taken off. */
  readonly heredocs: readonly string[];
}

/**
 * Splits a shell script into simple commands. Quotes, escapes, comments, continuation lines, redirections and
 * here-documents are read as POSIX sh does (XCU 2.2 to 2.7); compound commands are flat: their reserved words stay
 * words. Reads every character once, whatever is left open.
 */
export function simpleCommands(script: Traced): readonly Command[] {
  return new ShellReader(script).run();
}

const special = /[\s;&|()<>'"\\$`]/g;

class ShellReader {
  readonly #script: Traced;
  readonly #text: string;
  readonly #commands: Command[] = [];
  #at = 0;
  #words: Word[] = [];
  #heredocs: string[] = [];
  /** Here-documents whose bodies begin on the next line. */
  #pending: { name: string; tabs: boolean }[] = [];
  #redirection: '' | 'file' | 'heredoc' | 'heredoc-tabs' = '';

  constructor(script: Traced) {
    this.#script = script;
    this.#text = script.text;
  }

  run(): readonly Command[] {
    while (this.#at < this.#text.length) {
      const c = this.#text.charAt(this.#at);
      if (c === '\n') {
        this.#at++;
        this.#endCommand();
        this.#skipHeredocs();
      } else if (/[;&|()]/.test(c)) {
        if (c === '&' && this.#text.charAt(this.#at + 1) === '>') this.#at++;
        else {
          this.#at++;
          this.#endCommand();
        }
      } else if (c === '<' || c === '>') this.#operator();
      else if (/\s/.test(c)) this.#at++;
      else if (c === '\\' && this.#newlineAt(this.#at + 1) > 0) this.#at += 1 + this.#newlineAt(this.#at + 1);
      else if (c === '#') this.#skipTo('\n');
      else this.#word();
    }
    this.#endCommand();
    return this.#commands;
  }

  #endCommand(): void {
    if (this.#words.length > 0) this.#commands.push({ words: this.#words, heredocs: this.#heredocs });
    this.#words = [];
    this.#heredocs = [];
    this.#redirection = '';
  }

  /** The length of the line end at an offset, 0 for none; a file with CRLF has two characters there. */
  #newlineAt(at: number): number {
    if (this.#text.charAt(at) === '\n') return 1;
    return this.#text.startsWith('\r\n', at) ? 2 : 0;
  }

  #skipTo(mark: string): void {
    const found = this.#text.indexOf(mark, this.#at);
    this.#at = found < 0 ? this.#text.length : found;
  }

  #operator(): void {
    const operator = /(?:<<-|<<<|<<|<>|<&|>>|>&|>\||<|>)/y;
    operator.lastIndex = this.#at;
    const found = operator.exec(this.#text)?.[0] ?? '<';
    this.#at += found.length;
    this.#redirection = found === '<<' ? 'heredoc' : found === '<<-' ? 'heredoc-tabs' : 'file';
  }

  #skipHeredocs(): void {
    for (const { name, tabs } of this.#pending) {
      for (let ended = false; !ended && this.#at < this.#text.length; ) {
        const feed = this.#text.indexOf('\n', this.#at);
        const end = feed < 0 ? this.#text.length : feed;
        let start = this.#at;
        while (tabs && this.#text.charAt(start) === '\t') start++;
        const stop = this.#text.charAt(end - 1) === '\r' ? end - 1 : end;
        ended = stop - start === name.length && this.#text.startsWith(name, start);
        this.#at = end + 1;
      }
    }
    this.#pending = [];
  }

  #word(): void {
    const start = this.#at;
    const run = this.#ordinaryEnd(start);
    if (
      this.#redirection === '' &&
      run > start &&
      (run === this.#text.length || /[\s;&|()]/.test(this.#text.charAt(run)))
    ) {
      this.#at = run;
      const text = slice(this.#script, start, run);
      this.#words.push({ pieces: [{ kind: 'text', text }], at: offsetAt(this.#script, start) });
      return;
    }
    const pieces: Piece[] = [];
    let plain = true;
    for (let open = true; open && this.#at < this.#text.length; ) {
      const c = this.#text.charAt(this.#at);
      if (/[\s;&|()<>]/.test(c)) open = false;
      else {
        plain &&= !/['"\\$`]/.test(c);
        this.#piece(c, pieces);
      }
    }
    const word = this.#text.slice(start, this.#at);
    // A number directly before < or > is a file descriptor.
    if (plain && /^\d+$/.test(word) && /^[<>]$/.test(this.#text.charAt(this.#at))) return;
    const target = this.#redirection;
    this.#redirection = '';
    if (target === '') this.#words.push({ pieces, at: offsetAt(this.#script, start) });
    else if (target !== 'file') {
      const name = pieces.map((piece) => (piece.kind === 'dynamic' ? '' : piece.text.text)).join('');
      this.#heredocs.push(name);
      this.#pending.push({ name, tabs: target === 'heredoc-tabs' });
    }
  }

  #piece(c: string, pieces: Piece[]): void {
    if (c === "'") this.#singleQuoted(pieces);
    else if (c === '"') this.#doubleQuoted(pieces);
    else if (c === '\\') {
      const newline = this.#newlineAt(this.#at + 1);
      if (newline === 0) this.#addText(pieces, this.#at + 1, Math.min(this.#at + 2, this.#text.length));
      this.#at += 1 + (newline || 1);
    } else if (c === '$' || c === '`') this.#expansion(pieces, false);
    else {
      const end = this.#ordinaryEnd(this.#at + 1);
      this.#addText(pieces, this.#at, end);
      this.#at = end;
    }
  }

  /** Where the characters end that mean only themselves. */
  #ordinaryEnd(from: number): number {
    special.lastIndex = from;
    return special.test(this.#text) ? special.lastIndex - 1 : this.#text.length;
  }

  #addText(pieces: Piece[], start: number, end: number): void {
    pieces.push({ kind: 'text', text: slice(this.#script, start, end) });
  }

  #singleQuoted(pieces: Piece[]): void {
    const start = ++this.#at;
    this.#skipTo("'");
    this.#addText(pieces, start, this.#at);
    this.#at++;
  }

  #doubleQuoted(pieces: Piece[]): void {
    this.#at++;
    let plain = this.#at;
    const flush = (): void => this.#addText(pieces, plain, this.#at);
    while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== '"') {
      const c = this.#text.charAt(this.#at);
      const next = this.#text.charAt(this.#at + 1);
      if (c === '\\' && /["$`\\\n]/.test(next)) {
        flush();
        this.#at += 2;
        plain = next === '\n' ? this.#at : this.#at - 1;
      } else if (c === '$' || c === '`') {
        flush();
        this.#expansion(pieces, true);
        plain = this.#at;
      } else this.#at++;
    }
    flush();
    this.#at++;
  }

  #expansion(pieces: Piece[], quoted: boolean): void {
    const start = this.#at;
    const next = this.#text.charAt(start + 1);
    if (this.#text.charAt(start) === '`') {
      this.#at = this.#closing('`', '`');
      pieces.push({ kind: 'dynamic' });
    } else if (next === '(') {
      this.#at = this.#closing('(', ')');
      pieces.push({ kind: 'dynamic' });
    } else if (next === '{') {
      this.#at = this.#closing('{', '}');
      pieces.push({ kind: 'variable', text: slice(this.#script, start, this.#at), quoted });
    } else {
      const name = /[A-Za-z_]\w*|[0-9@*#?$!-]/y;
      name.lastIndex = start + 1;
      const length = name.exec(this.#text)?.[0].length ?? 0;
      this.#at = start + 1 + length;
      if (length === 0) this.#addText(pieces, start, this.#at);
      else pieces.push({ kind: 'variable', text: slice(this.#script, start, this.#at), quoted });
    }
  }

  /** The offset behind the mark that closes the substitution at hand; the end of the text if nothing does. */
  #closing(opens: string, closes: string): number {
    let depth = opens === closes ? 1 : 0;
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const c = this.#text.charAt(at);
      if (c === '\\') at++;
      else if (c === "'" && opens === '(') {
        const close = this.#text.indexOf("'", at + 1);
        at = close < 0 ? this.#text.length : close;
      } else if (c === closes && --depth === 0) return at + 1;
      else if (c === opens && opens !== closes) depth++;
    }
    return this.#text.length;
  }
}
