import type { Finding } from '../core/finding.ts';
import type { ExaminedPin } from '../look/package-pins.ts';
import type { ExaminedUse } from './examined-use.ts';

/** One use with everything said about it. */
export interface DecidedUse {
  readonly examined: ExaminedUse;
  readonly findings: readonly Finding[];
}

/** One package pin with everything said about it. */
export interface DecidedPin {
  readonly pin: ExaminedPin;
  readonly findings: readonly Finding[];
}
