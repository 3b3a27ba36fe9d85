// Controls; format characters (bidirectional marks and overrides, zero-width characters, tags); line and paragraph
// separators; halves of surrogate pairs (Unicode general categories Cc, Cf, Zl, Zp, Cs).
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from outside as one line of text: what would move the cursor, turn the line around or hide is shown as `\u{…}`. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
