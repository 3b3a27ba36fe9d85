/** One bound on what comes from outside, or on a wait. */
export interface Limit {
  readonly most: number;
  /** `ratio`: so many to one. `speed`: bytes in a millisecond, at least. Characters are UTF-16 units. */
  readonly unit: 'count' | 'bytes' | 'characters' | 'milliseconds' | 'ratio' | 'speed';
  /** What is bounded. This and the others are sentences in Markdown, for docs/limits.md; no run prints them. */
  readonly what: string;
  /** Why it is this number. */
  readonly why: string;
  /** What is read, or what happens, when it is met. */
  readonly met: string;
}

export type Limits = Readonly<Record<string, Limit>>;
