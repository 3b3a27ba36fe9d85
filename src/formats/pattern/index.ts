/*
 * src/formats/pattern/
 *
 * Kinds of files that a configuration describes: which they are, and an expression that finds the images in them.
 * pattern-format.ts makes a format of such a description, pattern-matches.ts finds with bounded work. What is done with what
 * is found is in ../text/image-values.ts.
 * Begin with pattern-format.ts.
 */

export { type FilePattern, patternFormat } from './pattern-format.ts';
