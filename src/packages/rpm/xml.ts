import { StringDecoder } from 'node:string_decoder';
import type { QualifiedTag, Tag } from 'sax';
import { messageOf } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import { ArchiveTrouble } from '../archives/archive-error.ts';

/** An element, with the text that stands directly in it. Prefixes stay in names: `rpm:sourcerpm`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Who is told of the elements of a document, as they come. */
export interface XmlVisitor {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  /** `path` holds the names of the elements around it. */
  readonly close: (element: XmlElement, path: readonly string[]) => void;
  /** Of elements that are opened: false for those whose text nobody wants. */
  readonly wants: (name: string) => boolean;
}

/**
 * Walks an XML document as it comes. A document type is refused, so nobody's entities are expanded, and so is a depth or
 * an attribute that no repository has. Throws ArchiveTrouble, and what `pieces` throws.
 */
export async function readXml(pieces: AsyncIterable<Uint8Array>, name: string, visitor: XmlVisitor): Promise<void> {
  const { parser: makeParser } = (await import('sax')).default;
  const damaged = (why: string): ArchiveTrouble =>
    new ArchiveTrouble('archive-index-damaged', `cannot read ${name}: ${why}; try another mirror`, true);
  const parser = makeParser(true, { position: false });
  const path: string[] = [];
  const open: { attributes: Readonly<Record<string, string>>; text: string; isWanted: boolean }[] = [];
  let isEnded = false;
  parser.onerror = (error) => {
    throw damaged(messageOf(error).slice(0, 100));
  };
  parser.ondoctype = () => {
    throw damaged('it declares a document type, which no repository does');
  };
  let attributesHere = 0;
  parser.onattribute = () => {
    if (++attributesHere > limits.archive.xmlAttributes.most)
      throw damaged(`an element has more than ${limits.archive.xmlAttributes.most} attributes`);
  };
  parser.onopentag = (tag: Tag | QualifiedTag) => {
    attributesHere = 0;
    if (path.length >= limits.archive.xmlDepth.most)
      throw damaged(`its elements are nested deeper than ${limits.archive.xmlDepth.most}`);
    const attributes = tag.attributes as Record<string, string>;
    path.push(tag.name);
    open.push({ attributes, text: '', isWanted: visitor.wants(tag.name) });
    visitor.open?.(tag.name, attributes);
  };
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (current?.isWanted && current.text.length < limits.archive.xmlText.most)
      current.text += text.slice(0, limits.archive.xmlText.most);
  };
  parser.ontext = addText;
  parser.oncdata = addText;
  parser.onclosetag = (tag) => {
    path.pop();
    const { attributes = {}, text = '', isWanted = false } = open.pop() ?? {};
    if (isWanted) visitor.close({ name: tag, attributes, text: text.trim() }, path);
    isEnded ||= path.length === 0;
  };
  const decoder = new StringDecoder('utf8');
  for await (const piece of pieces) {
    parser.write(decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)));
  }
  parser.write(decoder.end());
  parser.close();
  if (!isEnded) throw damaged('it ends in the middle');
}
