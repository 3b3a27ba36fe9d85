export type ErrorCode =
  | 'REFERENCE'
  | 'DIGEST'
  | 'PLATFORM'
  | 'RANGE'
  | 'INTERPOLATION'
  | 'USAGE'
  | 'CONFIG'
  | 'REGISTRY'
  | 'HTTP'
  | 'DIGEST_MISMATCH'
  | 'LAYER'
  | 'FORGE'
  | 'STATE'
  | 'LOCKED'
  | 'OUTPUT'
  | 'CANCELLED';

/**
 * Thrown when a unit of work cannot go on. Callers branch on `code`, never on the message; the message says what was
 * attempted, what came back and what to do, in lower case and without a trailing dot.
 */
export class PlimsollError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PlimsollError';
    this.code = code;
  }
}

/** The message of anything thrown, without stack and on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s*\n\s*/g, ' ');
}
