import type { Finding } from '../core/finding.ts';
import type { RunRecord } from '../core/record.ts';
import { count } from './quantity.ts';
import { classStyle, type Style } from './style.ts';
import { summaryLines } from './summary.ts';
import { subjectOf } from './target.ts';
import { visible } from './visible.ts';

/** What `run --dry-run` prints: for every finding, what the rules would have done with it, and why not now. */
export function renderPlan(
  record: RunRecord,
  delivery: { readonly findings: readonly Finding[]; readonly waiting: readonly Finding[] },
  style: Style,
): string {
  const told = new Set(delivery.findings);
  const waiting = new Set(delivery.waiting);
  const lines = record.findings.map((finding) => {
    const name = visible(subjectOf(finding));
    return `  ${visible(finding.file)}:${finding.line}  ${name}  ${classStyle(finding.class, style)(finding.class)}  ${intent(finding, told, waiting)}`;
  });
  const { looked, answer, cost } = summaryLines(record);
  const head = `would tell ${count(delivery.findings.length, 'finding')}; nothing was written, sent or remembered`;
  return `${[style.bold(head), ...lines, '', looked, style.bold(answer), style.dim(`cost: ${cost}`)].join('\n')}\n`;
}

function intent(finding: Finding, told: ReadonlySet<Finding>, waiting: ReadonlySet<Finding>): string {
  const react = finding.reaction?.react ?? [];
  if (react.includes('ignore')) return 'ignored by a rule';
  if (finding.held) return `held back (${finding.held.reason}): ${visible(finding.held.detail)}`;
  if (told.has(finding)) return `would be told${finding.reaction?.when === 'weekly' ? ", in this week's batch" : ''}`;
  if (waiting.has(finding)) return "waits: this week's batch has gone out";
  return react.includes('alert') ? 'told before' : 'recorded';
}
