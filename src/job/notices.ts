import { globToRegExp } from '../core/glob.ts';
import { shortDigest } from '../core/image/digest.ts';
import type { RebuildRequest } from '../core/image/rebuild.ts';
import { limits } from '../core/limits/limits.ts';
import { type Notice, newsKey } from '../core/news.ts';
import { treeId, workloadPlace } from '../core/place.ts';
import type { Problem } from '../core/problem.ts';
import { isTarget, type KnownPlace, type RunTargets } from '../core/run-record.ts';
import type { Question } from '../core/unchecked.ts';
import { count } from '../report/say/quantity.ts';
import type { Act } from '../state/acts.ts';
import type { ReadScope } from '../state/run-coverage.ts';
import type { KnownScope, ScopeFile } from '../state/store.ts';
import { unreadPlaces, unreadScopes } from '../verdict/run-problems.ts';
import type { AilingAct } from './moves/redeploys.ts';
import { type ReadBefore, readScopes } from './read-scopes.ts';
import type { Conclusion } from './run.ts';
import { scopeOf } from './state-keys.ts';

/** What is told beside findings: whom nobody could ask, what is not watched or cannot be read or written any more. */
export interface NoticesRequest {
  readonly before: ReadBefore;
  /** Does the configuration still name this repository? Only then is it missed when it is not listed any more. */
  readonly isNamed: (repository: string) => boolean;
  readonly targeted?: RunTargets;
  /** What was done to workloads, and nobody was told of. */
  readonly acts?: readonly Act[];
  /** Rebuilds that ended, and nobody was told of. */
  readonly rebuilds?: readonly RebuildRequest[];
  /** What was moved, and does not do well. */
  readonly ailing?: readonly AilingAct[];
}

/** A notice, with where it is that a run has to look before it can say that it is over. */
export interface PlacedNotice extends Notice {
  readonly places: readonly KnownPlace[];
}

/** The notices of a run; one that is not about everything tells those of its scopes. Pure. */
export function noticesOf(result: Conclusion, request: NoticesRequest): readonly PlacedNotice[] {
  const { before, targeted } = request;
  const read = readScopes(result, before);
  const all = [
    ...unwatched(result, read, request),
    ...unreadable(result, read, before),
    ...unwritable(result),
    // Counted over whole runs.
    ...(targeted === undefined ? unchecked(result) : []),
  ];
  const told = all.filter(({ places }) => targeted === undefined || places.some((one) => isTarget(targeted, one)));
  return [
    ...told,
    ...halfWay(result),
    ...(request.acts ?? []).map(actNotice),
    ...(request.rebuilds ?? []).flatMap((one) => rebuildNotice(one, result)),
    ...(request.ailing ?? []).map(ailingNotice),
  ];
}

/**
 * Known scopes that nobody wants any more: not read for long, and neither named by the configuration nor in trouble. Pure.
 */
export function droppedScopes(result: Conclusion, request: NoticesRequest, now: number): readonly string[] {
  if (request.targeted !== undefined) return [];
  const { isPresent, troubles } = presenceIn(result, readScopes(result, request.before));
  return request.before.scopes.flatMap((one) => {
    const isWanted =
      isPresent(one) || request.isNamed(one.name) || troubles.some((trouble) => isAbout(trouble, one.name));
    return isWanted || now - one.last < limits.state.unreadScope.most ? [] : [one.id];
  });
}

function presenceIn(
  { record, repositories }: Conclusion,
  read: readonly ReadScope[],
): { readonly isPresent: (scope: KnownScope) => boolean; readonly troubles: readonly Problem[] } {
  const troubles = unreadScopes(record);
  const ids = new Set([...read, ...record.scopes].map(({ id }) => id));
  const names = new Set<string | undefined>([
    ...record.repositories,
    ...repositories.map(({ tree }) => tree),
    ...troubles.map(({ subject }) => subject),
  ]);
  return { isPresent: ({ id, name }) => ids.has(id) || names.has(name), troubles };
}

function unwatched(
  result: Conclusion,
  read: readonly ReadScope[],
  { before: { scopes: known }, isNamed, targeted }: NoticesRequest,
): PlacedNotice[] {
  const { isPresent, troubles } = presenceIn(result, read);
  const about = (name: string, id: string, cause: string, why: string, last: number): PlacedNotice => ({
    kind: 'unwatched',
    news: [newsKey('unwatched', '', [id, cause])],
    subject: name,
    repository: name,
    reason: `${name} is not watched any more since ${day(last)}: ${why}.`,
    places: [{ scope: id, file: '' }],
  });
  const failed = troubles.flatMap((problem) =>
    known
      .filter(({ name }) => isAbout(problem, name))
      .map(({ id, name, last }) => about(name, id, problem.code, sentence(problem.message), last)),
  );
  const isOwnerUnread = troubles.some(({ code }) => code === 'owner-unreadable');
  // A run about some scopes has not asked for the others.
  const gone =
    isOwnerUnread || targeted !== undefined ? [] : known.filter((one) => !isPresent(one) && isNamed(one.name));
  const why = 'it is not listed any more (deleted, archived, renamed, or no longer to be seen with this login)';
  return [...failed, ...gone.map(({ id, name, last }) => about(name, id, 'not-listed', why, last))];
}

/** A tree or repository by its name, or every repository of an owner that could not be listed. */
function isAbout({ code, subject }: Problem, name: string): boolean {
  if (subject === undefined) return false;
  if (subject === name) return true;
  return code === 'owner-unreadable' && globToRegExp(subject).test(name.split('@')[0] ?? name);
}

