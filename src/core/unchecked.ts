import type { FindingClass } from './finding.ts';
import type { ImageReference } from './image/reference.ts';
import type { PlaceFields } from './place.ts';
import type { Problem } from './problem.ts';
import type { ProblemCode } from './problem-code.ts';

/** What is asked about a use beside its digest. */
export const questions = ['fixes', 'pins', 'end-of-life', 'newer-tag', 'signature'] as const;

export type Question = (typeof questions)[number];

/** Why a question has no answer. */
export interface Cause {
  /** Who could have answered: a host with its port, or the path of a folder. */
  readonly host: string;
  /** The code of the problem that was met there. */
  readonly code: ProblemCode;
  /** One sentence: what was tried and what came back. */
  readonly reason: string;
}

/** A question that could have been answered, and was not. */
export interface Unanswered extends Cause {
  readonly question: Question;
}

/**
 * A question that the settings ask about one use and that has no answer: `host`, `code` and `reason` are of the first
 * cause. A use with one of these is neither up to date nor behind, as far as that question goes.
 */
export interface Unchecked extends Unanswered, Omit<PlaceFields, 'format' | 'column' | 'kind' | 'stage' | 'final'> {
  /** The id that findings of the use have. */
  readonly id: string;
  readonly reference?: ImageReference;
  /** Every cause, the first one included. */
  readonly causes: readonly Cause[];
}

/** The classes that an answer could have given. */
export const classesOf: Readonly<Record<Question, readonly FindingClass[]>> = {
  fixes: ['security', 'lagging', 'stale'],
  pins: ['pin-broken', 'security', 'packages'],
  'end-of-life': ['end-of-life'],
  'newer-tag': ['newer-tag'],
  signature: ['security', 'packages', 'config', 'content'],
};

/** A problem as the cause of a question without an answer; `host` is taken where the problem names nobody. */
export function unanswered(question: Question, problem: Problem, host: string): Unanswered {
  const { code, message, subject } = problem;
  const about = subject === undefined || message.startsWith(subject) ? '' : `${subject}: `;
  return { question, host: problem.host ?? host, code, reason: `${about}${message}` };
}

/** Each cause once, in the order in which they were met. */
export function distinctCauses<T extends Cause>(causes: readonly T[]): readonly T[] {
  const known = new Map<string, T>();
  for (const one of causes) {
    const key = JSON.stringify([(one as Partial<Unanswered>).question ?? null, one.host, one.code]);
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}
