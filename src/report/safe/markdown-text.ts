import { withoutReferences } from './references.ts';
import { visible } from './visible.ts';

/**
 * Text from outside as a code span: no mention, link or markup takes effect in one, whatever it says. The fence is
 * longer than any run of backticks inside (CommonMark 0.31 §6.1).
 */
export function code(text: string): string {
  return span(visible(text));
}

/**
 * The same for a cell of a table, which a pipe would end even inside a code span (GFM §4.10). Parsers disagree about a
 * backslash before the pipe's own, so such a pipe is shown as what `visible` makes of characters that act.
 */
export function cell(text: string): string {
  return span(visible(text).replace(/(\\?)\|/g, (_, backslash: string) => (backslash ? '\\\\u{7c}' : '\\|')));
}

function span(shown: string): string {
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A code fence that nothing in the text can close (CommonMark 0.31 §4.5). */
export function fenceFor(text: string): string {
  return '`'.repeat(Math.max(3, longestRun(text) + 1));
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}

/**
 * A sentence with text from outside in it, as plain text: every character that could begin markup is escaped; at the start
 * also a slash, which a forge may obey as a command, and a colon, which makes a definition of what stands above. Before a
 * bracket there nobody sees a word joiner: Gitea takes `\[` at the start of a line for mathematics, up to wherever it ends.
 */
export function prose(text: string): string {
  return (
    withoutReferences(visible(text).trim())
      .replace(/[\\`*_{}[\]<>|~$&]/g, '\\$&')
      .replace(/^[#+=/:-]/, '\\$&')
      .replace(/^\\\[/, '\u2060$&')
      // Only with a blank behind it does it number a list (CommonMark 0.31 §5.2): an address or a version does not.
      .replace(/^(\d+)(?=[.)](?:\s|$))/, '$1\\')
  );
}
