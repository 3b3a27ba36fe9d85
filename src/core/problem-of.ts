import { messageOf, PlimsollError } from './errors.ts';
import type { Problem } from './problem.ts';
import { isRegistryCode, type RegistryCode } from './problem-code.ts';

/** Trouble on the way to one image. */
export interface RegistryProblem extends Problem {
  readonly code: RegistryCode;
}

/** Anything thrown while asking a registry, as a problem for the report. */
export function problemOf(error: unknown, subject: string): RegistryProblem {
  const message = messageOf(error);
  return { code: codeOf(error), message: message.startsWith(subject) ? message : `${subject}: ${message}`, subject };
}

function codeOf(error: unknown): RegistryCode {
  // What a registry's own answer meant is said by whoever read the answer.
  const own = (error as { problem?: unknown } | null)?.problem;
  if (isRegistryCode(own)) return own;
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
