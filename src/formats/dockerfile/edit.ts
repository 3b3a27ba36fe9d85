import { formatReference } from '../../core/reference.ts';
import type { ImageUse, TextRange } from '../../core/use.ts';
import type { EditResult, WantedEdit } from '../format.ts';
import { type Analysis, analyse } from './analyse.ts';
import { definitionAt, suppliers } from './definitions.ts';
import { positions } from './lines.ts';
import { endOf, slice } from './traced.ts';
import type { LocatedUse } from './uses.ts';

interface Replacement {
  readonly range: TextRange;
  readonly text: string;
}

/** Uses that one replacement changes, all to the same reference. */
interface Group {
  readonly replacement: Replacement;
  readonly wanted: WantedEdit[];
}

type Plan =
  | { readonly kind: 'replace'; readonly replacements: readonly Replacement[] }
  | { readonly kind: 'refuse'; readonly reason: string };

/**
 * Gives uses the digests they are wanted to have. Every edit is proven before it counts: the changed text is read again,
 * and exactly the wanted uses must name exactly the wanted references. What cannot be proven is refused, with a reason.
 */
export function edit(text: string, wanted: readonly WantedEdit[]): EditResult {
  const before = analyse(text);
  const groups = new Map<string, Group>();
  const refused: { use: ImageUse; reason: string }[] = [];
  for (const one of wanted) {
    const at = before.uses.findIndex(({ use }) => samePlace(use, one.use));
    const plan = planEdit(text, before, before.uses[at], one);
    if (plan.kind === 'refuse') {
      refused.push({ use: one.use, reason: plan.reason });
      continue;
    }
    const proven = plan.replacements.find((replacement) => isProven(text, before, [{ replacement, wanted: [one] }]));
    if (proven === undefined) {
      refused.push({ use: one.use, reason: conflictReason(text, before, plan.replacements[0]) });
      continue;
    }
    const key = `${proven.range.start} ${proven.range.end} ${proven.text}`;
    const group = groups.get(key) ?? { replacement: proven, wanted: [] };
    group.wanted.push(one);
    groups.set(key, group);
  }
  const agreed = withoutOverlaps([...groups.values()], refused);
  if (agreed.length === 0 || !isProven(text, before, agreed)) {
    const reason = 'the edits of this file cannot be told apart; update its images one by one';
    return {
      text,
      done: [],
      refused: [...refused, ...agreed.flatMap((group) => group.wanted.map(({ use }) => ({ use, reason })))],
    };
  }
  return { text: apply(text, agreed), done: describe(text, before, agreed), refused };
}

/** Two wishes for the same characters that differ: neither is granted. */
function withoutOverlaps(groups: readonly Group[], refused: { use: ImageUse; reason: string }[]): readonly Group[] {
  const sorted = [...groups].sort((a, b) => a.replacement.range.start - b.replacement.range.start);
  const clashing = new Set<Group>();
  for (const [i, group] of sorted.entries()) {
    const next = sorted[i + 1];
    const same = next?.replacement.range.start === group.replacement.range.start;
    if (next && (same || next.replacement.range.start < group.replacement.range.end)) clashing.add(group).add(next);
  }
  const reason = 'the same characters are wanted to be two different digests; give each image its own ARG';
  for (const { wanted } of clashing) refused.push(...wanted.map(({ use }) => ({ use, reason })));
  return sorted.filter((group) => !clashing.has(group));
}

/** Where the digest can be written, best place first. */
function planEdit(text: string, analysis: Analysis, located: LocatedUse | undefined, { digest }: WantedEdit): Plan {
  const expanded = located?.expanded;
  if (!located || !expanded) return { kind: 'refuse', reason: 'the image could not be read at this place' };
  const at = expanded.text.indexOf('@');
  if (at >= 0) {
    const old = slice(expanded, at + 1);
    const start = old.origin[0] ?? -1;
    if (start < 0 || old.origin.some((offset, i) => offset !== start + i)) {
      return { kind: 'refuse', reason: 'the digest is put together from parts; write it in one piece' };
    }
    return { kind: 'replace', replacements: [{ range: { start, end: start + old.text.length }, text: digest }] };
  }
  const insert = (offset: number): Replacement => ({ range: { start: offset, end: offset }, text: `@${digest}` });
  const inArgument = argumentEnd(analysis, located);
  const word = insert(wordEnd(text, located.range));
  return { kind: 'replace', replacements: inArgument === undefined ? [word] : [insert(inArgument), word] };
}

