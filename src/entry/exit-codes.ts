import type { Finding, FindingClass } from '../core/finding.ts';
import type { RunRecord } from '../core/run-record.ts';
import type { Question } from '../core/unchecked.ts';
import { verdictOf } from '../report/say/claims.ts';
import { count } from '../report/say/quantity.ts';
import { unreadScopes } from '../verdict/run-problems.ts';
import { bringsFix, isSilenced, nothingLookedUp, unknownUses } from '../verdict/summarise.ts';

/** 0 done, 1 a --fail-on class was found or something was not delivered, 2 usage or configuration, 3 could not finish. */
export const exitCodes = { done: 0, found: 1, usage: 2, unfinished: 3 } as const;

/** What whoever started a look wants to be told by its exit code. */
export interface Demands {
  readonly failOn: readonly FindingClass[] | undefined;
  /** What could not be looked up is no failure. */
  readonly allowUnknown: boolean;
  /** No image use at all is no failure. */
  readonly allowEmpty: boolean;
  /** The scheduled job: somebody relies on it that something is watched. */
  readonly isJob?: boolean;
}

/** How a command ends. */
export interface Exit {
  readonly code: (typeof exitCodes)[keyof typeof exitCodes];
  /** One sentence; absent for 0. */
  readonly why?: string;
  /** A report for people has a line for each of what it names. */
  readonly isReported?: true;
}

/** The questions without whose answer a class cannot be denied. */
const dependsOn: Readonly<Partial<Record<FindingClass, Question>>> = {
  security: 'fixes',
  lagging: 'fixes',
  'pin-broken': 'pins',
  'end-of-life': 'end-of-life',
  'newer-tag': 'newer-tag',
};

/** The exit code of a look, and why. If several hold: 1, then 3 (2 is thrown before). Pure. */
export function exitOf(record: RunRecord, { failOn, allowUnknown, allowEmpty, isJob = false }: Demands): Exit {
  const { findings, summary } = record;
  const found = failOn === undefined ? [] : findings.filter((finding) => counts(finding, failOn));
  if (found.length > 0) {
    const classes = [...new Set(found.map((one) => (failOn?.includes(one.class) ? one.class : 'security')))];
    return {
      code: exitCodes.found,
      why: `${count(found.length, 'finding')} of a class of fail-on (${classes.join(', ')})`,
    };
  }
  const engines = record.scopes.filter(({ kind }) => kind === 'engine');
  const unread = unreadScopes(record);
  const isPart = unread.length > 0 || engines.some(({ whole }) => !whole);
  if (isPart && !isJob) {
    return {
      ...unfinished(unread.map(({ subject, message }) => `${subject}: ${message}`).join('; ')),
      isReported: true,
    };
  }
  if (nothingLookedUp(record)) return unfinished(`nothing could be looked up: ${verdictOf(record)}`);
  const { unreadable = 0, 'too-large': large = 0, 'too-long': long = 0 } = summary.unread;
  // A file of which a part is too long was opened, and counts.
  const isUnread = summary.uses + summary.pins === 0 && summary.files <= long;
  if (isUnread && unreadable + large + long > 0) return unfinished(`nothing could be read: ${verdictOf(record)}`);
  // An engine that answered was looked at, whatever it runs.
  const isEmpty = summary.uses + summary.pins === 0 && engines.length === 0;
  if (isEmpty && !allowEmpty && (failOn !== undefined || isJob)) {
    return unfinished(
      'no image use was found at all: is this the right folder, do "include" and "exclude" leave anything? Where that is meant, say --allow-empty, or "allowEmpty: true" in the configuration',
    );
  }
  if (failOn === undefined || allowUnknown) return { code: exitCodes.done };
  const needed = new Set(failOn.flatMap((kind) => dependsOn[kind] ?? []));
  const unanswered = new Set(record.unchecked.filter(({ question }) => needed.has(question)).map(({ id }) => id)).size;
  const untold = unknownUses(findings).filter((one) => !isSilenced(one)).length + summary.deferred;
  const missed = Object.values(summary.unread).reduce((sum, number) => sum + number, 0);
  if (unanswered + untold + missed === 0) return { code: exitCodes.done };
  return unfinished(
    `what fail-on asks for is not known: ${verdictOf(record)}. --allow-unknown accepts that; "archives.skip" leaves single package repositories alone`,
  );
}

function unfinished(why: string): Exit {
  return { code: exitCodes.unfinished, why };
}

/** Held findings count; ignored and snoozed ones do not. */
function counts(finding: Finding, failOn: readonly FindingClass[]): boolean {
  if (isSilenced(finding)) return false;
  return failOn.includes(finding.class) || (failOn.includes('security') && bringsFix(finding));
}
