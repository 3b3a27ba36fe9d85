import { dockerfile } from './dockerfile/index.ts';
import type { Format } from './format.ts';

/** Every kind of file that is read. The first one takes what a person names explicitly and none recognises. */
export const formats: readonly Format[] = [dockerfile];
