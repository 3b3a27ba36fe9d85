// JSON.stringify escapes C0 controls only; these would act in a terminal too.
const invisible = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The document as text: two spaces, a final newline. C1 and bidirectional controls, which stand in strings only, are escaped. */
export function renderJson(document: unknown): string {
  return [...jsonPieces(document)].join('');
}

/**
 * The same in pieces, one per entry of a list of the document's own: the report of a large fleet is longer than what
 * should be in memory twice.
 */
export function* jsonPieces(document: unknown): Generator<string> {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    yield `${written(document)}\n`;
    return;
  }
  const entries = Object.entries(document).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return yield '{}\n';
  yield '{';
  for (const [i, [key, value]] of entries.entries()) {
    yield `${i === 0 ? '' : ','}\n  ${written(key)}: `;
    if (!Array.isArray(value) || value.length === 0) yield indented(written(value), '  ');
    else {
      for (const [n, item] of value.entries()) yield `${n === 0 ? '[' : ','}\n    ${indented(written(item), '    ')}`;
      yield '\n  ]';
    }
  }
  yield '\n}\n';
}

/** As within a list, where what cannot be written is null. */
function written(value: unknown): string {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  // A runner takes orders from `##[` anywhere in a line of its log; within strings the same character can be written otherwise.
  const inert = text.replace(/##(?=(?:vso|teamcity)?\[)/gi, '#\\u0023');
  return inert.replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function indented(text: string, by: string): string {
  return text.replaceAll('\n', `\n${by}`);
}
