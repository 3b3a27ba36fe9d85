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
  | 'ENGINE'
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

/** The message of anything thrown, without stack and on one line; what a file system answers in words. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? (fileSystemWords(thrown) ?? thrown.message) : String(thrown);
  return text.replace(/\s*\n\s*/g, ' ');
}

/** Errors of a file system by their names in errno(3); Node writes them as `ENOENT: no such file or directory, scandir 'x'`. */
const fileSystemErrors: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'permission denied',
  EPERM: 'it is not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ELOOP: 'its symbolic links go in a circle',
  ENAMETOOLONG: 'its name is too long',
  EEXIST: 'it exists already',
  ENOTEMPTY: 'the folder is not empty',
  EBUSY: 'it is in use',
  ETXTBSY: 'it is being executed',
  EIO: 'the disk answers with an error',
  ESTALE: 'the network file system has lost it',
};

/** Only what names a path or an open file is of a file system: programs and sockets fail with the same names. */
function fileSystemWords(error: Error & { code?: unknown; syscall?: unknown }): string | undefined {
  const { code, syscall, message } = error;
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  if (/^(?:spawn|connect|getaddrinfo|listen|bind|kill)/.test(syscall)) return undefined;
  return message.startsWith(`${code}:`) ? fileSystemErrors[code] : undefined;
}
