import { isMap, isSeq, type Node, Scalar } from 'yaml';
import { limits } from '../../core/limits/limits.ts';
import type { TextRange } from '../../core/parsed-file.ts';
import type { FileBeside, FormatReader, OrderedBuild } from '../format.ts';
import { type FoundValues, type ImageValue as ImageIn, type ValuesBeside, valuesReader } from '../text/image-values.ts';
import { rangeOf, type Traced } from '../text/traced.ts';
import {
  parseSegment,
  resolved,
  scalarOf,
  segmentsOf,
  tracedScalar,
  valueRange,
  type YamlDocument,
} from './yaml-documents.ts';

/** A value in which an image is named, as a format's table finds it. */
export type ImageValue = ImageIn<Scalar>;

/** What a format knows of its files. */
export interface YamlTable {
  readonly name: string;
  /** Can a text be of it at all? Cheap, before anything is parsed. */
  mayHold(text: string): boolean;
  /** Is a document of it, for files whose names do not tell? */
  isOwn(document: YamlDocument): boolean;
  /** Where images stand in a document; of a file whose name tells, every document is looked at. */
  images(document: YamlDocument, beside: ValuesBeside | undefined): readonly ImageValue[];
  /** The builds that a document orders, with paths from the tree's top; asked about texts with build arguments, unless all are wanted. */
  builds?(document: YamlDocument, file: string, beside: FileBeside | undefined): readonly OrderedBuild[];
  /** The name of a file in the same folder that says more. */
  readonly beside?: string;
}

/** The reader of files of a table. */
export function yamlReader(table: YamlTable): FormatReader {
  const kept = new Map<string, FoundValues>();
  let characters = 0;
  const forget = (text: string): void => {
    if (kept.delete(text)) characters -= text.length;
  };
  const keep = (text: string): void => {
    forget(text);
    kept.set(text, valuesIn(text, table, undefined));
    characters += text.length;
    for (const oldest of kept.keys()) {
      if (characters <= limits.file.yamlKept.most) break;
      forget(oldest);
    }
  };
  return valuesReader({
    name: table.name,
    recognises: (text) => {
      if (!table.mayHold(text) || !documentsOf(text).some((one) => !one.isTemplate && table.isOwn(one))) return false;
      // Parsing is most of the work: what was parsed to be recognised is not parsed again to be read.
      if (table.beside === undefined) keep(text);
      return true;
    },
    ...(table.beside !== undefined && { beside: table.beside }),
    find: (text, beside) => {
      const found = kept.get(text) ?? valuesIn(text, table, beside);
      forget(text);
      return found;
    },
    ...(table.builds && {
      builds: (text, file, around, all = false) => {
        // Whoever orders a build says so, whatever the format.
        if (all ? !/build/.test(text) : !/args/.test(text) || !table.mayHold(text)) return [];
        const documents = documentsOf(text).filter(({ isTemplate, errors }) => !isTemplate && errors.length === 0);
        return documents.flatMap((one) => table.builds?.(one, file, around?.beside) ?? []);
      },
    }),
    // As `helm template` writes it over each document.
    isMade: (text) => /^# Source: \S+\/templates\/\S+/m.test(text),
    *prepare(text) {
      if (!table.mayHold(text) || last?.text === text) return;
      const documents: YamlDocument[] = [];
      for (const one of segmentsOf(text)) {
        documents.push(parseSegment(text, one));
        yield;
      }
      last = { text, documents };
    },
  });
}

/** The last file that was parsed: several formats may be asked about it, and then one of them reads it. */
let last: { readonly text: string; readonly documents: readonly YamlDocument[] } | undefined;

/** Every document of a file. */
export function documentsOf(text: string): readonly YamlDocument[] {
  if (last?.text !== text) last = { text, documents: segmentsOf(text).map((one) => parseSegment(text, one)) };
  for (const { budget } of last.documents) budget.left = limits.file.yamlSteps.most;
  return last.documents;
}

