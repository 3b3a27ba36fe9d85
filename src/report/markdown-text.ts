import { visible } from './visible.ts';

/**
 * Text from outside as a code span: no mention, link or markup takes effect in one, whatever it says. The fence is
 * longer than any run of backticks inside (CommonMark 0.31 §6.1); a pipe would still end a table cell (GFM §4.10).
 */
export function code(text: string): string {
  const shown = visible(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A code fence that nothing in the text can close (CommonMark 0.31 §4.5). */
export function fenceFor(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(longest + 1);
}

/** A sentence with text from outside in it, as plain text: every character that could begin markup is escaped. */
export function prose(text: string): string {
  return (
    visible(text)
      .replace(/[\\`*_{}[\]<>|~$]/g, '\\$&')
      .replace(/^([#+-]|\d+[.)])/, '\\$1')
      // A word joiner keeps GitHub from reading a mention, an issue number, a commit or an address.
      .replace(/@(?=\w)/g, '@\u2060')
      .replace(/#(?=\d)/g, '#\u2060')
      .replace(/\b(https?):\/\//g, '$1:\u2060//')
      .replace(/\bwww\./g, 'www\u2060.')
  );
}
