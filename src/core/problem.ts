import { messageOf, PlimsollError } from './errors.ts';
import { isRegistryCode, type ProblemCode, type RegistryCode } from './problem-code.ts';

/**
 * Expected trouble with one image, file, repository or channel, as a value. Problems travel beside the result
 * and end in the report; they are never thrown.
 */
export interface Problem {
  /** A stable word for programs, such as `file-too-large` or `registry-denied`. */
  readonly code: ProblemCode;
  /** One sentence for people: what was tried, what came back, what to do. */
  readonly message: string;
  /** What it is about: `file:line`, a reference, a path inside an image. */
  readonly subject?: string;
  /** Who could have answered, where that is not in the image or file itself: a host with its port, or a folder. */
  readonly host?: string;
  /** The file it is in, and the tree or repository of that. */
  readonly place?: { readonly scope: string; readonly file: string };
}

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
