import { type Analysis, analyse } from './analyse.ts';

/** Characters of text whose analyses are kept: several hundred files of the usual size. */
const mostText = 512 * 1024;

const known = new Map<string, Analysis>();
let size = 0;

/**
 * The analysis of a text, made once: every edit begins by reading the file again that was parsed, for each of its images.
 * Forgets the oldest first.
 */
export function analysisOf(text: string): Analysis {
  const kept = known.get(text);
  if (kept !== undefined) return kept;
  const analysis = analyse(text);
  if (text.length > mostText / 8) return analysis;
  known.set(text, analysis);
  size += text.length;
  for (const [oldest] of known) {
    if (size <= mostText) break;
    known.delete(oldest);
    size -= oldest.length;
  }
  return analysis;
}
