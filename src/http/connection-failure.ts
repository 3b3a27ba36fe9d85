import { messageOf } from '../core/errors.ts';

/** What a failed connection means, in words; node-fetch's own sentence repeats the address, secrets included. */
export function connectionFailure(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return 'the connection was closed before the answer was complete';
    case 'ENOTFOUND':
      return 'no such host';
    case 'EAI_AGAIN':
      return 'the name could not be resolved';
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the host could not be reached';
    default:
      return typeof code === 'string'
        ? `failed (${code})`
        : messageOf(error).replace(/^request to \S+ failed, reason: /, '');
  }
}
