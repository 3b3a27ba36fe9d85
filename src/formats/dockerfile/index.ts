/*
 * src/formats/dockerfile/
 *
 * Dockerfiles, by BuildKit's rules. analyse.ts walks through the instructions once and knows everything about a file;
 * parse.ts gives of it what others see. syntax/ reads instructions and expands variables, and keeps for every character
 * where it was typed; pins/ reads shell commands for packages that are installed; edit/ changes digests and versions
 * and proves it. Why it is our own: docs/decisions/0003-own-dockerfile-reader.md.
 * Begin with analyse.ts.
 */

import type { Format } from '../format.ts';
import { matchesName } from './names.ts';

export const dockerfile: Format = {
  name: 'dockerfile',
  reads: 'Dockerfiles (Dockerfile, Dockerfile.*, *.Dockerfile, Containerfile, or what begins with FROM)',
  matches: matchesName,
  load: async () => (await import('./recognise.ts')).dockerfileReader,
};
