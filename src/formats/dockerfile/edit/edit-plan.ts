import type { Digest } from '../../../core/image/digest.ts';
import { formatReference } from '../../../core/image/reference.ts';
import type { TextRange } from '../../../core/parsed-file.ts';
import type { Analysis } from '../analyse.ts';
import { type Definition, definitionAt, suppliers } from '../definitions.ts';
import { positions } from '../syntax/lines.ts';
import { rangeOf, slice, type Traced } from '../syntax/traced.ts';
import type { LocatedUse } from '../uses.ts';

/** New text for a range of the file. */
export interface Replacement {
  readonly range: TextRange;
  readonly text: string;
}

/** What a use is wanted to name: another digest, another tag, or both. */
export interface Wish {
  readonly digest?: Digest;
  readonly tag?: string;
}

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
    const retag = tag === undefined ? { replacements: [] } : replaceTag(located, expanded, tag);
    if ('reason' in retag) return { kind: 'refuse', reason: retag.reason };
    const unproven = sharedTag(retag.replacements);
    if (digest === undefined) return { kind: 'replace', replacements: retag.replacements, ...unproven };
    const at = expanded.text.indexOf('@');
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

/** `22-slim` to `24-slim` replaces `22`, be it in the word or in the ARG that supplies it. */
function replaceTag(
  { use }: LocatedUse,
  expanded: Traced,
  tag: string,
): { readonly replacements: readonly Replacement[] } | { readonly reason: string } {
  const old = use.reference?.tag;
  const at = expanded.text.indexOf('@');
  const end = at < 0 ? expanded.text.length : at;
  // A tag that a comment gives stands nowhere in the word.
  if (old === undefined || expanded.text.slice(end - old.length, end) !== old) {
    return { reason: 'the tag is not part of the image name; write it there' };
  }
  let head = 0;
  while (head < Math.min(old.length, tag.length) && old[head] === tag[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, tag.length) - head;
  while (tail < most && old[old.length - 1 - tail] === tag[tag.length - 1 - tail]) tail++;
  // Whole parts: 1.9 to 1.10 replaces 9, not the end of a number.
  while (head > 0 && /\w/.test(old[head - 1] ?? '') && /\w/.test(`${old[head] ?? ''}${tag[head] ?? ''}`)) head--;
  while (tail > 0 && /\w/.test(old[old.length - tail] ?? '')) tail--;
  const start = end - old.length;
  const range = rangeOf(slice(expanded, start + head, end - tail));
  if (range === undefined) {
    return {
      reason: `the tag of ${JSON.stringify(use.written.slice(0, 200))} is put together from parts; write it in one piece`,
    };
  }
  return { replacements: [{ range, text: tag.slice(head, tag.length - tail) }] };
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

function insertion(offset: number, text: string): Replacement {
  return { range: { start: offset, end: offset }, text };
}
