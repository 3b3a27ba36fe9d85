import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parsePlatform } from '../../src/core/image/platform.ts';
import type { Message } from '../../src/core/message.ts';
import type { RunTargets } from '../../src/core/run-record.ts';
import { formats } from '../../src/formats/index.ts';
import { type JobResult, runJob } from '../../src/job/run-job.ts';
import { stateKnowledge } from '../../src/job/state-knowledge.ts';
import type { OpenChannel } from '../../src/notify/deliver.ts';
import type { DeliveryRules } from '../../src/notify/delivery-plan.ts';
import type { Channel, Posted } from '../../src/notify/notifier.ts';
import type { Source } from '../../src/sources/source.ts';
import { openSqliteStore } from '../../src/state/sqlite/sqlite.ts';
import type { Store } from '../../src/state/store.ts';
import type { Policy } from '../../src/verdict/policy.ts';
import { testApp } from './test-app.ts';

/** A channel that keeps what it is told, and answers as it is told to. */
export interface Listener {
  readonly name: string;
  readonly rules: DeliveryRules;
  readonly heard: { readonly message: Message; readonly thread?: string }[];
  /** The next answers; accepted when there is none. */
  readonly answers: Posted[];
  /** Does an answer stand in a thread, and disturb nobody? */
  readonly threads: boolean;
}

export function listener(name = 'ops', rules: Partial<DeliveryRules> = {}, threads = true): Listener {
  return { name, rules: { mode: 'run', only: {}, ...rules }, heard: [], answers: [], threads };
}

function channelOf(one: Listener): Channel {
  const answer = (): Posted => one.answers.shift() ?? { kind: 'accepted', receipt: `${one.name}-${one.heard.length}` };
  return {
    pace: 0,
    render: (message) => [
      { news: [...new Set(message.stories.flatMap(({ news }) => news))], payload: message, text: message.title },
    ],
    post: async ({ payload }, thread) => {
      const posted = answer();
      if (posted.kind === 'accepted')
        one.heard.push({ message: payload as Message, ...(thread !== undefined && { thread }) });
      return posted;
    },
    ...(one.threads && { repliesSilently: true as const }),
    close: async () => undefined,
  };
}

/** A tree that is watched for days: each run has an application of its own, and shares state and cache. */
export interface Watch {
  readonly folder: string;
  readonly store: Store;
  write(files: Readonly<Record<string, string>>): void;
  run(day: number, listeners: readonly Listener[], more?: WatchRun): Promise<JobResult>;
  remove(): Promise<void>;
}

export interface WatchRun {
  readonly policy?: Policy;
  readonly advisories?: string;
  /** Hours after noon. */
  readonly hour?: number;
  /** The tree could not be read in this run. */
  readonly isGone?: boolean;
  readonly sources?: readonly Source[];
  /** What the run is about, when it is not about everything. */
  readonly about?: RunTargets;
  /** What the configuration names: folders below `folder`. Default: the tree. */
  readonly folders?: readonly string[];
}

const noon = Date.parse('2026-01-05T12:00:00Z');

export function startWatch(): Watch {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-watch-'));
  const tree = path.join(folder, 'tree');
  mkdirSync(tree);
  const store = openSqliteStore(path.join(folder, 'state.db'), { readOnly: false });
  return {
    folder,
    store,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(path.join(tree, name), text);
    },
    run: async (
      day,
      listeners,
      {
        policy = { rules: [], pin: false },
        advisories,
        hour = 0,
        isGone = false,
        sources = [],
        about,
        folders = ['tree'],
      } = {},
    ) => {
      const now = noon + (day * 24 + hour) * 60 * 60 * 1000;
      const app = testApp({
        clock: { now: () => now },
        now,
        cacheFolder: path.join(folder, 'cache'),
        advisories: advisories === undefined ? { kind: 'off' } : { kind: 'osv', base: advisories },
      });
      const settings = {
        discovery: { formats, include: [], exclude: [] },
        platforms: { targets: [parsePlatform('linux/amd64')], build: parsePlatform('linux/amd64') },
        policy,
      };
      const channels: OpenChannel[] = listeners.map((one) => ({
        name: one.name,
        rules: one.rules,
        channel: channelOf(one),
      }));
      const known = stateKnowledge(store);
      const request: Parameters<typeof runJob>[0]['request'] = {
        trees: isGone ? [] : folders.map((one) => ({ ...settings, path: path.join(folder, one) })),
        sources,
        ...(about && { targeted: about }),
        unread: isGone ? [{ code: 'repository-unreadable', message: 'no such folder', subject: tree }] : [],
        baseLines: [known.baseLine],
        seen: known.seen,
        snoozes: () => store.snoozes.active(now),
      };
      try {
        return await runJob(
          { request, channels, timezone: 'UTC' },
          { run: app.run, store, signal: new AbortController().signal, sleep: async () => undefined },
        );
      } finally {
        app.close();
      }
    },
    remove: async () => {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
