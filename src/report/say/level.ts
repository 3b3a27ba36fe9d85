import type { FindingClass } from '../../core/finding.ts';

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
    case 'lagging':
    case 'end-of-life':
    case 'unknown':
      return 'warning';
    default:
      return 'note';
  }
}
