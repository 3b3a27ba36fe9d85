import type { ParsedFile } from '../../core/use.ts';
import { analyse } from './analyse.ts';

/**
 * The image uses and package pins of a Dockerfile, as BuildKit would read it with no build arguments. Never throws.
 * Source: docs.docker.com/reference/dockerfile and the sources of BuildKit's frontend/dockerfile named in each file.
 */
export function parseDockerfile(text: string, file?: string): ParsedFile {
  const { uses, pins, stages, rootfs, problems } = analyse(text, file);
  return { uses: uses.map(({ use }) => use), pins: pins.map(({ pin }) => pin), stages, rootfs, problems };
}
