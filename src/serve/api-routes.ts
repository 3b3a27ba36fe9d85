// One table: every route of the API with what it takes, answers and does.
import * as z from 'zod';
import { isDigest } from '../core/image/digest.ts';
import { limits } from '../core/limits/limits.ts';
import { roles } from '../core/parsed-file.ts';
import { beginsWithDay } from '../core/time/day.ts';
import { newestFirst, pageOfRows } from '../state/lists/cursors.ts';
import { changes } from './api-changes.ts';
import {
  findingClass,
  rebuildFacts,
  runDocument,
  runOf,
  snoozeRow,
  stamped,
  time,
  timeOf,
  wholeRun,
  wholeRunDocument,
} from './api-documents.ts';
import { asked, cursorOf, findingQuery, imageQuery, listQuery, pageOf, rowsOf } from './api-lists.ts';
import type { ApiAnswer, ApiRoute } from './api-route.ts';
import { daemonFacts } from './daemon-parts.ts';
import { digestDifference } from './digest-difference.ts';
import { runNumber } from './pages/links.ts';

const workload = z.looseObject({ engine: z.string(), kind: z.string(), name: z.string() });

const imageRow = z.object({
  reference: z.string(),
  uses: z.int(),
  repositories: z.int(),
  class: findingClass.optional().describe('the most urgent that stands; absent: nothing does'),
  findings: z.int(),
  isSecurity: z.boolean(),
  since: time.optional(),
  looked: time.optional().describe('when a run looked it up last'),
});

const findingRow = z.looseObject({
  id: z.string(),
  class: findingClass,
  repository: z.string(),
  file: z.string().optional(),
  line: z.int().optional(),
  workload: workload.optional(),
  written: z.string(),
  reference: z.string(),
  remedy: z.string(),
  security: z.boolean().nullable(),
  held: z.string().nullable(),
  reason: z.string(),
  since: time,
  checked: time.describe('when a run found it last; before the newest run for what that could not tell about'),
  ...rebuildFacts,
});

const useRow = z.object({
  id: z.string(),
  repository: z.string(),
  role: z.enum(roles).optional().describe('absent where no run has seen it since roles are kept'),
  file: z.string().optional(),
  line: z.int().optional(),
  workload: workload.optional(),
  written: z.string(),
  reference: z.string(),
  digest: z.string(),
});

const day = z.object({
  date: z.string().describe('2026-11-29, UTC'),
  images: z.int(),
  uses: z.int(),
  untold: z.int().describe('uses of which something was not known'),
  findings: z.partialRecord(findingClass, z.int()),
  security: z.int(),
});

const answerOf = (document: unknown): ApiAnswer => ({ status: 200, document });

