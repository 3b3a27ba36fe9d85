import type { Severity } from '../core/advisory.ts';

/** Weights of the base metrics. Source: CVSS v3.1 specification, section 7.4. */
const weights = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  impact: { H: 0.56, L: 0.22, N: 0 },
  PR: { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } },
} as const;

/**
 * The rating of a CVSS v3 vector by its base score. Source: CVSS v3.1 specification, sections 5 and 7.1. Undefined for
 * any other text; v2 and v4 vectors are not scored.
 */
export function ratingOf(vector: string): Severity | undefined {
  const score = baseScore(vector);
  if (score === undefined || score === 0) return undefined;
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : 'low';
}

/**
 * The base score of a CVSS 3.0 or 3.1 vector, 0 to 10; undefined for another version or a vector that lacks a metric.
 * Source: section 7.1.
 */
export function baseScore(vector: string): number | undefined {
  if (!/^CVSS:3\.[01]\//.test(vector)) return undefined;
  const metrics = new Map(vector.split('/').map((part) => part.split(':', 2) as [string, string]));
  const pick = (table: Readonly<Record<string, number>>, metric: string): number =>
    table[metrics.get(metric) ?? ''] ?? Number.NaN;
  const scope = metrics.get('S');
  if (scope !== 'U' && scope !== 'C') return undefined;
  const [c, i, a] = ['C', 'I', 'A'].map((metric) => pick(weights.impact, metric)) as [number, number, number];
  const base = 1 - (1 - c) * (1 - i) * (1 - a);
  const impact = scope === 'U' ? 6.42 * base : 7.52 * (base - 0.029) - 3.25 * (base - 0.02) ** 15;
  const exploitability =
    8.22 * pick(weights.AV, 'AV') * pick(weights.AC, 'AC') * pick(weights.PR[scope], 'PR') * pick(weights.UI, 'UI');
  const sum = impact + exploitability;
  if (Number.isNaN(sum)) return undefined;
  if (impact <= 0) return 0;
  return roundUp(Math.min(scope === 'U' ? sum : 1.08 * sum, 10));
}

/** Up to one decimal, without the noise of floating point. Source: CVSS v3.1 specification, appendix A. */
function roundUp(value: number): number {
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}
