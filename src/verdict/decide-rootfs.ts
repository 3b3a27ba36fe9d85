import type { Problem } from '../core/problem.ts';
import { isMissing } from '../look/added-rootfs.ts';
import type { Examination } from '../look/examination.ts';
import type { Use } from '../sources/use.ts';
import { decide } from './decide.ts';
import type { DecidedUse } from './decided.ts';
import type { Policy } from './policy.ts';

/** What was found about an archive that is the base of a stage. */
export interface DecidedRootfs extends DecidedUse {
  readonly problems: readonly Problem[];
}

/** The findings of an archive, by the rules for images; one that cannot be read is a problem of the run. Pure. */
export function decideRootfs(use: Use, examination: Examination, policy: Policy, now: number): DecidedRootfs {
  const { resolution, lag } = examination;
  const platforms = (lag?.platforms ?? []).map(({ platform }) => platform);
  const examined = { use, platforms, examination };
  if (resolution.kind === 'unknown')
    return { examined, findings: [], problems: isMissing(examination) ? [] : [resolution.problem] };
  return { examined, findings: decide(examined, policy, now), problems: lag?.problems ?? [] };
}
