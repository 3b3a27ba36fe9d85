import { withRoom } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RunRecord } from '../../core/run-record.ts';

// JSON.stringify escapes C0 controls only; these would act in a terminal too.
const invisible = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The document as text: two spaces, a final newline. C1 and bidirectional controls, which stand in strings only, are escaped. */
export function renderJson(document: unknown): string {
  return [...jsonPieces(document)].join('');
}

/** The report of a run in pieces; it may be read by what takes it whole into memory. */
export function reportPieces(record: RunRecord): Generator<string> {
  return jsonPieces({ ...record, ...withRoom(record.findings, limits.report.rows.most) });
}

/**
 * The document as text, in pieces, one per entry of a list of the document's own: the report of a large fleet is longer than what
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
    if (!Array.isArray(value) || value.length === 0) yield written(value, 1);
    else {
      for (const [n, item] of value.entries()) yield `${n === 0 ? '[' : ','}\n    ${written(item, 2)}`;
      yield '\n  ]';
    }
  }
  yield '\n}\n';
}

/** The value as it stands within so many lists, where what cannot be written is null. */
function written(value: unknown, depth: 0 | 1 | 2 = 0): string {
  const [before, after] = frames[depth];
  const text =
    JSON.stringify(within(value, depth), null, 2)?.slice(before.length, -after.length || undefined) ?? 'null';
  // A runner takes orders from `##[` anywhere in a line of its log; within strings the same character can be written otherwise.
  const inert = text.replace(/##(?=(?:vso|teamcity)?\[)/gi, '#\\u0023');
  return inert.replace(invisible, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What JSON.stringify writes around one value in so many lists, which is how it comes to indent the value itself. */
const frames = [
  ['', ''],
  ['[\n  ', '\n]'],
  ['[\n  [\n    ', '\n  ]\n]'],
] as const;

function within(value: unknown, depth: number): unknown {
  return depth === 0 ? value : within([value], depth - 1);
}
