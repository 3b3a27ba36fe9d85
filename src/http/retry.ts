// ECONNREFUSED, ENOTFOUND and certificate errors say the same thing again when asked again.
const passing = new Set([
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
]);

/** Is a second attempt worth it after this status? RFC 9110: 501 and 505 are statements, not accidents. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status === 408 || (status >= 500 && status !== 501 && status !== 505);
}

/** Could the same request succeed in a moment? By the code of a failed connection. */
export function isPassingError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && passing.has(code);
}

/**
 * Milliseconds from a `Retry-After` header, seconds or an HTTP date (RFC 9110 §10.2.3); undefined when absent or nonsense.
 */
export function parseRetryAfter(value: string | null | undefined, now: number): number | undefined {
  if (!value) return undefined;
  const text = value.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse finds a date in nearly anything (`-5` is May 2001), and takes the form without a zone as local time.
  if (!/\d:\d\d:\d\d/.test(text)) return undefined;
  const date = Date.parse(/(GMT|UTC|Z)$/i.test(text) ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Exponential back-off with jitter, up to some seconds. `random` is in [0, 1). Milliseconds. */
export function backOff(attempt: number, random: number): number {
  return Math.round(Math.min(4000, 250 * 2 ** attempt) * (0.5 + random));
}