/** The end of the typed word, inside its closing quote. */
function wordEnd(text: string, { start, end }: TextRange): number {
  const last = text.charAt(end - 1);
  return (last === '"' || last === "'") && end - 1 > start ? end - 1 : end;
}

/**
 * The end of the ARG default that supplies the whole tag, or the whole reference, and nothing but this image. A new pin
 * never goes into a fragment of a tag, nor where a stage uses the value for something else.
 */
function argumentEnd({ uses, definitions }: Analysis, { expanded, use }: LocatedUse): number | undefined {
  if (!expanded || !use.reference) return undefined;
  const colon = use.reference.tag === undefined ? -1 : expanded.text.lastIndexOf(':');
  const part = slice(expanded, colon + 1);
  const [first = -1] = part.origin;
  const definition = definitionAt(definitions, first);
  if (!definition || definition.inherited) return undefined;
  const { start, end } = definition.range;
  const whole = part.origin.every((offset, i) => offset === first + i && offset >= start && offset < end);
  // Something of the tag before it would make it a fragment; a part of the reference before it, in the same ARG, is fine.
  const image = formatReference(use.reference);
  const shared = uses.some((other) => {
    const supplied = other.expanded && suppliers(definitions, other.expanded).has(definition);
    return supplied && (!other.use.reference || formatReference(other.use.reference) !== image);
  });
  return whole && !shared ? endOf(part, end) : undefined;
}

/** Does the text, with these edits, name what is wanted where it is wanted, and the same as before everywhere else? */
function isProven(text: string, before: Analysis, groups: readonly Group[]): boolean {
  const after = analyse(apply(text, groups));
  if (after.uses.length !== before.uses.length || after.problems.length !== before.problems.length) return false;
  if (!sameJson(after.pins.map(withoutColumn), before.pins.map(withoutColumn))) return false;
  const wanted = groups.flatMap((group) => group.wanted);
  return before.uses.every(({ use: old }, i) => {
    const now = after.uses[i]?.use;
    if (!now || now.kind !== old.kind || now.stage !== old.stage || now.platform !== old.platform) return false;
    const own = wanted.find(({ use }) => samePlace(use, old));
    if (own) return names(now, old, own);
    // The same ARG may feed the same image several times: that is one edit.
    if (sameReference(now, old)) return true;
    return wanted.some((other) => sameReference(other.use, old) && names(now, old, other));
  });
}

function names(now: ImageUse, old: ImageUse, { digest }: WantedEdit): boolean {
  if (!now.reference || !old.reference) return false;
  return formatReference(now.reference) === formatReference({ ...old.reference, digest });
}

function sameReference(a: ImageUse, b: ImageUse): boolean {
  if (!a.reference || !b.reference) return a.written === b.written;
  return formatReference(a.reference) === formatReference(b.reference);
}

function samePlace(a: ImageUse, b: ImageUse): boolean {
  return a.kind === b.kind && a.line === b.line && a.column === b.column;
}

function withoutColumn<T extends { readonly column: number }>({ column: _, ...rest }: T): Omit<T, 'column'> {
  return rest;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function conflictReason(text: string, { definitions }: Analysis, replacement: Replacement | undefined): string {
  const definition = replacement && definitionAt(definitions, replacement.range.start);
  if (!replacement || !definition)
    return 'the edit would change more than this image; write the reference in one piece';
  const { line } = positions(text)(definition.range.start);
  return `ARG ${definition.name} in line ${line} supplies more than this image; give each image its own ARG`;
}

function apply(text: string, groups: readonly Group[]): string {
  const replacements = groups.map(({ replacement }) => replacement).sort((a, b) => a.range.start - b.range.start);
  let result = '';
  let at = 0;
  for (const { range, text: inserted } of replacements) {
    result += text.slice(at, range.start) + inserted;
    at = range.end;
  }
  return result + text.slice(at);
}

function describe(text: string, before: Analysis, groups: readonly Group[]): EditResult['done'] {
  const changed = apply(text, groups);
  const after = analyse(changed);
  const position = positions(text);
  const [oldLines, newLines] = [text.split(/\r?\n/), changed.split(/\r?\n/)];
  return groups.flatMap(({ replacement, wanted }) =>
    wanted.map(({ use }) => {
      const at = before.uses.findIndex((located) => samePlace(located.use, use));
      const { line } = position(replacement.range.start);
      const edit = { line, before: oldLines[line - 1] ?? '', after: newLines[line - 1] ?? '' };
      return { use, written: after.uses[at]?.use.written ?? use.written, edits: [edit] };
    }),
  );
}
