/** How bad, in the words of CVSS and of the distributions; the worst first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

/** One published weakness, or one notice of a distribution. */
export interface Advisory {
  /** `CVE-2026-1234`, or the notice's own id when it names no CVE. */
  readonly id: string;
  /** Notices of the distribution that speak of it: `DSA-5678-1`, `USN-7000-1`, `RHSA-2026:0001`. */
  readonly notices: readonly string[];
  /** Absent where nobody rated it. */
  readonly severity?: Severity;
}

/** The worst of several; undefined when none is rated. */
export function worstSeverity(all: readonly (Severity | undefined)[]): Severity | undefined {
  return severities.find((one) => all.includes(one));
}

// One for all: `localeCompare` with these options finds its own anew each time, which takes twenty times as long.
let numbers: Intl.Collator | undefined;

/** CVE-2026-999 before CVE-2026-10000. */
export function byNumber(a: string, b: string): number {
  numbers ??= new Intl.Collator('en', { numeric: true });
  return numbers.compare(a, b);
}

/** The ids for a report's row: the notices first, which is what a distribution's readers search for, then the CVEs. */
export function advisoryIds(advisories: readonly Advisory[]): readonly string[] {
  const notices = new Set(advisories.flatMap((one) => one.notices).sort());
  const ids = new Set(advisories.map(({ id }) => id));
  return [...notices, ...[...ids].filter((id) => !notices.has(id)).sort(byNumber)];
}

/** Distributions have words of their own: Red Hat says Important and Moderate, Ubuntu negligible. */
export function severityOfWord(word: unknown): Severity | undefined {
  if (typeof word !== 'string') return undefined;
  const lower = word.toLowerCase();
  if (lower === 'important') return 'high';
  if (lower === 'moderate') return 'medium';
  if (lower === 'negligible') return 'low';
  return severities.find((one) => one === lower);
}
