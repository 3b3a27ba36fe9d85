import type { Finding } from '../core/finding.ts';
import type { ExaminedUse } from './examined-use.ts';
import type { PlacedUse } from './parse.ts';
import type { ExaminedPin } from './pins.ts';

/** One use with everything said about it. */
export interface DecidedUse {
  readonly placed: PlacedUse;
  readonly use: ExaminedUse;
  readonly findings: readonly Finding[];
}

/** One package pin with everything said about it. */
export interface DecidedPin {
  readonly pin: ExaminedPin;
  readonly findings: readonly Finding[];
}
