import { entries, items, type Value } from '../text/value-tree.ts';
import type { Block, Body } from './hcl-reader.ts';

/** How many labels blocks at the top of a file have; those of other types have none. */
const labelled: Readonly<Record<string, number>> = { resource: 2, data: 2, variable: 1 };

/**
 * Terraform's JSON as the blocks that it stands for (developer.hashicorp.com/terraform/language/syntax/json): labels are
 * keys, and a block that is written several times is a list. Which key of a resource is a block and which an attribute only its
 * provider knows, so an object is both.
 */
export function bodyOfJson(root: Value | undefined): Body {
  const blocks = entries(root).flatMap(([type, value]) => blocksOf(type, value, labelled[type] ?? 0, []));
  return { attributes: new Map(), blocks };
}

function blocksOf(type: string, value: Value, labels: number, known: readonly string[]): readonly Block[] {
  if (value.kind === 'list') return items(value).flatMap((one) => blocksOf(type, one, labels, known));
  if (value.kind !== 'object') return [];
  if (labels > known.length)
    return entries(value).flatMap(([label, one]) => blocksOf(type, one, labels, [...known, label]));
  const own = entries(value);
  const inner = own.flatMap(([key, one]) => blocksOf(key, one, 0, []));
  return [{ type, labels: known, body: { attributes: new Map(own), blocks: inner } }];
}
