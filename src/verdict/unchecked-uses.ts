import { matchesImage } from '../core/image/image-glob.ts';
import { type Place, placeFields } from '../core/place.ts';
import { meaningOf } from '../core/problem-code.ts';
import { classesOf, distinctCauses, type Unanswered, type Unchecked, unanswered } from '../core/unchecked.ts';
import type { ExaminedPin } from '../look/package-pins.ts';
import type { Use } from '../sources/use.ts';
import type { Snooze } from '../state/snoozes.ts';
import type { ExaminedUse } from './examined-use.ts';
import { type Policy, reactionTo } from './policy.ts';

/** What decides whether a question without an answer counts: the rules of its tree, the snoozes, and the run's time (ms since 1970). */
export interface UncheckedContext {
  readonly policy: Policy;
  readonly snoozes: readonly Snooze[];
  readonly now: number;
}

/** The questions about one use that nobody answered. A use that is unknown is told as that. Pure. */
export function uncheckedUse(
  { use, examination, newer, signature }: ExaminedUse,
  context: UncheckedContext,
): readonly Unchecked[] {
  const { resolution, lag, unanswered: aboutTheMove = [] } = examination;
  if (resolution.kind === 'unknown') return [];
  const tags = newer?.kind === 'unknown' ? [unanswered('newer-tag', newer.problem, use.reference?.registry ?? '')] : [];
  const found = [...aboutTheMove, ...(lag?.unanswered ?? []), ...tags, ...(signature ? [signature] : [])];
  return entriesOf(use, use.place, found, context);
}

/** The same for a package pin: an entry about the use that its stage is built on. */
export function uncheckedPin({ placed, verdict }: ExaminedPin, context: UncheckedContext): readonly Unchecked[] {
  if (verdict.kind !== 'unknown' || meaningOf(verdict.problem.code).of === 'unasked') return [];
  const host = placed.base.reference?.registry ?? '';
  return entriesOf(placed.base, placed.place, [unanswered('pins', verdict.problem, host)], context);
}

function entriesOf(
  use: Use,
  place: Place,
  found: readonly Unanswered[],
  context: UncheckedContext,
): readonly Unchecked[] {
  if (found.length === 0 || isSnoozed(use, context)) return [];
  const { column: _, kind: __, stage: ___, final: ____, format: _____, ...where } = placeFields(place);
  return [...Map.groupBy(found, ({ question }) => question)].flatMap(([question, causes]): Unchecked[] => {
    const [first] = causes;
    if (first === undefined || isIgnored(use, question, context.policy)) return [];
    return [
      {
        id: use.key,
        ...where,
        ...(use.reference && { reference: use.reference }),
        ...first,
        causes: distinctCauses(causes).map(({ host, code, reason }) => ({ host, code, reason })),
      },
    ];
  });
}

/** Do the rules ignore every class that an answer could have given? Then nobody asked. */
function isIgnored({ place, role, reference }: Use, question: Unanswered['question'], policy: Policy): boolean {
  const where = { ...placeFields(place), role, ...(reference && { reference }) };
  return classesOf[question].every((kind) => {
    const security = kind === 'security' ? true : null;
    return reactionTo({ ...where, class: kind, security }, policy).react.includes('ignore');
  });
}

function isSnoozed({ reference, has }: Use, { snoozes, now }: UncheckedContext): boolean {
  return snoozes.some(
    ({ kind, value, until }) =>
      until > now &&
      ((kind === 'image' && matchesImage(value, reference)) || (kind === 'digest' && has?.digest === value)),
  );
}
