import { createRequire } from 'node:module';
import type { Severity } from '../core/advisory.ts';

/** Loaded with the first vector: most runs meet none, and whoever asks cannot wait. */
let loaded: typeof import('ae-cvss-calculator') | undefined;
function calculator(): typeof import('ae-cvss-calculator') {
  loaded ??= createRequire(import.meta.url)('ae-cvss-calculator') as typeof import('ae-cvss-calculator');
  return loaded;
}

/** Versions by how much of the world is rated by them; those of the second have no prefix. */
const versions = ['CVSS:3.1/', 'CVSS:3.0/', 'CVSS:4.0/', ''] as const;
const shape = /^(CVSS:(?:3\.[01]|4\.0)\/|)[A-Z]{1,3}:[A-Za-z]{1,6}(?:\/[A-Z]{1,3}:[A-Za-z]{1,6}){5,40}$/i;

/**
 * The rating by the base score of the first of these CVSS vectors that has one, of version 3 before 4 before 2. Sources: CVSS v3.1
 * specification, section 5; v4.0, section 6; for version 2 NVD's words, which know no `critical`. Undefined where none has.
 */
export function ratingOf(vectors: readonly string[]): Severity | undefined {
  for (const version of versions) {
    for (const vector of vectors) {
      if (shape.exec(vector)?.[1] !== version) continue;
      const read = calculator().fromVector(vector);
      const score = read?.isBaseFullyDefined() ? read.calculateScores().base : undefined;
      if (score === undefined) continue;
      if (score === 0) return undefined;
      if (score >= 9 && version !== '') return 'critical';
      return score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
    }
  }
  return undefined;
}
