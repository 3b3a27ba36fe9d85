import { isMap, isSeq, type Node, type YAMLMap } from 'yaml';
import type * as z from 'zod';
import { PlimsollError } from '../core/errors.ts';
import { limits } from '../core/limits/limits.ts';
import { didYouMean } from '../core/nearest-word.ts';
import { type KeyPath, keyText, type LinedDocument, lineOf } from './key-lines.ts';
import { jsonSchema, operatorSchema, repositorySchema } from './schema.ts';

/** Who wrote a configuration: whoever runs Plimsoll, or whoever can commit to a repository it looks at. */
export type Trust = 'operator' | 'repository';

/** A configuration as it stands in its file, to say where something is wrong. */
export interface ConfigSource extends LinedDocument {
  readonly file: string;
}

/** `file:line: key: what is wrong; what is allowed`. */
export function configError(source: ConfigSource, keys: KeyPath, what: string): PlimsollError {
  return new PlimsollError('CONFIG', sentence(source, keys, what));
}

/** One error for everything a schema complains about, a line each. */
export function schemaError(issues: readonly z.core.$ZodIssue[], source: ConfigSource, trust: Trust): PlimsollError {
  const complaints = issues.flatMap((issue) => complaintsOf(issue, source, trust));
  const shown = complaints.slice(0, limits.tree.complaints.most).map(({ keys, what }) => sentence(source, keys, what));
  const more = complaints.length - shown.length;
  return new PlimsollError('CONFIG', [...shown, ...(more > 0 ? [`${source.file}: and ${more} more`] : [])].join('\n'));
}

/** The same one by one, without the file. */
export function complaintsAt(
  issues: readonly z.core.$ZodIssue[],
  source: ConfigSource,
): { readonly line: number; readonly what: string }[] {
  return issues
    .flatMap((issue) => complaintsOf(issue, source, 'repository'))
    .map(({ keys, what }) => ({ line: lineOf(source, keys), what: `${printable(keys.join('.'))}: ${what}` }));
}

interface Complaint {
  readonly keys: KeyPath;
  readonly what: string;
}

function complaintsOf(issue: z.core.$ZodIssue, source: ConfigSource, trust: Trust): Complaint[] {
  const keys = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ keys: [...keys, key], what: unknownKey([...keys, key], trust, source) }));
    case 'invalid_key':
      return [{ keys, what: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_value':
      return [{ keys, what: noSuchWord(keys, issue.values, source) }];
    case 'invalid_union': {
      const words = 'options' in issue ? (issue.options ?? []) : wordsOf(issue);
      const own = issue.message.startsWith('expected ') ? issue.message : undefined;
      return [{ keys, what: noSuchWord(keys, words, source, own) }];
    }
    case 'invalid_type': {
      // A schema's own words say more than the type that it wants.
      const own = issue.message.startsWith('expected ') ? issue.message : undefined;
      const expected = own ?? `expected ${typeNames[issue.expected] ?? issue.expected}`;
      return [{ keys, what: source.document.hasIn(keys) ? expected : `missing; ${expected}` }];
    }
    case 'too_small':
      return [{ keys, what: issue.origin === 'array' ? 'expected at least one entry' : atLeast(issue) }];
    case 'too_big':
      return [{ keys, what: `expected at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}` }];
    default:
      return [{ keys, what: issue.message }];
  }
}

/** What may stand at a place, in a schema's own words where it has some, and which word of it was probably meant. */
function noSuchWord(keys: KeyPath, words: readonly unknown[], { document }: ConfigSource, own?: string): string {
  const expected = own ?? `expected ${words.map((word) => JSON.stringify(word)).join(' or ')}`;
  if (!document.hasIn(keys)) return `missing; ${expected}`;
  const written = document.getIn(keys);
  const texts = words.filter((word) => typeof word === 'string');
  if (typeof written === 'string') return `${expected}${didYouMean(written, texts)}`;
  const known = keysAt(keys, { document }, 'every');
  const strange = isMap(written)
    ? written.items.map(({ key }) => keyText(key)).filter((key) => !known.includes(key))
    : [];
  return `${expected}${strange.map((key) => didYouMean(key, known)).find((one) => one !== '') ?? ''}`;
}

/** The words that a place takes beside other shapes. */
function wordsOf({ errors }: z.core.$ZodIssueInvalidUnion): readonly unknown[] {
  return errors.flat().flatMap((one) => (one.code === 'invalid_value' && one.path.length === 0 ? one.values : []));
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'keys with values',
  record: 'keys with values',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
};

function atLeast(issue: z.core.$ZodIssueTooSmall): string {
  return issue.origin === 'string' ? 'expected text that is not empty' : `expected at least ${issue.minimum}`;
}

function unknownKey(keys: KeyPath, trust: Trust, source: ConfigSource): string {
  const [first] = keys;
  if (trust === 'repository' && keys.length === 1 && typeof first === 'string' && first in operatorSchema.shape) {
    const allowed = Object.keys(repositorySchema.shape).join(', ');
    return `only whoever runs Plimsoll may set this: if that is you, name the file with --config; in a repository the keys are ${allowed}`;
  }
  const known =
    keys.length > 1
      ? keysAt(keys.slice(0, -1), source)
      : Object.keys((trust === 'operator' ? operatorSchema : repositorySchema).shape);
  const last = String(keys.at(-1));
  if (trust === 'repository' && known.includes(last))
    return 'only whoever runs Plimsoll may set this: if that is you, name the file with --config';
  const near = didYouMean(last, known);
  return `unknown key; the keys are ${known.join(', ')}${near === '' && keys.length <= 2 ? whereItIs(last) : near}`;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode;
  /** The keys of a record. */
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: SchemaNode;
  /** Kinds that their key `type` tells apart. */
  readonly oneOf?: readonly SchemaNode[];
  /** An object, or null. */
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
}

