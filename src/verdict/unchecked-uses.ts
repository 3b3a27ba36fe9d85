import { matchesImage } from '../core/image/image-glob.ts';
import { meaningOf } from '../core/problem-code.ts';
import { classesOf, distinctCauses, type Unanswered, type Unchecked, unanswered } from '../core/unchecked.ts';
import type { ExaminedPin } from '../look/package-pins.ts';
import type { PlacedUse } from '../sources/placed-uses.ts';
import type { Snooze } from '../state/snoozes.ts';
import type { ExaminedUse } from './examined-use.ts';
import { useId } from './finding-id.ts';
import { type Policy, reactionTo } from './policy.ts';

/** What decides whether a question without an answer counts: the rules of its tree, the snoozes, and the run's time (ms since 1970). */
export interface UncheckedContext {
  readonly policy: Policy;
  readonly snoozes: readonly Snooze[];
  readonly now: number;
}

/** The questions about one use that nobody answered. A use that is unknown is told as that. Pure. */
export function uncheckedUse(
  { placed, use }: { readonly placed: PlacedUse; readonly use: ExaminedUse },
  context: UncheckedContext,
): readonly Unchecked[] {
  const { resolution, lag, unanswered: aboutTheMove = [] } = use.examination;
  if (resolution.kind === 'unknown') return [];
  const newer =
    use.newer?.kind === 'unknown'
      ? [unanswered('newer-tag', use.newer.problem, use.use.reference?.registry ?? '')]
      : [];
  const found = [...aboutTheMove, ...(lag?.unanswered ?? []), ...newer, ...(use.signature ? [use.signature] : [])];
  return entriesOf(placed, placed.use.line, found, context);
}

/** The same for a package pin: an entry about the use that its stage is built on. */
export function uncheckedPin({ placed, verdict }: ExaminedPin, context: UncheckedContext): readonly Unchecked[] {
  if (verdict.kind !== 'unknown' || meaningOf(verdict.problem.code).of === 'unasked') return [];
  const host = placed.base.use.reference?.registry ?? '';
  return entriesOf(placed.base, placed.found.line, [unanswered('pins', verdict.problem, host)], context);
}

function entriesOf(
  placed: PlacedUse,
  line: number,
  found: readonly Unanswered[],
  context: UncheckedContext,
): readonly Unchecked[] {
  if (found.length === 0 || isSnoozed(placed, context)) return [];
  const { tree, repository, use } = placed;
  return [...Map.groupBy(found, ({ question }) => question)].flatMap(([question, causes]): Unchecked[] => {
    const [first] = causes;
    if (first === undefined || isIgnored(placed, question, context.policy)) return [];
    return [
      {
        id: useId(placed),
        ...(tree !== '.' && { tree }),
        ...(repository && { repository }),
        file: use.file,
        line,
        ...(use.reference && { reference: use.reference }),
        ...first,
        causes: distinctCauses(causes).map(({ host, code, reason }) => ({ host, code, reason })),
      },
    ];
  });
}

/** Do the rules ignore every class that an answer could have given? Then nobody asked. */
function isIgnored({ use, repository }: PlacedUse, question: Unanswered['question'], policy: Policy): boolean {
  const { file, final, reference } = use;
  const place = {
    file,
    ...(reference && { reference }),
    ...(final !== undefined && { final }),
    ...(repository && { repository }),
  };
  return classesOf[question].every((kind) => {
    const security = kind === 'security' ? true : null;
    return reactionTo({ ...place, class: kind, security }, policy).react.includes('ignore');
  });
}

function isSnoozed({ use }: PlacedUse, { snoozes, now }: UncheckedContext): boolean {
  return snoozes.some(
    ({ kind, value, until }) =>
      until > now &&
      ((kind === 'image' && matchesImage(value, use.reference)) ||
        (kind === 'digest' && use.reference?.digest === value)),
  );
}
