import { LineCursor } from '../../text/lines.ts';
import { slice, type Traced } from '../../text/traced.ts';
import { directiveAt } from './directives.ts';
import { tracedStrings } from './json-words.ts';

/** The frontend image a file asks for. `foreign`: said in a form that no Dockerfile has, so the rest is not ours to read. */
export interface Syntax {
  readonly image: Traced;
  readonly foreign: boolean;
}

/**
 * Finds `# syntax=`, `// syntax=` or a JSON document's `"syntax"`, behind a byte order mark and a `#!` line.
 * Source: BuildKit frontend/dockerfile/parser/directives.go, DetectSyntax; the image is the first word of the value.
 */
export function detectSyntax(text: string): Syntax | undefined {
  const hash = directiveValue(text, '#');
  if (hash !== undefined) return { image: hash, foreign: false };
  const slashes = directiveValue(text, '//');
  if (slashes !== undefined) return { image: slashes, foreign: true };
  const json = jsonValue(text);
  return json && { image: json, foreign: true };
}

function directiveValue(text: string, mark: string): Traced | undefined {
  const lines = new LineCursor(text);
  const seen = new Set<string>();
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (lines.line === 1 && text.startsWith('#!', line.start)) continue;
    const directive = directiveAt(text, line.start, line.end, mark);
    if (directive === undefined || seen.has(directive.name)) return undefined;
    seen.add(directive.name);
    if (directive.name !== 'syntax') continue;
    const space = directive.value.text.indexOf(' ');
    return space < 0 ? directive.value : slice(directive.value, 0, space);
  }
  return undefined;
}

function jsonValue(text: string): Traced | undefined {
  const lines = new LineCursor(text);
  let line = lines.next();
  if (line !== undefined && text.startsWith('#!', line.start)) line = lines.next();
  if (line === undefined || !/^\s*\{/.test(text.slice(line.start, line.start + 4096))) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(line.start));
    if (typeof value !== 'object' || value === null || !('syntax' in value)) return undefined;
    if (typeof value.syntax !== 'string') return undefined;
  } catch {
    return undefined;
  }
  return lastValueOf('syntax', text, line.start);
}

/** A string value of the document's own key; like JSON readers everywhere, the last of several wins. */
function lastValueOf(key: string, text: string, start: number): Traced | undefined {
  let found: Traced | undefined;
  let depth = 0;
  let name: string | undefined;
  let colon = false;
  for (const token of tracedStrings(text, start)) {
    if (token.string !== undefined) {
      if (depth === 1 && colon && name === key) found = token.string;
      if (depth === 1 && !colon) name = token.string.text;
    } else if (token.mark === '{' || token.mark === '[') depth++;
    else if (token.mark === '}' || token.mark === ']') depth--;
    if (depth === 1 && token.mark === ':') colon = true;
    else if (depth === 1 && token.mark === ',') colon = false;
  }
  return found;
}