/** Everything that programs may ask and do. */
export const routes: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/fleet',
    what: 'How it stands: days, the newest run, what is under way, and when the next is due.',
    query: { from: 'the first day, as 2026-11-29 (default: 90 days ago)' },
    status: 200,
    answer: z.object({
      version: z.string(),
      days: z.array(day),
      next: time.optional(),
      last: runDocument.optional().describe('the newest run about everything'),
      isRunning: z.boolean(),
      refused: z.string().optional().describe('why a newer configuration is not in force'),
    }),
    handle: async ({ daemon, query }) => {
      const { version, next, running, refused } = daemonFacts(daemon);
      const from = query.get('from') ?? timeOf(daemon.clock.now() - 90 * 86_400_000).slice(0, 10);
      if (!/^\d{4}-\d{2}-\d{2}$/.test(from) || !beginsWithDay(from))
        return { status: 400, problem: `${JSON.stringify(from.slice(0, 40))} is no day; write 2026-11-29` };
      const days = await daemon.store.memory.days(from);
      const [last] = await daemon.store.runs(1, { isWhole: true });
      return answerOf({
        version,
        days,
        ...(next !== undefined && { next: timeOf(next) }),
        ...(last && { last: runOf(last) }),
        isRunning: running !== undefined,
        ...(refused !== undefined && { refused }),
      });
    },
  },
  {
    method: 'get',
    path: '/images',
    what: 'Images in use, the most urgent first.',
    query: imageQuery,
    status: 200,
    answer: pageOf(imageRow),
    handle: async ({ daemon, query }) => {
      const { items, ...rest } = await daemon.store.memory.images(asked(query), cursorOf(query));
      return answerOf({ items: items.map((one) => stamped(one, 'since', 'looked')), ...rest });
    },
  },
  {
    method: 'get',
    path: '/images/:reference',
    what: 'One image: its name in one segment, percent-encoded; what stands of it, the most urgent first, and who uses it.',
    query: { ...listQuery, ...findingQuery },
    status: 200,
    answer: z.object({
      reference: z.string(),
      findings: z.array(findingRow).max(limits.serve.findingRows.most),
      moreFindings: z.boolean().describe('more stand than are listed: GET /findings has them, with ?q= and the name'),
      uses: z.array(useRow).max(limits.serve.findingRows.most),
      next: z.string().optional().describe('where the next page of uses begins'),
    }),
    handle: async ({ daemon, params, query }) => {
      const reference = params['reference'] ?? '';
      const { memory, fleet } = daemon.store;
      const rows = rowsOf(query);
      if (!(await fleet.references(reference)).includes(reference)) return unknownImage(reference);
      const [findings, uses] = await Promise.all([
        memory.findings({ reference, rows }),
        memory.uses(reference, cursorOf(query), rows),
      ]);
      return answerOf({
        reference,
        findings: findings.items.map((one) => stamped(one, 'since', 'checked')),
        moreFindings: findings.next !== undefined,
        uses: uses.items,
        ...(uses.next !== undefined && { next: uses.next }),
      });
    },
  },
  {
    method: 'get',
    path: '/images/:reference/digests',
    what: 'Every digest that a reference has named, the newest first.',
    query: listQuery,
    status: 200,
    answer: pageOf(z.object({ digest: z.string(), first: time, last: time })),
    handle: async ({ daemon, params, query }) => {
      const reference = params['reference'] ?? '';
      const { items, ...rest } = await daemon.store.memory.digests(reference, cursorOf(query));
      if (items.length === 0) return unknownImage(reference);
      return answerOf({ items: items.map((one) => stamped(one, 'first', 'last')), ...rest });
    },
  },
  {
    method: 'get',
    path: '/diff',
    what: 'What differs between the packages of two digests that runs have seen, platform by platform.',
    query: { from: 'a digest; needed', to: 'a digest; needed' },
    status: 200,
    answer: z.object({
      notKept: z.array(z.string()).describe('of these nobody knows any more what they stood for'),
      platforms: z
        .array(
          z.discriminatedUnion('kind', [
            z.object({ platform: z.string(), kind: z.literal('same-manifest') }),
            z.object({
              platform: z.string(),
              kind: z.literal('not-kept').describe('it is not known what differs'),
              missing: z.enum(['before', 'after', 'both']),
            }),
            z.object({
              platform: z.string(),
              kind: z.literal('compared'),
              changes: z.array(z.looseObject({ name: z.string(), kind: z.string() })),
              packages: z.int().describe('how many the newer has'),
              isWhole: z.boolean().describe('false: there may be more'),
            }),
          ]),
        )
        .describe('platforms that both have and that were looked into'),
    }),
    handle: async ({ daemon, query }) => {
      const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
      if (!isDigest(from) || !isDigest(to))
        return { status: 400, problem: 'two digests are needed: ?from=sha256:…&to=sha256:…' };
      return answerOf(await digestDifference(daemon.store.memory, from, to));
    },
  },
  {
    method: 'get',
    path: '/findings',
    what: 'Findings that stand, the most urgent class first, then the oldest.',
    query: { ...imageQuery, ...findingQuery },
    status: 200,
    answer: pageOf(findingRow, limits.serve.findingRows.most),
    handle: async ({ daemon, query }) => {
      const wanted = { ...asked(query), rows: rowsOf(query) };
      const { items, ...rest } = await daemon.store.memory.findings(wanted, cursorOf(query));
      return answerOf({ items: items.map((one) => stamped(one, 'since', 'checked')), ...rest });
    },
  },
  {
    method: 'get',
    path: '/packages',
    what: 'Versions of a package, or of what is built from a source of that name, and how far they are spread.',
    query: { name: 'the name; needed', ...listQuery },
    status: 200,
    answer: pageOf(
      z.object({
        name: z.string(),
        version: z.string(),
        scheme: z.string(),
        os: z.string().nullable(),
        images: z.int(),
        places: z.int(),
      }),
    ),
    handle: async ({ daemon, query }) => {
      const name = query.get('name') ?? '';
      if (name === '') return { status: 400, problem: 'which package? Say ?name=openssl' };
      return answerOf(await daemon.store.memory.packages(name, cursorOf(query)));
    },
  },
  {
    method: 'get',
    path: '/repositories',
    what: 'Repositories, folders and engines, with what stands in each.',
    query: listQuery,
    status: 200,
    answer: pageOf(
      z.object({
        name: z.string(),
        uses: z.int(),
        images: z.int(),
        findings: z.int(),
        security: z.int(),
        since: time.optional(),
      }),
    ),
    handle: async ({ daemon, query }) => {
      const { items, ...rest } = await daemon.store.memory.repositories(cursorOf(query));
      return answerOf({ items: items.map((one) => stamped(one, 'since')), ...rest });
    },
  },
  {
    method: 'get',
    path: '/workloads',
    what: 'What runs on engines, as the newest run about each saw it.',
    query: listQuery,
    status: 200,
    answer: pageOf(workload),
    handle: async ({ daemon, query }) => {
      const { items, ...rest } = pageOfRows(['workloads'], await daemon.store.fleet.workloads(), cursorOf(query));
      return answerOf({ items: items.map((one) => stamped(one, 'first', 'last')), ...rest });
    },
  },
  {
    method: 'get',
    path: '/moves',
    what: 'What was done to workloads, the newest first.',
    query: listQuery,
    status: 200,
    answer: pageOf(
      z.object({
        workload: z.looseObject({ engine: z.string(), kind: z.string(), name: z.string() }),
        reference: z.string(),
        from: z.string().nullable(),
        to: z.string(),
        began: time,
        ended: time.optional(),
        outcome: z.string().nullable().describe('null: it is under way, or its process died'),
        reason: z.string(),
      }),
    ),
    handle: async ({ daemon, query }) => {
      const { acts } = daemon.store;
      const page = await newestFirst(['moves'], cursorOf(query), acts.list, ({ number }) => number);
      const items = page.items.map(({ workload, reference, from, to, began, ended, outcome = null, reason }) =>
        stamped(
          { workload, reference, from, to: to.root, began, ...(ended !== undefined && { ended }), outcome, reason },
          'began',
          'ended',
        ),
      );
      return answerOf({ ...page, items });
    },
  },
  {
    method: 'get',
    path: '/news',
    what: 'News that is open.',
    query: listQuery,
    status: 200,
    answer: pageOf(
      z.object({
        key: z.string(),
        class: z.string(),
        reference: z.string(),
        first: time,
        runs: z.int().describe('runs about everything that found it in a row'),
        places: z.int(),
        told: z.int().describe('channels that were told'),
      }),
    ),
    handle: async ({ daemon, query }) => {
      const { items, ...rest } = await daemon.store.memory.news(cursorOf(query));
      return answerOf({ items: items.map((one) => stamped(one, 'first')), ...rest });
    },
  },
  {
    method: 'get',
    path: '/runs',
    what: 'Runs, the newest first.',
    query: listQuery,
    status: 200,
    answer: pageOf(runDocument),
    handle: async ({ daemon, query }) => {
      const page = await newestFirst(
        ['runs'],
        cursorOf(query),
        (most, before) => daemon.store.runs(most, { before }),
        ({ id }) => id,
      );
      return answerOf({ ...page, items: page.items.map(runOf) });
    },
  },
  {
    method: 'get',
    path: '/runs/:id',
    what: 'One run: how it stands or ended, what it saw and what it cost.',
    status: 200,
    answer: wholeRunDocument,
    handle: async ({ daemon, params }) => {
      const id = runNumber(params['id']);
      const run = id === undefined ? undefined : await daemon.store.run(id);
      return run === undefined
        ? { status: 404, problem: `no run ${params['id']?.slice(0, 40)} is known` }
        : answerOf(await wholeRun(run, daemon.store));
    },
  },
  {
    method: 'get',
    path: '/channels',
    what: 'What channels have had.',
    status: 200,
    answer: z.object({
      items: z.array(
        z.object({
          name: z.string(),
          delivered: z.int(),
          last: time.optional(),
          trouble: z.object({ code: z.string(), first: time, runs: z.int() }).optional(),
        }),
      ),
    }),
    handle: async ({ daemon }) => {
      const all = await daemon.store.memory.channels();
      const items = all.map((one) => ({
        ...stamped(one, 'last'),
        ...(one.trouble && { trouble: stamped(one.trouble, 'first') }),
      }));
      return answerOf({ items });
    },
  },
  {
    method: 'get',
    path: '/snoozes',
    what: 'What nobody wants to hear of for a while.',
    status: 200,
    answer: z.object({ items: z.array(snoozeRow) }),
    handle: async ({ daemon }) => {
      const active = await daemon.store.snoozes.active(daemon.clock.now());
      return answerOf({ items: active.map((one) => stamped(one, 'until')) });
    },
  },
  ...changes,
];

function unknownImage(reference: string): ApiAnswer {
  return { status: 404, problem: `no run has seen ${reference.slice(0, 300)} yet` };
}
