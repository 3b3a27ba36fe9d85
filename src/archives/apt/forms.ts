import type { Form } from '../decode.ts';

/** The forms in which an index is read, the smallest first. Debian's security suite has nothing but xz. */
export const forms = ['.xz', '.gz', ''] as const satisfies readonly Form[];
