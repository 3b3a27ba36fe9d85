// JSON.stringify escapes C0 controls only; these would act in a terminal too.
const invisible = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The document as text: two spaces, a final newline. C1 and bidirectional controls, which stand in strings only, are escaped. */
export function renderJson(document: unknown): string {
  const text = JSON.stringify(document, null, 2);
  return `${text.replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}
