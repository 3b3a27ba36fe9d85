/*
 * src/report/safe/
 *
 * Text from outside stays text: control and bidirectional characters shown (this file), cut (clip.ts), as Markdown
 * (markdown-text.ts), as HTML (escape-html.ts), as a link (safe-url.ts). Whatever prints a name, a version or an answer
 * that we did not write calls one of these last.
 * Begin here.
 */

// Controls; format characters (bidirectional marks and overrides, zero-width characters, tags); line and paragraph
// separators; halves of surrogate pairs (Unicode general categories Cc, Cf, Zl, Zp, Cs).
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from outside as one line of text: what would move the cursor, turn the line around or hide is shown as `\u{…}`. */
export function visible(text: string): string {
  // Nearly all text is this, and is told fast.
  if (!/[^ -~]/.test(text)) return text;
  return text.replace(invisible, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
