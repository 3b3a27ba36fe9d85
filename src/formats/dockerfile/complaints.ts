import { limits } from '../../core/limits/limits.ts';
import type { Problem } from '../../core/problem.ts';
import type { Complaint } from './syntax/instructions.ts';

/** What a file is called in subjects before `parse` knows its name. */
export const unnamed = 'Dockerfile';

/** What cannot be understood in one file. */
export class Complaints {
  readonly #all: Complaint[] = [];

  add(complaint: Complaint): void {
    this.#all.push(complaint);
  }

  /** By line; beyond a limit only how many there are. */
  problems(): readonly Problem[] {
    const first = this.#all.toSorted((a, b) => a.line - b.line).slice(0, limits.file.problems.most);
    const left = this.#all.length - first.length;
    const line = first.at(-1)?.line ?? 1;
    if (left > 0) first.push({ code: 'more-problems', message: `${left} more problems are not listed`, line });
    return first.map(({ code, message, line }) => ({ code, message, subject: `${unnamed}:${line}` }));
  }
}
