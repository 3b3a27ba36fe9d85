import type { Problem } from '../../core/problem.ts';

/** Ends the reading of one repository, or of one index; caught where the others go on. */
export class ArchiveTrouble extends Error {
  readonly problem: Problem;
  /** The repository is there, and may not be believed. */
  readonly isRefusal: boolean;

  constructor(code: string, message: string, isRefusal = false) {
    super(message);
    this.name = 'ArchiveTrouble';
    this.problem = { code, message };
    this.isRefusal = isRefusal;
  }
}
