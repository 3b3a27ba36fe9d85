import type { FormatReader } from '../format.ts';
import { type FoundValues, type ImageValue, valuesReader } from '../text/image-values.ts';
import type { StringValue, Value } from '../text/value-tree.ts';
import { type Block, type Body, readHcl } from './hcl-reader.ts';
import type { Variables } from './hcl-template.ts';

/** What a format knows of its files. */
export interface HclTable {
  readonly name: string;
  /** Can a text be of it at all? Cheap, before anything is read. */
  mayHold(text: string): boolean;
  /** Is a file of it, for names that do not tell? */
  isOwn(body: Body): boolean;
  images(body: Body, text: string): readonly ImageValue[];
  /** Is it written for a program that makes HCL of it? Asked about what is none. */
  isTemplate?(text: string): boolean;
}

/** The reader of files of a table. */
export function hclReader(table: HclTable): FormatReader {
  return valuesReader({
    name: table.name,
    recognises: (text) => table.mayHold(text) && table.isOwn(readHcl(text).body),
    find: (text) => {
      if (!table.mayHold(text)) return { values: [], problems: [] };
      const { body, error } = readHcl(text);
      if (error !== undefined && table.isTemplate?.(text)) {
        const message = 'a template that another program makes the file of; images in it are not read';
        return { values: [], problems: [{ code: 'file-template', message, offset: error.offset }] };
      }
      return withError(table.images(body, text), error && { ...error, code: 'hcl-invalid', language: 'HCL' });
    },
  });
}

/** Values of a file that may be broken: nothing in it is changed then. */
export function withError(
  values: readonly ImageValue[],
  error:
    | {
        readonly message: string;
        readonly offset: number;
        readonly code: 'hcl-invalid' | 'json-invalid';
        readonly language: string;
      }
    | undefined,
): FoundValues {
  if (error === undefined) return { values, problems: [] };
  const { message, offset, code, language } = error;
  return {
    values: values.map((one) => ({ ...one, fixed: 'the file has errors; repair it first' })),
    problems: [{ code, message: `not ${language}: ${message}; nothing in it is changed`, offset }],
  };
}

/** Blocks of a type, of the first label where one is wanted, at any depth. */
export function blocksIn(body: Body, type: string, label?: string): readonly Block[] {
  return body.blocks.flatMap((block) => [
    ...(block.type === type && (label === undefined || block.labels[0] === label) ? [block] : []),
    ...blocksIn(block.body, type, label),
  ]);
}

/** What a file says of its variables: `variable` blocks with their defaults, and `locals`, as expressions name them. */
export function declaredVariables(text: string, { blocks }: Body): Variables {
  const declared = blocks.flatMap(({ type, labels: [name], body: { attributes } }): [string, Value | undefined][] => {
    if (type === 'locals') return [...attributes].map(([key, value]) => [`local.${key}`, value]);
    return type === 'variable' && name !== undefined ? [[`var.${name}`, attributes.get('default')]] : [];
  });
  return variablesOf(text, declared, 1);
}

/**
 * Variables by the names that expressions have for them, and what they stand for. `once`: how often the text has such a
 * name when the variable is used in one place.
 */
export function variablesOf(
  text: string,
  declared: readonly (readonly [name: string, value: Value | undefined])[],
  once: number,
): Variables {
  const known = new Map(declared);
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(/\w[\w.-]*/g)) if (known.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return {
    literal: (name): StringValue | undefined => {
      const value = known.get(name);
      return value?.kind === 'string' ? value : undefined;
    },
    isBare: (name) => known.has(name) && known.get(name) === undefined,
    isShared: (name) => (counts.get(name) ?? 0) > once,
  };
}
