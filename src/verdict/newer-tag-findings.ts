import type { Finding } from '../core/finding.ts';
import { newsKey } from '../core/news.ts';
import type { NewerTag } from '../look/newer-tag.ts';
import { type EditPreview, editsOf } from './edit-preview.ts';
import type { ExaminedUse } from './examined-use.ts';
import { imageKey, saidOfUse } from './said-of-use.ts';

/** Told, and proposed when it is near enough. Pure. */
export function newerTagFindings(
  examined: ExaminedUse,
  newer: NewerTag,
  preview: EditPreview | undefined,
): Omit<Finding, 'reaction'>[] {
  if (newer.kind !== 'found') return [];
  const { use } = examined;
  const possible = preview?.kind === 'possible' ? preview : undefined;
  const current = use.has?.digest;
  // Within the ceiling there is nothing, or that would have been found: the line that is used has come to its end.
  const away = newer.within
    ? ''
    : `, further away than the rules allow to propose; the line of ${use.reference?.tag ?? 'latest'} has no newer tag`;
  return [
    {
      ...saidOfUse(examined),
      news: [newsKey('newer-tag', imageKey(examined.use), [newer.tag])],
      class: 'newer-tag',
      security: null,
      remedy: newer.within && possible ? 'edit' : 'none',
      ...(current && { current: { digest: current } }),
      latest: { digest: newer.digest, tag: newer.tag },
      ...(newer.within && possible && editsOf(possible)),
      reason: `A newer version is published: ${newer.tag}${away}.`,
      notes: preview?.kind === 'refused' ? [`no edit is possible: ${preview.reason}`] : [],
      problem: null,
    },
  ];
}
