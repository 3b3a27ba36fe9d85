import { RE2JS } from 're2js';
import { messageOf, PlimsollError } from '../../core/errors.ts';
import { limits } from '../../core/limits/limits.ts';
import type { TextRange } from '../../core/parsed-file.ts';

/** Where the groups of an expression matched. */
export type Groups = Readonly<Partial<Record<GroupName, TextRange>>>;

const groupNames = ['reference', 'name', 'tag', 'digest'] as const;
type GroupName = (typeof groupNames)[number];

/** An expression that was found fit. */
export interface Expression {
  /** Every match in order; `isWhole`: the text was looked through to its end. */
  matches(text: string): { readonly found: readonly Groups[]; readonly isWhole: boolean };
}

const meant = "write a group for the image, such as 'IMAGE=(?<reference>\\S+)', or groups name, tag and digest";

/**
 * Reads an expression in RE2's syntax (github.com/google/re2/wiki/Syntax), which matches in time linear in the text; `^` and
 * `$` are of lines. Throws PlimsollError 'CONFIG' with the form that is meant.
 */
export function readExpression(match: string): Expression {
  if (match.length > limits.file.patternLength.most) {
    throw unfit(match, `longer than ${limits.file.patternLength.most} characters`);
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(match, RE2JS.MULTILINE);
  } catch (error) {
    const why = messageOf(error).replace(/^error parsing regexp: /, '');
    const hint = /Perl syntax|escape sequence: `\\[1-9k]/.test(why)
      ? '; there is no looking around, and no back reference'
      : '';
    throw unfit(match, `${why}${hint}`);
  }
  const named = new Set(Object.keys(compiled.namedGroups()));
  const groups = groupNames.filter((name) => named.has(name));
  if (!named.has('reference') && !named.has('name')) throw unfit(match, meant);
  if (named.has('reference') && groups.length > 1)
    throw unfit(match, `it has a group for all and groups for parts; ${meant}`);
  if (compiled.programSize() > limits.file.patternSteps.most) {
    throw unfit(match, 'too large: write fewer and smaller repetitions');
  }
  return { matches: (text) => matchesOf(compiled, groups, text) };
}

function unfit(match: string, why: string): PlimsollError {
  return new PlimsollError('CONFIG', `the pattern ${JSON.stringify(match.slice(0, 200))} is of no use: ${why}`);
}

/**
 * One match takes time linear in what is looked at; many, each of which looks at all that follows, would not. So each looks
 * at a window, twice as long as a match may be, and all of them together at a bounded number of characters.
 */
function matchesOf(
  compiled: RE2JS,
  groups: readonly GroupName[],
  text: string,
): { readonly found: readonly Groups[]; readonly isWhole: boolean } {
  const found: Groups[] = [];
  const window = 2 * limits.file.patternMatch.most;
  let left = limits.file.patternWork.most + 2 * text.length;
  const origin = text.startsWith('\ufeff') ? 1 : 0;
  for (let at = origin; at <= text.length; ) {
    // The character before it decides whether a line or a word begins here.
    const base = Math.max(origin, at - 1);
    const end = windowEnd(text, at, window);
    left -= end - at + 1;
    if (left < 0) return { found, isWhole: false };
    const matcher = compiled.matcher(text.slice(base, end));
    if (!matcher.find(at - base)) {
      if (end >= text.length) break;
      at = nextStart(text, at, end);
      continue;
    }
    const [start, stop] = [matcher.start(), matcher.end()];
    const isCut = base + stop === end && end < text.length;
    if (isCut) {
      // It may go on behind the window: looked at again from where it begins, and left where that was so already.
      at = base + start > at ? base + start : end;
      continue;
    }
    at = base + (stop > start ? stop : stop + 1);
    const ranges = groups.flatMap((name) => {
      const from = matcher.start(name);
      return from < 0 ? [] : [[name, unblanked(text, base + from, base + matcher.end(name))] as const];
    });
    if (ranges.length > 0) found.push(Object.fromEntries(ranges));
  }
  return { found, isWhole: true };
}

/** A dot takes the end of a line of Windows, too. */
function unblanked(text: string, from: number, to: number): TextRange {
  let [start, end] = [from, to];
  while (start < end && /\s/.test(text[start] as string)) start++;
  while (end > start && /\s/.test(text[end - 1] as string)) end--;
  return { start, end };
}

/** At the end of a line, where one ends in the second half of the window. */
function windowEnd(text: string, at: number, window: number): number {
  if (at + window >= text.length) return text.length;
  const feed = text.lastIndexOf('\n', at + window - 1) + 1;
  return feed > at + window / 2 ? feed : at + window;
}

/** Half a window on, at the start of a line where there is one: what begins there may match beyond this window. */
function nextStart(text: string, at: number, end: number): number {
  const half = at + Math.ceil((end - at) / 2);
  const feed = text.indexOf('\n', half - 1) + 1;
  return feed > at && feed < end ? feed : half;
}
