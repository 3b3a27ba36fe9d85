import { formatReference } from '../../../core/image/reference.ts';
import type { TextRange } from '../../../core/parsed-file.ts';
import { positions } from '../../text/lines.ts';
import { insertion, type Replacement, replaceTag, type Wish } from '../../text/replacement.ts';
import { rangeOf, slice, type Traced } from '../../text/traced.ts';
import type { Analysis } from '../analyse.ts';
import { type Definition, definitionAt, suppliers } from '../definitions.ts';
import type { LocatedUse } from '../uses.ts';

export type Plan =
  /** `otherwise`: a second best place, for when more than images turns out to hang on the first. */
  | {
      readonly kind: 'replace';
      readonly replacements: readonly Replacement[];
      readonly otherwise?: Replacement;
      /** Why, should it turn out to change more than is wanted. */
      readonly unproven?: string;
    }
  | { readonly kind: 'refuse'; readonly reason: string };

/** Knows of one file where edits must go. */
export interface Planner {
  /** Where what is wanted of the use with that index is to be written. */
  plan(index: number): Plan;
}

/**
 * Decides where each wanted digest goes. A digest that is there is replaced where its characters stand. A new one goes
 * behind the tag: into a `${…:-default}` or an ARG default that supplies the whole tag (or reference) to nothing but uses
 * that want this very digest, else behind the image word. Of a tag only the part that differs is replaced, where it was
 * typed. `wanted` maps indexes of the analysis's uses to wishes.
 */
export function planner(text: string, analysis: Analysis, wanted: ReadonlyMap<number, Wish>): Planner {
  const fed = usesByDefinition(analysis);
  const position = positions(text);

  const agreed = new Map<Definition, boolean>();
  /** Do all uses that a default feeds name the same image and want the same digest? */
  const agrees = (definition: Definition): boolean => {
    const known = agreed.get(definition);
    if (known !== undefined) return known;
    const wishes = (fed.get(definition) ?? []).map((index) => {
      const reference = analysis.uses[index]?.use.reference;
      return `${reference && formatReference(reference)} ${JSON.stringify(wanted.get(index))}`;
    });
    const result = new Set(wishes).size === 1;
    agreed.set(definition, result);
    return result;
  };

  const placed = new Map<Definition, string>();
  /** Once per ARG: it may feed every image of the file. */
  const placeOf = (definition: Definition): string => {
    const known = placed.get(definition);
    if (known !== undefined) return known;
    const { line } = position(definition.range.start);
    const also = (fed.get(definition) ?? []).map((index) => analysis.uses[index]?.use.line ?? 0);
    const place =
      `ARG ${definition.name} (line ${line}), which also feeds an image that is not to change the same way ` +
      `(lines ${[...new Set(also)].slice(0, 10).join(', ')}); give each image an ARG of its own`;
    placed.set(definition, place);
    return place;
  };
  const sharedReason = (what: string, definition: Definition): string => `the ${what} stands in ${placeOf(definition)}`;

  /** The ARG that a new tag would go into, when it feeds others as well. */
  const sharedTag = (replacements: readonly Replacement[]): { readonly unproven?: string } => {
    const [first] = replacements;
    const definition = first && definitionAt(analysis.definitions, first.range.start);
    const isShared = definition !== undefined && (fed.get(definition) ?? []).length > 1;
    return isShared ? { unproven: sharedReason('tag', definition) } : {};
  };

  const plan = (index: number): Plan => {
    const located = analysis.uses[index];
    const { digest, tag } = wanted.get(index) ?? {};
    const expanded = located?.expanded;
    if (!located || !expanded || (digest === undefined && tag === undefined)) {
      return { kind: 'refuse', reason: 'no image can be read at this place; write its name without variables' };
    }
    if (located.use.unset !== undefined) {
      const names = located.use.unset.join(', ');
      const reason = `${names} has no value in this file, and a build may be given one; give it a default with ARG before the first FROM`;
      return { kind: 'refuse', reason };
    }
    const at = expanded.text.indexOf('@');
    const isTyped = digest !== undefined && at >= 0 && rangeOf(slice(expanded, at + 1)) !== undefined;
    if (located.isGiven && (tag !== undefined || !isTyped)) {
      const reason =
        'another file orders this build with arguments of its own, and they decide what it is built on; change it there';
      return { kind: 'refuse', reason };
    }
    const retag = tag === undefined ? { replacements: [] } : replaceTag(located.use, expanded, tag);
    if ('reason' in retag) return { kind: 'refuse', reason: retag.reason };
    const unproven = sharedTag(retag.replacements);
    if (digest === undefined) return { kind: 'replace', replacements: retag.replacements, ...unproven };
    if (at < 0) {
      const [place, behindWord] = [newPlace(located, expanded), wordEnd(text, located.range)];
      const replacement = insertion(place, `@${digest}`);
      const replacements = [...retag.replacements, replacement];
      if (place === behindWord) return { kind: 'replace', replacements, ...unproven };
      return { kind: 'replace', replacements, otherwise: insertion(behindWord, `@${digest}`), ...unproven };
    }
    const range = rangeOf(slice(expanded, at + 1));
    if (range === undefined) {
      const reason = `the digest of ${JSON.stringify(located.use.written.slice(0, 200))} is put together from parts or cut out of a longer value; write it in one piece`;
      return { kind: 'refuse', reason };
    }
    const definition = definitionAt(analysis.definitions, range.start);
    if (definition && !agrees(definition)) return { kind: 'refuse', reason: sharedReason('digest', definition) };
    return { kind: 'replace', replacements: [...retag.replacements, { range, text: digest }], ...unproven };
  };

  const newPlace = (located: LocatedUse, expanded: Traced): number => {
    const tagged = located.use.reference?.tag !== undefined;
    const part = rangeOf(slice(expanded, tagged ? expanded.text.lastIndexOf(':') + 1 : 0));
    const end = wordEnd(text, located.range);
    if (part === undefined) return end;
    const definition = definitionAt(analysis.definitions, part.start);
    if (definition === undefined) {
      const inDefault = part.end < end && /^["'}]+$/.test(text.slice(part.end, end));
      return inDefault ? part.end : end;
    }
    const whole = part.end <= definition.range.end && !definition.inherited;
    return whole && agrees(definition) ? part.end : end;
  };

  return { plan };
}

function usesByDefinition({ uses, definitions }: Analysis): ReadonlyMap<Definition, readonly number[]> {
  const fed = new Map<Definition, number[]>();
  for (const [index, { expanded }] of uses.entries()) {
    for (const definition of expanded ? suppliers(definitions, expanded) : []) {
      const indexes = fed.get(definition);
      if (indexes === undefined) fed.set(definition, [index]);
      else indexes.push(index);
    }
  }
  return fed;
}

/** The end of the typed word, inside its closing quote. */
function wordEnd(text: string, { start, end }: TextRange): number {
  const last = text.charAt(end - 1);
  return (last === '"' || last === "'") && end - 1 > start ? end - 1 : end;
}
