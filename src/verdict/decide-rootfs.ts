import type { Finding } from '../core/finding.ts';
import type { Problem } from '../core/problem.ts';
import { isMissing } from '../look/added-rootfs.ts';
import type { Examination } from '../look/examination.ts';
import type { PlacedUse } from '../sources/placed-uses.ts';
import { decide } from './decide.ts';
import type { ExaminedUse } from './examined-use.ts';
import type { Policy } from './policy.ts';

/** What was found about an archive that is the base of a stage. */
export interface DecidedRootfs {
  readonly placed: PlacedUse;
  readonly use: ExaminedUse;
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

/** The findings of an archive, by the rules for images; one that cannot be read is a problem of the run. Pure. */
export function decideRootfs(placed: PlacedUse, examination: Examination, policy: Policy, now: number): DecidedRootfs {
  const { resolution, lag } = examination;
  const platforms = (lag?.platforms ?? []).map(({ platform }) => platform);
  const use: ExaminedUse = { ...placed, platforms, examination };
  if (resolution.kind === 'unknown')
    return { placed, use, findings: [], problems: isMissing(examination) ? [] : [resolution.problem] };
  return { placed, use, findings: decide(use, policy, now), problems: lag?.problems ?? [] };
}
