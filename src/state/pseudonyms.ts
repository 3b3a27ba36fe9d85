import { createHash } from 'node:crypto';
import type { RebuildRequest } from '../core/image/rebuild.ts';
import type { KnownPlace, RunTargets } from '../core/run-record.ts';
import type { Outbox } from './outbox.ts';
import type { OpenNews, Store } from './store.ts';

/** What stands for an image whose name this process does not know: it is not in use any more. */
const nameless = 'an image that is not used any more';

/**
 * The same store, in which images, repositories and channels stand as hashes: it may be kept where others can read it.
 * Names that this process has used come out as themselves. Findings and the fleet's inventory keep theirs.
 */
export function pseudonymous(store: Store): Store {
  const known = new Map<string, string>();
  const hash = (name: string): string => {
    const hashed = createHash('sha256').update(`plimsoll ${name}`).digest('hex').slice(0, 32);
    known.set(hashed, name);
    return hashed;
  };
  const nameOf = (hashed: string): string => known.get(hashed) ?? nameless;
  const hashAll = (names: readonly string[]): readonly string[] => names.map(hash);
  /** What is known by hash, by the names that were asked for. */
  const named = <T>(found: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map([...found].map(([hashed, value]) => [nameOf(hashed), value]));
  const placeOf = ({ scope, file, reference }: KnownPlace): KnownPlace => ({
    scope: hash(scope),
    file: file === '' ? '' : hash(file),
    ...(reference !== undefined && { reference: hash(reference) }),
  });
  const ofImage = (request: RebuildRequest): RebuildRequest => ({ ...request, image: nameOf(request.image) });
  const targetsOf = ({ references, scopes }: RunTargets): RunTargets => ({
    ...(references && { references: new Set(hashAll([...references])) }),
    ...(scopes && { scopes: new Set(hashAll([...scopes])) }),
  });
  return {
    looks: async (references, platform) => named(await store.looks(hashAll(references), platform)),
    baseLines: async (references) => named(await store.baseLines(hashAll(references))),
    moveBaseLines: (lines, now) =>
      store.moveBaseLines(new Map([...lines].map(([reference, digest]) => [hash(reference), digest])), now),
    openNews: async (keys) =>
      new Map(
        [...(await store.openNews(keys))].map(([key, one]): [string, OpenNews] => [
          key,
          { ...one, reference: nameOf(one.reference) },
        ]),
      ),
    recordRun: (run) =>
      store.recordRun({
        ...run,
        looks: run.looks.map((look) => ({ ...look, reference: hash(look.reference) })),
        // What a page shows of one is text.
        findings: run.findings.map(({ detail: _, ...one }) => ({
          ...one,
          ...placeOf(one),
          reference: hash(one.reference),
        })),
        workloads: run.workloads.map((one) => ({ ...one, scope: hash(one.scope) })),
        notices: run.notices.map((one) => ({
          ...one,
          reference: hash(one.reference),
          places: one.places.map(placeOf),
        })),
        unsure: new Map([...run.unsure].map(([name, untold]) => [hash(name), untold])),
        read: run.read.map((one) => ({
          ...one,
          id: hash(one.id),
          name: hash(one.name),
          files: hashAll(one.files),
          lost: hashAll(one.lost),
          // Nobody can tell any more which files are in a folder.
          missed: one.missed.length === 0 ? [] : 'somewhere',
        })),
        dropped: hashAll(run.dropped),
        ...(run.targeted && { targeted: targetsOf(run.targeted) }),
      }),
    endRun: (run, end) => store.endRun(run, end),
    runs: (most, of) => store.runs(most, of),
    run: (number) => store.run(number),
    queueRun: ({ targeted, ...run }) => store.queueRun({ ...run, ...(targeted && { targeted: targetsOf(targeted) }) }),
    beginRun: (run, at) => store.beginRun(run, at),
    prune: (keep, now) => store.prune(keep, now),
    copyTo: (file) => store.copyTo(file),
    outbox: pseudonymousOutbox(store.outbox, { hash, hashAll, named, nameOf, known }),
    snoozes: {
      // Only what this run has come across can be silent in it.
      active: async (now) =>
        (await store.snoozes.active(now)).flatMap((one) => {
          const value = one.kind === 'image' ? known.get(one.value) : one.value;
          return value === undefined ? [] : [{ ...one, value }];
        }),
      add: (snoozes, now) =>
        store.snoozes.add(
          snoozes.map((one) => (one.kind === 'image' ? { ...one, value: hash(one.value) } : one)),
          now,
        ),
    },
    fleet: store.fleet,
    memory: store.memory,
    daemon: store.daemon,
    acts: store.acts,
    rebuilds: {
      begin: (request) => store.rebuilds.begin({ ...request, image: hash(request.image) }),
      sent: (number, { at }) => store.rebuilds.sent(number, { at }),
      end: (number, end) => store.rebuilds.end(number, end),
      list: async (images, since) => (await store.rebuilds.list(hashAll(images), since)).map(ofImage),
      untold: async () => (await store.rebuilds.untold()).map(ofImage),
      told: (numbers, at) => store.rebuilds.told(numbers, at),
      clear: async (images, at) => (await store.rebuilds.clear(images && hashAll(images), at)).map(nameOf),
    },
    swarms: store.swarms,
    watch: {
      // One whose name this process has not come across can be told of as little as it can be compared.
      scopes: async () =>
        (await store.watch.scopes()).flatMap(({ id, name, last }) => {
          const [knownId, knownName] = [known.get(id), known.get(name)];
          return knownId === undefined || knownName === undefined ? [] : [{ id: knownId, name: knownName, last }];
        }),
      readBefore: async (files) => {
        const hashed = files.map(({ scope, file }) => ({ scope: hash(scope), file: hash(file) }));
        const found = await store.watch.readBefore(hashed);
        return found.map(({ scope, file }) => ({ scope: nameOf(scope), file: nameOf(file) }));
      },
    },
    close: () => store.close(),
  };
}

interface Names {
  readonly hash: (name: string) => string;
  readonly hashAll: (names: readonly string[]) => readonly string[];
  readonly named: <T>(found: ReadonlyMap<string, T>) => ReadonlyMap<string, T>;
  readonly nameOf: (hashed: string) => string;
  readonly known: ReadonlyMap<string, string>;
}

function pseudonymousOutbox(outbox: Outbox, { hash, hashAll, named, nameOf, known }: Names): Outbox {
  // News of a channel that fails is named after it; all other keys are hashes already.
  const isOfChannel = (key: string): boolean => key.startsWith('channel ');
  const newsKeys = (keys: readonly string[]): readonly string[] =>
    keys.map((key) => (isOfChannel(key) ? hash(key) : key));
  return {
    memoryOf: async (channel, repositories) => {
      // So that the name is known when another channel has been told of it.
      hash(`channel ${channel}`);
      const memory = await outbox.memoryOf(hash(channel), hashAll(repositories));
      return {
        ...memory,
        told: new Map([...memory.told].map(([key, last]) => [known.get(key) ?? key, last])),
        closings: memory.closings.map((one) => ({ ...one, reference: nameOf(one.reference) })),
        baselines: new Set([...memory.baselines].map(nameOf)),
      };
    },
    windows: async (channels) => named(await outbox.windows(hashAll(channels))),
    delivered: (channel, { news, ...more }) => outbox.delivered(hash(channel), { news: newsKeys(news), ...more }),
    reminded: (channel, news, now) => outbox.reminded(hash(channel), news, now),
    closed: (channel, news, now) => outbox.closed(hash(channel), news, now),
    forget: (news) => outbox.forget(newsKeys([news])[0] ?? news),
    recordBaselines: (channel, repositories, now) => outbox.recordBaselines(hash(channel), hashAll(repositories), now),
    openWindow: (channel, kind, period) => outbox.openWindow(hash(channel), kind, period),
    failed: (channel, code, now) => outbox.failed(hash(channel), code, now),
    recovered: (channel) => outbox.recovered(hash(channel)),
  };
}
