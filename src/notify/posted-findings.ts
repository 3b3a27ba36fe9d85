import type { Finding } from '../core/finding.ts';
import { limits } from '../core/limits/limits.ts';

/**
 * The findings of a report that is posted in one piece. Thousands of places may use one image, each with the rows of its
 * packages: findings beyond the bound have none, and `truncated` says so.
 */
export function withRoom(findings: readonly Finding[]): {
  readonly findings: readonly Finding[];
  readonly truncated?: true;
} {
  let left = limits.message.postedRows.most;
  const shown = findings.map((finding): Finding => {
    const { packages = [], ...rest } = finding;
    if (packages.length > left) return rest;
    left -= packages.length;
    return finding;
  });
  return { findings: shown, ...(shown.some((one, index) => one !== findings[index]) && { truncated: true }) };
}
