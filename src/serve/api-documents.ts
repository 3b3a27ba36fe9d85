import * as z from 'zod';
import { findingClasses } from '../core/finding.ts';
import type { Store, StoredRun } from '../state/store.ts';

/** RFC 3339 in UTC. */
export function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

export const time = z.string().meta({ format: 'date-time', description: 'RFC 3339, UTC' });
export const findingClass = z.enum(findingClasses);

/** A run, as programs read it. `state` says whether it is over; `outcome`, of one that is done, how. */
export const runDocument = z.object({
  id: z.int(),
  trigger: z.enum(['schedule', 'hook', 'person', 'cli']),
  scope: z.union([
    z.literal('all'),
    z.object({ images: z.array(z.string()).optional(), scopes: z.array(z.string()).optional() }),
  ]),
  state: z.enum(['queued', 'running', 'done', 'failed', 'aborted']),
  outcome: z.enum(['done', 'unread', 'undelivered']).optional(),
  exit: z.int().optional(),
  startedAt: time,
  finishedAt: time.optional(),
  summary: z.looseObject({}).optional(),
  cost: z.looseObject({}).optional(),
  problems: z.object({ first: z.array(z.looseObject({})), all: z.int() }),
});

/** How far the parts of a run are that several processes make. */
export const partsDocument = z.record(
  z.enum(['scan', 'look', 'inspect', 'judge', 'act', 'finish']),
  z.object({ open: z.int(), done: z.int(), failed: z.int() }),
);

/** A run, with its parts where several processes make it. */
export const wholeRunDocument = runDocument.extend({ parts: partsDocument.optional() });

/** Of a finding of class stale: which published image it is about, and how it stands with its rebuild. */
export const rebuildFacts = {
  published: z
    .object({
      image: z.string(),
      digest: z.string(),
      by: z.enum(['layers', 'provenance', 'annotation']).describe('what says what it was built on'),
      tags: z.array(z.string()),
    })
    .optional()
    .describe('the image that was built on an older base; of class stale alone'),
  dispatch: z
    .object({
      state: z.enum(['none', 'held', 'asked', 'served', 'failed', 'timed-out']),
      at: time.optional().describe('when it was asked for'),
      url: z.string().optional().describe('where it is built'),
      reason: z.string(),
    })
    .optional()
    .describe('how it stands with its rebuild'),
  chain: z.string().optional().describe('what goes on below its base, in one line'),
};

/** What a run is to programs. */
export function runOf(run: StoredRun): z.infer<typeof runDocument> {
  const { id, trigger, targeted, outcome, exit, startedAt, finishedAt, begunAt, summary, cost, problems } = run;
  const { references, scopes } = targeted ?? {};
  const isOver = outcome === 'failed' || outcome === 'aborted';
  return {
    id,
    trigger,
    scope:
      targeted === undefined
        ? 'all'
        : { ...(references && { images: [...references] }), ...(scopes && { scopes: [...scopes] }) },
    state: isOver ? outcome : outcome !== undefined ? 'done' : begunAt === undefined ? 'queued' : 'running',
    ...(outcome !== undefined && !isOver && { outcome }),
    ...(exit !== undefined && { exit }),
    startedAt: timeOf(startedAt),
    ...(finishedAt !== undefined && { finishedAt: timeOf(finishedAt) }),
    ...(summary !== undefined && { summary: { ...summary } }),
    ...(cost !== undefined && { cost: { ...cost } }),
    problems: { first: problems.first.map((one) => ({ ...one })), all: problems.all },
  };
}

/** The same with how far its parts are, where it has some. */
export async function wholeRun(
  run: StoredRun,
  { shared }: Pick<Store, 'shared'>,
): Promise<z.infer<typeof wholeRunDocument>> {
  const parts = await shared?.parts(run.id);
  return { ...runOf(run), ...(parts && { parts: { ...parts.counts } }) };
}

export const snoozeRow = z.object({ kind: z.enum(['image', 'digest', 'news']), value: z.string(), until: time });

/** Times of a row as text. */
export function stamped<T extends object, K extends keyof T>(row: T, ...keys: readonly K[]): T {
  const times = keys.flatMap((key) => (typeof row[key] === 'number' ? [[key, timeOf(row[key])] as const] : []));
  return { ...row, ...Object.fromEntries(times) };
}
