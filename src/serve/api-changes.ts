import * as z from 'zod';
import { parseUntil, snoozed } from '../config/snooze-words.ts';
import { formatReference, parseReference } from '../core/image/reference.ts';
import type { RunTargets } from '../core/run-record.ts';
import { snoozeRow, stamped } from './api-documents.ts';
import type { ApiRoute } from './api-route.ts';
import type { Daemon } from './daemon-parts.ts';
import { askForMove, type MoveWord, moveWords } from './moves.ts';

/** What programs may do; each is written down with who did it. */
export const changes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/snoozes',
    what: 'Tells and proposes nothing about an image, a digest or one piece of news before a time.',
    body: z.strictObject({
      value: z.string().min(1).describe('an image, a glob over images, a digest, or a news key'),
      until: z.string().describe('2026-12-24, 2026-12-24T08:00:00Z or 7d'),
    }),
    status: 201,
    answer: snoozeRow,
    handle: async ({ daemon, body, person }) => {
      const { value, until } = body as { readonly value: string; readonly until: string };
      return { status: 201, document: stamped(await snooze(daemon, value, until, person), 'until') };
    },
  },
  {
    method: 'delete',
    path: '/snoozes/:value',
    what: 'Ends a snooze; the value in one segment, percent-encoded.',
    status: 204,
    handle: async ({ daemon, params, person }) => {
      await snooze(daemon, params['value'] ?? '', 'now', person);
      return { status: 204 };
    },
  },
  {
    method: 'post',
    path: '/checks',
    what: 'Has images, repositories or workloads that are known looked at, by a run of their own.',
    body: z
      .strictObject({
        images: z.array(z.string()).max(100).optional(),
        repositories: z.array(z.string()).max(100).optional(),
        workloads: z.array(z.string()).max(100).optional().describe('ENGINE/NAME'),
      })
      .refine((wish) => Object.values(wish).filter((names) => names !== undefined && names.length > 0).length === 1, {
        error: 'name images, or repositories, or workloads: one of the three',
      }),
    status: 202,
    answer: z.object({ run: z.int().describe('its number') }),
    handle: async ({ daemon, body, person }) => {
      const found = await targetsOf(daemon, body as CheckWish);
      if ('unknown' in found) return { status: 404, problem: `no run has seen ${found.unknown.slice(0, 300)} yet` };
      const run = await daemon.supervisor.request('person', found.targets);
      await daemon.store.daemon.audit({ at: daemon.clock.now(), person, action: 'check', subject: `run ${run}` });
      return { status: 202, document: { run } };
    },
  },
  {
    method: 'post',
    path: '/moves',
    what: 'Has a workload moved to what its tag names, taken back to what it ran before, or its digest tried again, on an engine with mode: redeploy.',
    body: z.strictObject({
      workload: z.string().describe('ENGINE/NAME'),
      what: z.enum(moveWords),
    }),
    status: 202,
    answer: z.object({ workload: z.string(), what: z.enum(moveWords) }),
    handle: async ({ daemon, body, person }) => {
      const { workload, what } = body as { readonly workload: string; readonly what: MoveWord };
      const [, engine = '', name = ''] = /^([^/]*)\/(.*)$/.exec(workload) ?? [];
      const answer = await askForMove(daemon, { what, engine, name, person });
      if (answer.is !== 'taken') return { status: answer.is === 'unknown' ? 404 : 400, problem: answer.why };
      return { status: 202, document: { workload, what } };
    },
  },
];

interface CheckWish {
  readonly images?: readonly string[];
  readonly repositories?: readonly string[];
  readonly workloads?: readonly string[];
}

/** What is wished for, as a run takes it; the first name that nobody knows. */
async function targetsOf(
  { store }: Daemon,
  { images = [], repositories = [], workloads = [] }: CheckWish,
): Promise<{ readonly targets: RunTargets } | { readonly unknown: string }> {
  const references = new Set<string>();
  for (const image of images) {
    const known = await store.fleet.references(keyOf(image));
    if (known.length === 0) return { unknown: image };
    for (const one of known) references.add(one);
  }
  const scopes = new Set<string>();
  const known = repositories.length === 0 ? [] : await store.watch.scopes();
  for (const name of repositories) {
    const own = known.filter((one) => one.name === name);
    if (own.length === 0) return { unknown: name };
    for (const { id } of own) scopes.add(id);
  }
  const running = workloads.length === 0 ? [] : await store.fleet.workloads();
  for (const name of workloads) {
    const own = running.filter((one) => `${one.engine}/${one.name}` === name);
    if (own.length === 0) return { unknown: name };
    for (const { reference } of own) if (reference !== undefined) references.add(formatReference(reference));
  }
  return {
    targets: { ...(references.size > 0 && { references }), ...(scopes.size > 0 && { scopes }) },
  };
}

/** A name as runs keep it: `debian:12` is `docker.io/library/debian:12`. What is no name stays as it is: nobody knows it. */
function keyOf(image: string): string {
  try {
    const { registry, repository, tag } = parseReference(image);
    return formatReference({ registry, repository, ...(tag !== undefined && { tag }) });
  } catch {
    return image;
  }
}

/** Has something be silent until then, or ends that; returns what is in force. Throws PlimsollError 'USAGE', 'REFERENCE'. */
export async function snooze(
  { store, clock }: Daemon,
  text: string,
  end: string,
  person: string,
): Promise<{ readonly kind: 'image' | 'digest' | 'news'; readonly value: string; readonly until: number }> {
  const now = clock.now();
  const one = { ...snoozed(text), until: parseUntil(end, now) };
  await store.snoozes.add([one], now);
  await store.daemon.audit({ at: now, person, action: one.until > now ? 'snooze' : 'wake', subject: one.value });
  return one;
}
