import { type FindingClass, findingClasses } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import { workloadPlace } from '../../core/place.ts';
import type { RunRecord } from '../../core/run-record.ts';
import { visible } from '../safe/visible.ts';
import { untoldLines, verdictOf } from './claims.ts';
import { bytes, count, filesAndEngines } from './quantity.ts';

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
  const engines = record.scopes.filter(({ kind }) => kind === 'engine').length;
  const where = platforms.length === 0 ? '' : `, for ${visible(platforms.join(', '))}`;
  const left = summary.excluded > 0 ? [`${count(summary.excluded, 'path')} left out`] : [];
  const about = [...kindsOf(summary.formats), ...left];
  return {
    looked: `${count(summary.uses, 'image use')} of ${count(summary.images, 'image')} in ${filesAndEngines(summary.files, engines, about)}${where}`,
    answer: answer(summary, verdict),
    verdict,
    untold: untoldLines(record),
    hints: [...hints(summary), ...withoutRegistry(record)],
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

/** What runs and cannot be asked about anywhere is no trouble, and said. */
function withoutRegistry({ workloads }: RunRecord): string[] {
  const local = workloads.filter(({ state }) => state === 'local' || state === 'skipped');
  return [...Map.groupBy(local, ({ why }) => why)].map(([why, all]) => {
    const names = [...new Set(all.map(workloadPlace))];
    const shown = names.slice(0, limits.report.namedWorkloads.most).join(', ');
    const more =
      names.length > limits.report.namedWorkloads.most
        ? ` and ${names.length - limits.report.namedWorkloads.most} more`
        : '';
    return visible(`not looked at: ${shown}${more} (${why})`);
  });
}

function costLine(cost: RunRecord['cost']): string {
  const limits = Object.entries(cost.rateLimit).map(
    ([host, { limit, remaining }]) => `, ${remaining} of ${limit} pulls left at ${visible(host)}`,
  );
  const forge = cost.forge === undefined ? '' : ` (${cost.forge.requests} of them to the forge)`;
  return `${count(cost.requests, 'request')}${forge}, ${count(cost.countedPulls, 'counted pull')}, ${bytes(cost.bytes)}, ${cost.cacheHits} from cache${limits.join('')}`;
}