function valuesIn(text: string, table: YamlTable, beside: ValuesBeside | undefined): FoundValues {
  if (!table.mayHold(text)) return { values: [], problems: [] };
  const values: ImageIn[] = [];
  const problems: FoundValues['problems'][number][] = [];
  for (const document of documentsOf(text)) {
    const { start: offset } = document;
    const [error] = document.errors;
    if (document.isTemplate) {
      const message = 'a template that another program makes the file of; images in it are not read';
      problems.push({ code: 'file-template', message, offset });
      continue;
    }
    if (document.excess !== undefined) {
      problems.push({ code: 'file-too-long', message: document.excess, offset });
      continue;
    }
    if (error !== undefined) {
      const message = `not YAML: ${error.message}; nothing in this document is changed`;
      problems.push({ code: 'yaml-invalid', message, offset: error.offset });
    }
    for (const value of table.images(document, beside)) values.push(placed(document, value));
    if (document.budget.left < 0) {
      const message = 'its merged mappings multiply, and not all of them were read';
      problems.push({ code: 'file-too-long', message, offset });
    }
  }
  return { values, problems };
}

/** A value at its places in the file, and why it is not changed. */
function placed(document: YamlDocument, { at, ...value }: ImageValue): ImageIn {
  const scalars = [at.name, at.tag, at.digest].filter((one) => one !== undefined);
  const isTyped = value.inner || scalars.every((scalar) => rangeOf(tracedScalar(document, scalar)) !== undefined);
  const fixed =
    document.errors.length > 0
      ? 'the document has errors; repair it first'
      : isTyped
        ? value.fixed
        : 'it is written with escapes or over several lines; write it in one piece';
  const range = (scalar: Scalar): TextRange => valueRange(document, scalar);
  return {
    text: tracedScalar(document, at.name),
    ...value,
    at: { name: range(at.name), ...(at.tag && { tag: range(at.tag) }), ...(at.digest && { digest: range(at.digest) }) },
    ...(fixed !== undefined && { fixed }),
  };
}

/** What a place takes beside the name of an image: nothing, a mapping that says more, or whatever there is. */
export type Beside = 'nothing' | 'mapping' | 'anything';

/** A list or a mapping where a format wants a name, told by its first line; none where the place takes it. */
export function misplaced(
  document: YamlDocument,
  node: unknown,
  about: Pick<ImageValue, 'kind' | 'role'>,
  beside: Beside = 'nothing',
): ImageValue[] {
  const found = resolved(document, node);
  const isList = isSeq(found);
  // What has a tag of its own, as GitLab's `!reference`, is put together elsewhere.
  if (found?.tag?.startsWith('!')) return [];
  if (!(isList || isMap(found)) || beside === 'anything' || (beside === 'mapping' && !isList)) return [];
  const [start, end] = found.range ?? [0, 0];
  const [line = ''] = document.text.slice(document.start + start, document.start + end).split(/\r?\n/, 1);
  const name = Object.assign(new Scalar(line), { type: 'PLAIN' as const, range: [start, start + line.length, end] });
  const why = `${isList ? 'a list' : 'a mapping'} where the name of one image is wanted; nothing is read of it`;
  return [{ at: { name: name as Scalar }, ...about, skipped: 'invalid', why }];
}

/** The scalars that paths lead to, as values of one kind; what the place takes beside them is somebody else's. */
export function scalarValues(
  document: YamlDocument,
  nodes: readonly { readonly node: Node }[],
  about: Pick<ImageValue, 'kind' | 'role'>,
  read: (text: Traced) => ImageValue['text'] | 'none' = (text) => text,
  beside: Beside = 'nothing',
): ImageValue[] {
  return nodes.flatMap(({ node }): ImageValue[] => {
    const scalar = scalarOf(document, node);
    if (scalar === undefined) return misplaced(document, node, about, beside);
    const traced = tracedScalar(document, scalar);
    // Null and '' name nothing, and a boolean is somebody's switch.
    if (/^(?:|~|null|true|false)$/i.test(traced.text)) return [];
    const text = read(traced);
    return text === 'none' || text === undefined ? [] : [{ at: { name: scalar }, text, ...about }];
  });
}
