import type { Logger } from './logger.ts';
import type { Problem } from './problem.ts';

/** Trouble that belongs to no single image, such as a login that a registry refused; each is said once per run. */
export class ProblemLog {
  readonly #logger: Logger;
  readonly #problems = new Map<string, Problem>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(problem: Problem): void {
    const key = `${problem.code} ${problem.subject ?? ''}`;
    if (this.#problems.has(key)) return;
    this.#problems.set(key, problem);
    this.#logger.warn(problem.message);
  }

  get all(): readonly Problem[] {
    return [...this.#problems.values()];
  }
}
