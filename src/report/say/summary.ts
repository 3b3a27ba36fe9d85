import { type FindingClass, findingClasses } from '../../core/finding.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { visible } from '../safe/visible.ts';
import { untoldLines, verdictOf } from './claims.ts';
import { bytes, count } from './quantity.ts';

/** The sentences every rendering ends with, so that they never disagree. Each is one line of plain text. */
export function summaryLines(record: RunRecord): {
  readonly looked: string;
  readonly answer: string;
  /** The answer without the counts: is a rebuild needed, and what is not known? */
  readonly verdict: string;
  /** One sentence per host that did not answer. */
  readonly untold: readonly string[];
  readonly hints: readonly string[];
  readonly cost: string;
} {
  const { summary, platforms, cost } = record;
  const verdict = verdictOf(record);
  const left = summary.excluded > 0 ? [`${count(summary.excluded, 'path')} left out`] : [];
  const about = [...kindsOf(summary.formats), ...left];
  const files = `${count(summary.files, 'file')}${about.length === 0 ? '' : ` (${about.join('; ')})`}`;
  return {
    looked: `${count(summary.uses, 'image use')} of ${count(summary.images, 'image')} in ${files}, for ${visible(platforms.join(', '))}`,
    answer: answer(summary, verdict),
    verdict,
    untold: untoldLines(record),
    hints: hints(summary),
    cost: costLine(cost),
  };
}

/** Which kinds of files they are, the most frequent first; nothing where all are Dockerfiles. */
function kindsOf(formats: RunRecord['summary']['formats']): string[] {
  const kinds = Object.entries(formats).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (kinds.every(([kind]) => kind === 'dockerfile')) return [];
  return [kinds.map(([kind, number]) => `${number.toLocaleString('en-US')} ${kind}`).join(', ')];
}

function answer(summary: RunRecord['summary'], verdict: string): string {
  const found = findingClasses
    .map((kind): [FindingClass, number] => [kind, summary.findings[kind] ?? 0])
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${number} ${kind}`)
    .join(', ');
  return found === '' ? verdict : `${found}: ${verdict}`;
}

function hints({ unpinned, uses }: RunRecord['summary']): string[] {
  if (unpinned === 0) return [];
  const verb = unpinned === 1 ? 'has' : 'have';
  return [
    `${unpinned} of ${count(uses, 'use')} ${verb} no digest: there is nothing to compare with and no pull request is possible when their tag moves; "plimsoll update --pin" pins them, --since gives a base line, --versions minor looks for newer tags`,
  ];
}

function costLine(cost: RunRecord['cost']): string {
  const limits = Object.entries(cost.rateLimit).map(
    ([host, { limit, remaining }]) => `, ${remaining} of ${limit} pulls left at ${visible(host)}`,
  );
  const forge = cost.forge === undefined ? '' : ` (${cost.forge.requests} of them to the forge)`;
  return `${count(cost.requests, 'request')}${forge}, ${count(cost.countedPulls, 'counted pull')}, ${bytes(cost.bytes)}, ${cost.cacheHits} from cache${limits.join('')}`;
}
