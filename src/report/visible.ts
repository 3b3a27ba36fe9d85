// C0, DEL and C1 controls; bidirectional marks and overrides; zero-width characters; line and paragraph separators.
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text from outside as one line of text: what would move the cursor, turn the line around or hide is shown as `\u{…}`. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
