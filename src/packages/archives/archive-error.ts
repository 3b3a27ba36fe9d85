import { PlimsollError } from '../../core/errors.ts';
import type { Problem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem-code.ts';

/** Ends the reading of one repository, or of one index; caught where the others go on. */
export class ArchiveTrouble extends Error {
  readonly problem: Problem;
  /** The repository is there, and may not be believed. */
  readonly isRefusal: boolean;

  /** `host`: who was asked, where that is not the address that the image names. */
  constructor(code: ProblemCode, message: string, isRefusal = false, host?: string) {
    super(message);
    this.name = 'ArchiveTrouble';
    this.problem = { code, message, ...(host !== undefined && { host }) };
    this.isRefusal = isRefusal;
  }
}

/** What an error means for one repository. Rethrows what is no trouble with an archive: the run was stopped, or a mistake of ours. */
export function troubleOf(error: unknown): { readonly problem: Problem; readonly isRefusal: boolean } {
  if (error instanceof ArchiveTrouble) return error;
  if (error instanceof PlimsollError && error.code === 'HTTP') {
    return { problem: { code: 'archive-unreachable', message: error.message }, isRefusal: false };
  }
  throw error;
}
