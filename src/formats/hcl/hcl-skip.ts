/** Where something that was passed over ends, and whether it was closed. */
export interface Passed {
  readonly end: number;
  readonly isClosed: boolean;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The line of a heredoc's introducer: `<<EOT`, `<<-EOT`. */
const introducer = /<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)[ \t]*\r?\n/uy;

/** A heredoc (HCL, hclsyntax/spec.md, "Template Expressions"): its content, without the line that ends it. */
export interface Heredoc {
  readonly start: number;
  /** Of the content. */
  readonly stop: number;
  /** Behind the marker that ends it. */
  readonly end: number;
  /** `<<-`: lines are taken without the indentation that all of them have. */
  readonly isIndented: boolean;
  readonly isClosed: boolean;
}

/** The heredoc that begins here, if one does. Its marker may stand anywhere on a line that holds nothing else. */
export function heredocAt(text: string, at: number): Heredoc | undefined {
  introducer.lastIndex = at;
  const [head, dash, marker] = introducer.exec(text) ?? [];
  if (head === undefined || marker === undefined) return undefined;
  const start = at + head.length;
  for (let line = start; line < text.length; ) {
    const feed = text.indexOf('\n', line);
    const lineEnd = feed < 0 ? text.length : feed;
    let from = line;
    while (from < lineEnd && (text[from] === ' ' || text[from] === '\t')) from++;
    const end = from + marker.length;
    if (text.startsWith(marker, from) && /^[ \t\r]*$/.test(text.slice(end, Math.min(lineEnd, end + 80)))) {
      return { start, stop: line, end, isIndented: dash === '-', isClosed: true };
    }
    line = lineEnd + 1;
  }
  return { start, stop: text.length, end: text.length, isIndented: dash === '-', isClosed: false };
}

/** A comment that begins here: up to the end of its line, or behind the end of its block. Undefined for none. */
export function passComment(text: string, at: number): Passed | undefined {
  if (text[at] === '#' || text.startsWith('//', at)) {
    const feed = text.indexOf('\n', at);
    return { end: feed < 0 ? text.length : feed, isClosed: true };
  }
  if (!text.startsWith('/*', at)) return undefined;
  const close = text.indexOf('*/', at + 2);
  return close < 0 ? { end: text.length, isClosed: false } : { end: close + 2, isClosed: true };
}

/**
 * Passes over an expression, up to one of the characters that end it outside brackets, quotes, comments and heredocs, or
 * a bracket that nothing opened. A stack instead of recursion: linear, however deep it is. `within`: what is open already,
 * the quotes of a string or a template's `${`.
 */
export function passExpression(text: string, from: number, ends: string, within: readonly string[] = []): Passed {
  const open = [...within];
  let at = from;
  while (at < text.length) {
    const char = text[at] as string;
    const top = open.at(-1);
    if (top === '"') {
      if (char === '\n') return { end: at, isClosed: false };
      if (char === '\\') at += 2;
      else if (char === '"') {
        open.pop();
        at++;
        if (open.length === 0 && within.length > 0) return { end: at, isClosed: true };
      } else if (text.startsWith('$${', at) || text.startsWith('%%{', at)) at += 3;
      else if (text.startsWith('${', at) || text.startsWith('%{', at)) {
        open.push('}');
        at += 2;
      } else at++;
      continue;
    }
    if (top === undefined && ends.includes(char)) return { end: at, isClosed: true };
    const passed = passComment(text, at) ?? (char === '<' ? heredocAt(text, at) : undefined);
    if (passed?.isClosed === false) return { end: text.length, isClosed: false };
    if (passed !== undefined) {
      at = passed.end;
      continue;
    }
    if (char === '"') open.push('"');
    else if (closers[char] !== undefined) open.push(closers[char]);
    else if (char === ')' || char === ']' || char === '}') {
      if (top !== char) return { end: at, isClosed: false };
      open.pop();
      if (open.length === 0 && within.length > 0) return { end: at + 1, isClosed: true };
    }
    at++;
  }
  return { end: Math.min(at, text.length), isClosed: open.length === 0 };
}
