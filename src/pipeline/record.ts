import type { Digest } from '../core/digest.ts';
import { formatReference } from '../core/reference.ts';
import type { NewLook, NewRun } from '../state/store.ts';
import type { Resolution } from './resolve.ts';
import type { RunResult } from './run.ts';

/** What a run leaves behind: what every tag names, what was found, what is news. Pure. */
export function toStoredRun({ record, decided }: RunResult, startedAt: number): NewRun {
  const looks = new Map<string, NewLook>();
  for (const { use } of decided) {
    const { reference } = use.use;
    const { resolution } = use.examination;
    if (!reference) continue;
    const digest = namedByTag(resolution);
    if (digest === undefined) continue;
    const key = lookKey(reference);
    looks.set(key, { reference: key, platform: '*', digest });
  }
  return {
    startedAt,
    looks: [...looks.values()],
    findings: record.findings.map((finding) => ({
      id: finding.id,
      class: finding.class,
      reference: finding.reference ? lookKey(finding.reference) : finding.written,
      file: finding.file,
      news: finding.news,
    })),
  };
}

/** What the tag names now, as far as the run learnt it. */
function namedByTag(resolution: Resolution): Digest | undefined {
  switch (resolution.kind) {
    case 'moved':
      return resolution.after;
    case 'current':
      return resolution.digest;
    case 'unpinned':
    case 'broken':
      return resolution.latest;
    default:
      return undefined;
  }
}

/** The name under which looks are kept: the tag, whatever digest a use pins it to. */
export function lookKey({ registry, repository, tag }: { registry: string; repository: string; tag?: string }): string {
  return formatReference({ registry, repository, tag: tag ?? 'latest' });
}
