import type { FindingClass } from '../../core/finding.ts';
import { isNotice, type NewsClass } from '../../core/news.ts';

/** How loud a class is where there are three levels: code scanning (SARIF 2.1.0 §3.27.10) and annotations of a job. */
export type Level = 'error' | 'warning' | 'note';

/** The level of a class. */
export function levelOf(kind: FindingClass): Level {
  switch (kind) {
    case 'pin-broken':
    case 'security':
      return 'error';
    case 'packages':
    case 'config':
    case 'content':
    case 'stale':
    case 'lagging':
    case 'end-of-life':
    case 'unknown':
      return 'warning';
    default:
      return 'note';
  }
}

/** How loud a class is on a page, as a name of the style sheet. */
export type Tone = 'bad' | 'warn' | 'news' | 'calm';

/** What asks for nothing. */
export const quietClasses: ReadonlySet<NewsClass> = new Set(['rebuild', 'no-op', 'unpinned']);

/** The tone of a class. */
export function toneOf(kind: NewsClass): Tone {
  if (kind === 'pin-broken' || kind === 'security') return 'bad';
  if (kind === 'stale' || kind === 'lagging' || kind === 'end-of-life' || kind === 'unknown' || isNotice(kind))
    return 'warn';
  return quietClasses.has(kind) ? 'calm' : 'news';
}