function unreadable({ record }: Conclusion, read: readonly ReadScope[], { lost }: ReadBefore): PlacedNotice[] {
  const ids = new Map(read.map(({ id, name }) => [name, id]));
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
        places: [{ scope: ids.get(scope) ?? scope, file }],
      },
    ];
  });
}

/** What does not pass by itself. */
const lasting: ReadonlySet<string> = new Set(['denied', 'missing', 'refused', 'unsupported']);

function unwritable({ record, repositories }: Conclusion): PlacedNotice[] {
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
        places: repositories
          .filter((one) => one.repository.name === repository)
          .map((one) => ({ scope: treeId(one.tree, one.repository), file: '' })),
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
function unchecked({ record }: Conclusion): PlacedNotice[] {
  const asked = record.unchecked.flatMap((one) =>
    one.causes.map((cause) => ({ id: one.id, scope: scopeOf(one, record), question: one.question, ...cause })),
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
      places: [...new Set(all.map(({ scope }) => scope))].map((scope) => ({ scope, file: '' })),
    };
  });
}

/** Key of the news that something was done. */
export function actNews({ id, to, outcome = 'unfinished', workload }: Act): string {
  return newsKey('redeployed', '', [id, to.root, outcome, workload.name]);
}

/** What was done to a workload, and what came of it. */
function actNotice(act: Act): PlacedNotice {
  const { workload, from, to, outcome = 'unfinished', reason, class: kind } = act;
  const name = `${workload.engine}/${workloadPlace(workload)}`;
  const way = `${from === null ? '' : `from ${shortDigest(from)} `}to ${shortDigest(to.root)}`;
  const why = kind === '' ? '' : ` (${kind})`;
  const by = `${workload.engine}:${workload.name}`;
  const told = {
    moved: ['was moved', `It was moved ${way}${why}: ${sentence(reason)}. "plimsoll rollback ${by}" goes back.`],
    current: ['was current', `It runs ${shortDigest(to.root)} already.`],
    undone: [
      'was put back',
      `It was moved ${way}${why} and put back: ${sentence(reason)}. The digest is tried again after "plimsoll retry ${by}", or when another one comes.`,
    ],
    'rolled-back': ['was taken back', `It was taken back ${way}: ${sentence(reason)}.`],
    refused: ['was not moved', `It was not moved ${way}${why}: ${sentence(reason)}.`],
    unfinished: ['was left half-way', `Moving it ${way}${why} came to no end: ${sentence(reason)}.`],
  }[outcome] as [string, string];
  return {
    kind: 'redeployed',
    news: [actNews(act)],
    subject: `${name} ${told[0]}`,
    reason: told[1],
    places: [],
    ...((outcome === 'undone' || outcome === 'unfinished') && { isUrgent: true as const }),
  };
}

/** Key of the news that a rebuild did not come to what it was for. */
export function rebuildNews({ image, base, outcome = 'failed' }: RebuildRequest): string {
  return newsKey('dispatch', '', [image, base, outcome]);
}

/** That a rebuild came is told by the end of what was stale. */
function rebuildNotice(request: RebuildRequest, { rebuilds }: Pick<Conclusion, 'rebuilds'>): readonly PlacedNotice[] {
  const { image, base, at, outcome, reason, url } = request;
  if (outcome !== 'failed' && outcome !== 'timed-out') return [];
  const title = outcome === 'failed' ? 'the rebuild failed' : 'the rebuild did not come';
  const why = reason === '' ? '' : `: ${sentence(reason)}`;
  const where = url === undefined ? '' : ` (${url})`;
  const chain = rebuilds.chains.find(({ images }) => images.has(image));
  const others = chain === undefined ? '' : ` All that is ${chain.text}.`;
  const again = `It is asked for again after "plimsoll retry ${image}", or when its base brings something else.`;
  return [
    {
      kind: 'dispatch',
      news: [rebuildNews(request)],
      subject: `${image}: ${title}`,
      reason: `A rebuild on ${shortDigest(base)} was asked for on ${day(at)}${where}${why}. ${again}${others}`,
      places: [],
    },
  ];
}

/** What a process left half-way, and this run did not end: on an engine that is only asked, or where a person has to say what is meant. */
function halfWay({ record }: Conclusion): PlacedNotice[] {
  return record.problems.flatMap(({ code, subject = '', message }) => {
    if (code !== 'redeploy-unfinished') return [];
    const news = [newsKey('redeployed', '', [subject, 'half-way'])];
    const isUrgent = true as const;
    return [
      { kind: 'redeployed', news, subject: `${subject} is half-way`, reason: `${message}.`, places: [], isUrgent },
    ];
  });
}

/** It came up, passed its gate, and fell over later: nothing is put back by itself, as what it wrote since would stay. */
function ailingNotice({ act, says }: AilingAct): PlacedNotice {
  const { id, workload, to, ended = 0 } = act;
  const by = `${workload.engine}:${workload.name}`;
  return {
    kind: 'redeployed',
    news: [newsKey('redeployed', '', [id, to.root, 'ailing', workload.name])],
    subject: `${workload.engine}/${workloadPlace(workload)} ${says}`,
    reason: `It ${says}, and was moved to ${shortDigest(to.root)} on ${day(ended)}. "plimsoll rollback ${by}" goes back to what ran before; data that it changed stays changed.`,
    places: [],
    isUrgent: true,
  };
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Without the full stop that our own sentences end with. */
function sentence(text: string): string {
  return text.replace(/\.\s*$/, '');
}
