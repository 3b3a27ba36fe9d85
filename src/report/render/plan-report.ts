import type { Finding } from '../../core/finding.ts';
import { placeInScope } from '../../core/place.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { visible } from '../safe/visible.ts';
import { count } from '../say/quantity.ts';
import { summaryLines } from '../say/summary.ts';
import { subjectOf } from '../say/target.ts';
import { classStyle, type Style } from './style.ts';

/** What one channel would be told, and what it would not be told yet. */
export interface ChannelPlan {
  readonly findings: readonly Finding[];
  readonly reminders: readonly Finding[];
  readonly waiting: readonly Finding[];
}

/** Never told, whatever the rules say: docs/classes.md. */
const silent: ReadonlySet<Finding['class']> = new Set(['rebuild', 'no-op', 'unpinned']);

/** What `run --dry-run` prints: for every finding, what the rules would have done with it, and why not now. */
export function renderPlan(record: RunRecord, plans: ReadonlyMap<string, ChannelPlan>, style: Style): string {
  const lines = record.findings.map((finding) => {
    const name = visible(subjectOf(finding));
    const line = `  ${visible(placeInScope(finding))}  ${name}  ${classStyle(finding.class, style)(finding.class)}  ${intent(finding, plans)}`;
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

function intent(finding: Finding, plans: ReadonlyMap<string, ChannelPlan>): string {
  const react = finding.reaction?.react ?? [];
  if (react.includes('ignore')) return 'ignored by a rule';
  if (finding.held) return `held back (${finding.held.reason}): ${visible(finding.held.detail)}`;
  if (finding.snoozed) return `snoozed until ${visible(finding.snoozed.until)}`;
  const channels = (list: keyof ChannelPlan): string[] =>
    [...plans].filter(([, plan]) => plan[list].includes(finding)).map(([name]) => visible(name));
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
