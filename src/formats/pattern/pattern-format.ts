import { PlimsollError } from '../../core/errors.ts';
import type { TextRange } from '../../core/parsed-file.ts';
import { fileGlob } from '../../core/patterns.ts';
import type { Format } from '../format.ts';
import { type FoundValues, type ImageValue, type Unread, valuesReader } from '../text/image-values.ts';
import { join, type Traced, typed, untied } from '../text/traced.ts';
import { type Groups, readExpression } from './pattern-matches.ts';

/** Files, and how images stand in them, as a configuration has it. */
export interface FilePattern {
  /** Globs over paths. */
  readonly files: readonly string[];
  /** An expression with a group `reference`, or with `name` and perhaps `tag` and `digest`. */
  readonly match: string;
}

/**
 * A kind of files that a configuration describes. Throws PlimsollError 'CONFIG' for an expression that is of no use, with
 * the form that is meant.
 */
export function patternFormat({ files, match }: FilePattern): Format {
  if (files.length === 0) {
    throw new PlimsollError('CONFIG', `the pattern ${JSON.stringify(match.slice(0, 200))} is for no files: name some`);
  }
  const expression = readExpression(match);
  const globs = files.map(fileGlob);
  const reader = valuesReader({
    name: 'pattern',
    // It is for the files that were named with it.
    recognises: () => false,
    find: (text): FoundValues => {
      const { found, isWhole } = expression.matches(text);
      const message = 'its pattern matches too often to look for it to the end of the file';
      return {
        values: found.flatMap((groups) => valueOf(text, groups)),
        problems: isWhole ? [] : [{ code: 'file-too-long', message, offset: 0 }],
      };
    },
  });
  return {
    name: 'pattern',
    reads: `files of the configured pattern for ${files.join(', ')}`,
    matches: (path) => (globs.some((glob) => glob.test(path)) ? 'yes' : 'no'),
    load: async () => reader,
  };
}

function valueOf(text: string, { reference, name = reference, tag, digest }: Groups): ImageValue[] {
  if (name === undefined) return [];
  const part = ({ start, end }: TextRange): Traced => typed(text, start, end);
  const whole = join([
    part(name),
    ...(tag ? [untied(':'), part(tag)] : []),
    ...(digest ? [untied('@'), part(digest)] : []),
  ]);
  const isSplit = reference === undefined && (tag !== undefined || digest !== undefined);
  return [
    {
      at: isSplit ? { name, ...(tag && { tag }), ...(digest && { digest }) } : { name },
      kind: 'pattern',
      role: 'runs',
      text: readText(whole),
    },
  ];
}

function readText(text: Traced): Traced | Unread {
  const isFilled = /\$\{|\$\(|\{\{|\{%|<%/.test(text.text);
  return isFilled ? { skipped: 'template', why: 'another program fills in a part of it' } : text;
}
