import { globToRegExp } from '../core/glob.ts';
import { type Notice, newsKey } from '../core/news.ts';
import { treeId } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import type { Question } from '../core/unchecked.ts';
import { count } from '../report/say/quantity.ts';
import type { WatchedScope } from '../state/run-coverage.ts';
import type { KnownScope, ScopeFile, Watch } from '../state/store.ts';
import { unreadPlaces, unreadScopes } from '../verdict/run-problems.ts';
import type { RunResult } from './run.ts';

/** What is told beside findings: whom nobody could ask, what is not watched or cannot be read or written any more. */
export interface NoticesRequest {
  readonly before: ReadBefore;
  /** Does the configuration still name this repository? Only then is it missed when it is not listed any more. */
  readonly isNamed: (repository: string) => boolean;
}

/** What earlier runs have read, as far as it matters to this one. */
export interface ReadBefore {
  readonly scopes: readonly KnownScope[];
  /** Files that this run could not read, and one before could. */
  readonly lost: readonly ScopeFile[];
}

/** Asks the state what a run has to know of those before it. */
export async function readBefore({ record }: RunResult, watch: Watch): Promise<ReadBefore> {
  const unread = unreadPlaces(record).flatMap(({ place }) => place ?? []);
  return { scopes: await watch.scopes(), lost: unread.length === 0 ? [] : await watch.readBefore(unread) };
}

/** The notices of a run. Pure. */
export function noticesOf(result: RunResult, { before, isNamed }: NoticesRequest): readonly Notice[] {
  return [
    ...unwatched(result, before, isNamed),
    ...unreadable(result, before),
    ...unwritable(result),
    ...unchecked(result),
  ];
}

/**
 * Every repository and tree that was read as a whole, with the files in it that are read; one that cannot be read any more
 * is still one of them.
 */
export function wholeScopes(
  { record, files, repositories }: RunResult,
  { lost }: Pick<ReadBefore, 'lost'>,
): readonly WatchedScope[] {
  const unread = new Set(unreadScopes(record).map(({ subject }) => subject));
  const found = new Map(repositories.map((one) => [one.tree, one]));
  const byScope = Map.groupBy(files, ({ tree }) => tree.name);
  return [...new Set([...record.repositories, ...found.keys()])].flatMap((name) => {
    const read = found.get(name);
    if (unread.has(name) || read?.isPartial || (read === undefined && isOnForge(name, repositories))) return [];
    const own = (byScope.get(name) ?? []).map(({ file }) => file);
    const id = read === undefined ? name : treeId(name, read.repository);
    return [{ id, name, files: [...own, ...lost.flatMap(({ scope, file }) => (scope === name ? [file] : []))] }];
  });
}

/** The record names repositories, of which one may have been read on several branches. */
function isOnForge(name: string, repositories: RunResult['repositories']): boolean {
  return repositories.some(({ repository }) => repository.name === name);
}

function unwatched(result: RunResult, before: ReadBefore, isNamed: NoticesRequest['isNamed']): Notice[] {
  const { record } = result;
  const troubles = unreadScopes(record);
  const known = before.scopes;
  const about = (name: string, id: string, cause: string, why: string, last: number): Notice => ({
    kind: 'unwatched',
    news: [newsKey('unwatched', '', [id, cause])],
    subject: name,
    repository: name,
    reason: `${name} is not watched any more since ${day(last)}: ${why}.`,
  });
  const failed = troubles.flatMap((problem) =>
    known
      .filter(({ name }) => isAbout(problem, name))
      .map(({ id, name, last }) => about(name, id, problem.code, sentence(problem.message), last)),
  );
  const isOwnerUnread = troubles.some(({ code }) => code === 'owner-unreadable');
  const present = new Set(wholeScopes(result, before).map(({ id }) => id));
  const names = new Set<string | undefined>([
    ...record.repositories,
    ...result.repositories.map(({ tree }) => tree),
    ...troubles.map(({ subject }) => subject),
  ]);
  const gone = isOwnerUnread
    ? []
    : known.filter(({ id, name }) => !present.has(id) && !names.has(name) && isNamed(name));
  const why = 'it is not listed any more (deleted, archived, renamed, or no longer to be seen with this login)';
  return [...failed, ...gone.map(({ id, name, last }) => about(name, id, 'not-listed', why, last))];
}

/** A tree or repository by its name, or every repository of an owner that could not be listed. */
function isAbout({ code, subject }: Problem, name: string): boolean {
  if (subject === undefined) return false;
  if (subject === name) return true;
  return code === 'owner-unreadable' && globToRegExp(subject).test(name.split('@')[0] ?? name);
}

function unreadable({ record }: RunResult, { lost }: ReadBefore): Notice[] {
  return unreadPlaces(record).flatMap(({ code, message, place }) => {
    if (!lost.some(({ scope, file }) => scope === place?.scope && file === place.file)) return [];
    const { scope, file } = place as ScopeFile;
    return [
      {
        kind: 'unreadable' as const,
        news: [newsKey('unreadable', '', [scope, file, code])],
        subject: file,
        ...(scope !== '.' && { repository: scope }),
        file,
        reason: `It was read before, and cannot be read any more: ${sentence(message)}.`,
      },
    ];
  });
}

/** What does not pass by itself. */
const lasting: ReadonlySet<string> = new Set(['denied', 'missing', 'refused', 'unsupported']);

function unwritable({ record }: RunResult): Notice[] {
  const failed = (record.proposals ?? []).filter(({ kind, cause }) => kind === 'failed' && lasting.has(cause ?? ''));
  return [...Map.groupBy(failed, ({ repository, cause }) => JSON.stringify([repository, cause]))].map(
    ([key, [first, ...others]]) => {
      const [repository = '', cause] = JSON.parse(key) as [string, string];
      const more = others.length > 0 ? ` (and ${count(others.length, 'more')})` : '';
      return {
        kind: 'unwritable',
        news: [newsKey('unwritable', '', [repository, cause])],
        subject: repository,
        repository,
        reason: `Nothing can be proposed there: ${sentence(first?.reason ?? '')}${more}.`,
      };
    },
  );
}

const words: Readonly<Record<Question, string>> = {
  fixes: 'whether fixes wait',
  pins: 'whether package pins still install',
  'end-of-life': 'whether the release has ended',
  'newer-tag': 'whether there are newer tags',
  signature: 'who signed',
};

/** One per host, for the whole fleet; each question and kind of failure has a key of its own. */
function unchecked({ record }: RunResult): Notice[] {
  const asked = record.unchecked.flatMap(({ id, question, causes }) =>
    causes.map((cause) => ({ id, question, ...cause })),
  );
  return [...Map.groupBy(asked, ({ host }) => host)].map(([host, all]) => {
    const questions = [...new Set(all.map(({ question }) => question))];
    const uses = new Set(all.map(({ id }) => id)).size;
    const keys = new Set(all.map(({ question, code }) => newsKey('unchecked', '', [host, question, code])));
    return {
      kind: 'unchecked',
      news: [...keys].sort(),
      subject: host,
      reason: `It could not be asked, so for ${count(uses, 'use')} it is not known ${questions.map((one) => words[one]).join(', ')}: ${sentence(all[0]?.reason ?? '')}.`,
    };
  });
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Without the full stop that our own sentences end with. */
function sentence(text: string): string {
  return text.replace(/\.\s*$/, '');
}