/** The keys that may stand at a place, from the JSON schema: of the shape that is meant there, or of every one. */
function keysAt(
  path: KeyPath,
  { document }: Pick<ConfigSource, 'document'>,
  shapes: 'meant' | 'every' = 'meant',
): string[] {
  let node = jsonSchema() as SchemaNode | undefined;
  for (const [index, key] of path.entries()) {
    node = typeof key === 'number' ? node?.items : (node?.properties?.[key] ?? node?.additionalProperties);
    const type = node?.oneOf && document.getIn([...path.slice(0, index + 1), 'type']);
    node = node?.oneOf?.find(({ properties }) => properties?.['type']?.const === type) ?? node;
    if (index === path.length - 1) {
      if (shapes === 'every') return [...new Set([node, ...(node?.anyOf ?? [])].flatMap(keysOf))];
      node = meant(node?.anyOf, document.getIn(path)) ?? node;
    }
  }
  return keysOf(node);
}

/** By key, where it may stand below the top. */
let places: ReadonlyMap<string, ReadonlySet<string>> | undefined;

/** Where a key belongs that does not belong here, as long as that is few places. */
function whereItIs(key: string): string {
  places ??= placesOfKeys();
  const found = [...(places.get(key) ?? [])];
  return found.length === 0 || found.length > 3 ? '' : `; ${key} is a key of ${found.join(' and of ')}`;
}

function placesOfKeys(): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  const visit = (
    { properties = {}, items, additionalProperties, oneOf = [], anyOf = [] }: SchemaNode,
    path: string,
  ) => {
    for (const [key, one] of Object.entries(properties)) {
      if (path !== '') all.set(key, (all.get(key) ?? new Set()).add(path));
      visit(one, path === '' ? key : `${path}.${key}`);
    }
    if (items) visit(items, `${path}[]`);
    if (additionalProperties) visit(additionalProperties, `${path}.NAME`);
    for (const one of [...oneOf, ...anyOf]) visit(one, path);
  };
  visit(jsonSchema() as SchemaNode, '');
  return all;
}

function keysOf(node: SchemaNode | undefined): string[] {
  return [...Object.keys(node?.properties ?? {}), ...(node?.propertyNames?.enum ?? [])];
}

/** Of several shapes, the one that has most of the keys that are there; of an object or null, the object. */
function meant(shapes: readonly SchemaNode[] = [], written: unknown): SchemaNode | undefined {
  const keys = isMap(written) ? written.items.map(({ key }) => keyText(key)) : [];
  const shared = (one: SchemaNode): number => keys.filter((key) => keysOf(one).includes(key)).length;
  return shapes
    .filter((one) => keysOf(one).length > 0)
    .reduce<SchemaNode | undefined>(
      (best, one) => (best === undefined || shared(one) > shared(best) ? one : best),
      undefined,
    );
}

function sentence(source: ConfigSource, keys: KeyPath, what: string): string {
  const key = keys.length === 0 ? 'the file' : keys.join('.');
  return `${source.file}:${lineOf(source, keys)}: ${printable(key)}: ${what}`;
}

/** Keys are text from a file that somebody else may have written: no control character reaches the terminal. */
function printable(key: string): string {
  return key
    .slice(0, limits.tree.configKey.most)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/**
 * Refuses a key that is given twice in one map: neither could win unseen. (The parser's own check compares every key
 * with every other; this one stays quick on a file made of keys.)
 */
export function refuseDuplicates(source: ConfigSource): void {
  const waiting: { node: unknown; keys: KeyPath }[] = [{ node: source.document.contents, keys: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, keys } = next;
    if (isMap(node)) waiting.push(...valuesOf(node, keys, source));
    else if (isSeq(node))
      for (const [index, item] of node.items.entries()) waiting.push({ node: item, keys: [...keys, index] });
  }
}

function valuesOf(map: YAMLMap, keys: KeyPath, source: ConfigSource): { node: unknown; keys: KeyPath }[] {
  const seen = new Map<string, number>();
  const values: { node: unknown; keys: KeyPath }[] = [];
  for (const { key, value } of map.items) {
    const name = keyText(key);
    const offset = (key as Node | null)?.range?.[0] ?? 0;
    const first = seen.get(name);
    if (first !== undefined) {
      const [here, there] = [source.lines.linePos(offset).line, source.lines.linePos(first).line];
      throw new PlimsollError(
        'CONFIG',
        `${source.file}:${here}: ${printable([...keys, name].join('.'))}: given twice, first on line ${there}`,
      );
    }
    seen.set(name, offset);
    values.push({ node: value, keys: [...keys, name] });
  }
  return values;
}

/** What is wrong with the text, without the place. */
export function yamlTrouble(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'MULTIPLE_DOCS') {
    return 'it holds several documents, with "---" between them; a configuration is one';
  }
  const [what = ''] = error.message.replace(/\s+/g, ' ').split(' at line ');
  return what;
}
