import type { Finding } from '../../core/finding.ts';
import { limits } from '../../core/limits/limits.ts';
import type { RunRecord } from '../../core/run-record.ts';

/** What later steps of a workflow read; every value is text, and empty where there is nothing to say. */
export interface JobOutputs {
  /** `true` or empty, so that it may be tested for being there. */
  readonly 'needs-rebuild': string;
  /** `true` or empty: somebody can have a security fix today. */
  readonly 'fix-available': string;
  /** How many image uses could not be looked up; empty for none. */
  readonly unknown: string;
  /** How many image uses have a question that nobody answered; empty for none. */
  readonly unchecked: string;
  /** JSON: `{ findings, truncated }`. */
  readonly findings: string;
  /** JSON: addresses of the open pull requests of ours that the run looked at. */
  readonly 'pull-requests': string;
}

/** The outputs of a run. The findings are cut to 64 KiB: package rows go first, then findings from the end. Pure. */
export function jobOutputs({ summary, findings, proposals = [] }: RunRecord): JobOutputs {
  const urls = proposals.flatMap(({ kind, url, isOver }) =>
    url === undefined || isOver || kind === 'closed' ? [] : [url],
  );
  return {
    'needs-rebuild': summary.needsRebuild === true ? 'true' : '',
    'fix-available': summary.fixAvailable === true ? 'true' : '',
    unchecked: summary.unchecked > 0 ? String(summary.unchecked) : '',
    unknown: summary.unknown > 0 ? String(summary.unknown) : '',
    findings: fitted(findings),
    'pull-requests': JSON.stringify([...new Set(urls)]),
  };
}

function fitted(findings: readonly Finding[]): string {
  const whole = listed(findings, '],"truncated":false}');
  if (whole.isWhole) return whole.text;
  return listed(
    findings.map(({ packages: _, ...finding }) => finding),
    '],"truncated":true}',
  ).text;
}

/** As many as have room: all of them together may be longer than a text can be. */
function listed(findings: readonly Finding[], tail: string): { readonly text: string; readonly isWhole: boolean } {
  const head = '{"findings":[';
  let left = limits.report.jobFindings.most - head.length - tail.length + 1;
  const kept: string[] = [];
  for (const finding of findings) {
    const text = JSON.stringify(finding);
    left -= Buffer.byteLength(text) + 1;
    if (left < 0) break;
    kept.push(text);
  }
  return { text: `${head}${kept.join(',')}${tail}`, isWhole: kept.length === findings.length };
}
