import type { TextRange } from '../../core/parsed-file.ts';
import { fileGlob } from '../../core/patterns.ts';
import type { FormatReader } from '../format.ts';
import { type FoundValues, type ImageValue, type Unread, valuesReader } from '../text/image-values.ts';
import { join, type Traced, typed, untied } from '../text/traced.ts';
import { type FilePattern, patternName } from './file-pattern.ts';
import { type Groups, readExpression } from './pattern-matches.ts';

/**
 * Reads files that a configuration describes, each by all patterns that are for it. Throws PlimsollError 'CONFIG' for an
 * expression that is of no use, with the form that is meant.
 */
export function patternReader(patterns: readonly FilePattern[]): FormatReader {
  const compiled = patterns.map(({ files, match }) => ({
    globs: files.map(fileGlob),
    expression: readExpression(match),
  }));
  return valuesReader({
    name: patternName,
    // They are for the files that were named with them.
    recognises: () => false,
    find: (text, _beside, file): FoundValues => {
      const own = compiled.filter(({ globs }) => file === undefined || globs.some((glob) => glob.test(file)));
      const all = own.map(({ expression }) => expression.matches(text));
      const message = 'its pattern matches too often to look for it to the end of the file';
      return {
        values: all.flatMap(({ found }) => found.flatMap((groups) => valueOf(text, groups))),
        problems: all.every(({ isWhole }) => isWhole) ? [] : [{ code: 'file-too-long', message, offset: 0 }],
      };
    },
  });
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
