import { messageOf, PlimsollError } from './errors.ts';
import type { Problem } from './problem.ts';

/** Anything thrown while asking a registry, as a problem for the report. */
export function problemOf(error: unknown, subject: string): Problem {
  const message = messageOf(error);
  return { code: codeOf(error), message: message.startsWith(subject) ? message : `${subject}: ${message}`, subject };
}

function codeOf(error: unknown): string {
  // What a registry's own answer meant is said by whoever read the answer.
  const own = (error as { problem?: unknown } | null)?.problem;
  if (typeof own === 'string') return own;
  switch (error instanceof PlimsollError ? error.code : undefined) {
    case 'DIGEST_MISMATCH':
      return 'digest-mismatch';
    case 'HTTP':
      return 'registry-unreachable';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return 'registry-failed';
  }
}
