import { dockerfile } from './dockerfile/index.ts';
import type { Format } from './format.ts';

/** Every kind of file that is read; of several that know a name or a text, the first takes it. */
export const formats: readonly Format[] = [dockerfile];
