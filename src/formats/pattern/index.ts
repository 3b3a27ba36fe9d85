/*
 * src/formats/pattern/
 *
 * Kinds of files that a configuration describes: which they are, and expressions that find the images in them. This file
 * makes a format of such descriptions (file-pattern.ts), pattern-reader.ts reads files of it, pattern-matches.ts finds with bounded work.
 * What is done with what is found is in ../text/image-values.ts.
 * Begin with pattern-reader.ts.
 */

import { fileGlob } from '../../core/patterns.ts';
import type { Format } from '../format.ts';
import { type FilePattern, patternName } from './file-pattern.ts';

/** The format of files that a configuration describes. Its `load` throws PlimsollError 'CONFIG' for an expression that is of no use. */
export function patternFormat(patterns: readonly FilePattern[]): Format {
  const globs = patterns.flatMap(({ files }) => files.map(fileGlob));
  return {
    name: patternName,
    reads: `files of configured patterns (${patterns.flatMap(({ files }) => files).join(', ')})`,
    matches: (path) => (globs.some((glob) => glob.test(path)) ? 'yes' : 'no'),
    load: async () => (await import('./pattern-reader.ts')).patternReader(patterns),
  };
}
