import { messageOf, PlimsollError } from '../core/errors.ts';
import type { Problem } from '../core/problem.ts';
import { RegistryError } from './answers.ts';

/** Anything thrown while asking a registry, as a problem for the report. */
export function problemOf(error: unknown, subject: string): Problem {
  const message = messageOf(error);
  return { code: codeOf(error), message: message.startsWith(subject) ? message : `${subject}: ${message}`, subject };
}

function codeOf(error: unknown): string {
  if (error instanceof RegistryError) return error.problem;
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
