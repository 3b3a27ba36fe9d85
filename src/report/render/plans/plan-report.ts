/*
 * src/report/render/plans/
 *
 * What would be done, and what was: plan-report.ts is `run --dry-run`, redeploy-report.ts what became of workloads.
 * Begin here.
 */

import type { Finding } from '../../../core/finding.ts';
import { shortDigest } from '../../../core/image/digest.ts';
import { placeInScope } from '../../../core/place.ts';
import type { RunRecord } from '../../../core/run-record.ts';
import { onceFor } from '../../../core/shared-work.ts';
import { visible } from '../../safe/visible.ts';
import { count } from '../../say/quantity.ts';
import { summaryLines } from '../../say/summary.ts';
import { subjectOf } from '../../say/target.ts';
import { classStyle, type Style } from '../style.ts';

/** What one channel would be told, and what it would not be told yet. */
export interface ChannelPlan {
  readonly findings: readonly Finding[];
  readonly reminders: readonly Finding[];
  readonly waiting: readonly Finding[];
}

/** What runs and would be moved, by the identities of findings; and why others would not. */
export interface PlannedMoves {
  readonly planned: readonly string[];
  readonly refused: ReadonlyMap<string, string>;
}

const setOf = onceFor((list: readonly Finding[]) => new Set(list));

/** Never told, whatever the rules say: docs/classes.md. */
const silent: ReadonlySet<Finding['class']> = new Set(['rebuild', 'no-op', 'unpinned']);

/** What `run --dry-run` prints: for every finding, what the rules would have done with it, and why not now. */
export function renderPlan(
  record: RunRecord,
  plans: ReadonlyMap<string, ChannelPlan>,
  style: Style,
  moves: PlannedMoves = { planned: [], refused: new Map() },
): string {
  const lines = record.findings.map((finding) => {
    const name = visible(subjectOf(finding));
    const line = `  ${visible(placeInScope(finding))}  ${name}  ${classStyle(finding.class, style)(finding.class)}  ${intent(finding, plans)}`;
    const move = moveOf(finding, moves);
    if (move !== undefined) return `${line}\n    ${visible(move)}`;
    // Nothing else of this report says what has to be mended.
    return finding.class === 'unknown' ? `${line}\n    ${visible(finding.reason)}` : line;
  });
  const heads = [...plans].map(([channel, { findings }]) => `${visible(channel)} ${count(findings.length, 'finding')}`);
  const proposals = (record.proposals ?? []).map(
    ({ kind, repository, branch, url, reason }) =>
      `  ${visible(repository)}  ${visible(url ?? branch)}  would be ${kind}: ${visible(reason)}`,
  );
  const { looked, answer, untold, cost } = summaryLines(record);
  const head = `would tell ${heads.join(', ')}; nothing was written, sent or remembered`;
  return `${[style.bold(head), ...lines, ...(proposals.length > 0 ? ['', ...proposals] : []), '', ...untold.map((line) => `not known ${line}`), looked, style.bold(answer), style.dim(`cost: ${cost}`)].join('\n')}\n`;
}

function moveOf({ id, workload, held, latest }: Finding, { planned, refused }: PlannedMoves): string | undefined {
  if (workload === undefined || latest?.digest === undefined) return undefined;
  const number = planned.filter((one) => one === id).length;
  if (number > 0) return `would be moved to ${shortDigest(latest.digest)}${number > 1 ? ` (${number} of them)` : ''}`;
  const why = refused.get(id);
  if (why !== undefined) return `would not be moved: ${why}`;
  return held === undefined
    ? undefined
    : `is not moved yet: ${held.detail}${held.until === undefined ? '' : `, until ${held.until}`}`;
}

function intent(finding: Finding, plans: ReadonlyMap<string, ChannelPlan>): string {
  const react = finding.reaction?.react ?? [];
  if (react.includes('ignore')) return 'ignored by a rule';
  if (finding.held) return `held back (${finding.held.reason}): ${visible(finding.held.detail)}`;
  if (finding.snoozed) return `snoozed until ${visible(finding.snoozed.until)}`;
  const channels = (list: keyof ChannelPlan): string[] =>
    [...plans].filter(([, plan]) => setOf(plan[list]).has(finding)).map(([name]) => visible(name));
  const [told, reminded, waiting] = [channels('findings'), channels('reminders'), channels('waiting')];
  if (told.length > 0) {
    const batch = (finding.reaction?.when ?? 'now') === 'now' ? '' : ', in the batch that is due';
    return `would be told to ${told.join(', ')}${batch}`;
  }
  if (reminded.length > 0) return `would be told again to ${reminded.join(', ')}`;
  if (waiting.length > 0) return `waits for the next window of ${waiting.join(', ')}`;
  if (silent.has(finding.class) || !react.includes('alert')) return 'recorded';
  return finding.class === 'unknown' ? 'told once it has lasted' : 'told before';
}
