import { limits } from '../../core/limits/limits.ts';
import { type Analysis, analyse } from './analyse.ts';

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
  if (text.length > limits.file.analyses.most / 8) return analysis;
  known.set(text, analysis);
  size += text.length;
  for (const [oldest] of known) {
    if (size <= limits.file.analyses.most) break;
    known.delete(oldest);
    size -= oldest.length;
  }
  return analysis;
}
