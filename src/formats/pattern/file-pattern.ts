/** Files, and how images stand in them, as a configuration has it. */
export interface FilePattern {
  /** Globs over paths. */
  readonly files: readonly string[];
  /** An expression with a group `reference`, or with `name` and perhaps `tag` and `digest`. */
  readonly match: string;
}

/** The name of the format of files that a configuration describes. */
export const patternName = 'pattern';
