import { createHash } from 'node:crypto';
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
  return {
    lastLook: (reference, platform) => store.lastLook(hash(reference), platform),
    looks: (reference, platform) => store.looks(hash(reference), platform),
    baseLine: (reference) => store.baseLine(hash(reference)),
    moveBaseLine: (reference, digest, now) => store.moveBaseLine(hash(reference), digest, now),
    openNews: () =>
      new Map(
        [...store.openNews()].map(([key, one]): [string, OpenNews] => [
          key,
          { ...one, reference: nameOf(one.reference) },
        ]),
      ),
    recordRun: (run) =>
      store.recordRun({
        ...run,
        looks: run.looks.map((look) => ({ ...look, reference: hash(look.reference) })),
        findings: run.findings.map((finding) => ({ ...finding, reference: hash(finding.reference) })),
        notices: run.notices.map((notice) => ({ ...notice, reference: hash(notice.reference) })),
        unsure: new Map([...run.unsure].map(([name, untold]) => [hash(name), untold])),
        whole: run.whole.map(({ id, name, files }) => ({ id: hash(id), name: hash(name), files: files.map(hash) })),
      }),
    outbox: pseudonymousOutbox(store.outbox, hash, nameOf),
    snoozes: {
      // Only what this run has come across can be silent in it.
      active: (now) =>
        store.snoozes.active(now).flatMap((one) => {
          const value = one.kind === 'image' ? known.get(one.value) : one.value;
          return value === undefined ? [] : [{ ...one, value }];
        }),
      add: (snooze, now) =>
        store.snoozes.add(snooze.kind === 'image' ? { ...snooze, value: hash(snooze.value) } : snooze, now),
    },
    fleet: store.fleet,
    watch: {
      lastRead: (name, file) => store.watch.lastRead(hash(name), file === undefined ? undefined : hash(file)),
      // One whose name this process has not come across can be told of as little as it can be compared.
      scopes: () =>
        store.watch.scopes().flatMap(({ id, name, last }) => {
          const [knownId, knownName] = [known.get(id), known.get(name)];
          return knownId === undefined || knownName === undefined ? [] : [{ id: knownId, name: knownName, last }];
        }),
      forget: (id) => store.watch.forget(hash(id)),
    },
    close: () => store.close(),
  };
}

function pseudonymousOutbox(
  outbox: Outbox,
  hash: (name: string) => string,
  nameOf: (hashed: string) => string,
): Outbox {
  // News of a channel that fails is named after it; all other keys are hashes already.
  const newsKey = (key: string): string => (key.startsWith('channel ') ? hash(key) : key);
  return {
    undelivered: (channel, news) => {
      const missing = new Set(outbox.undelivered(hash(channel), news.map(newsKey)));
      return news.filter((key) => missing.has(newsKey(key)));
    },
    delivered: (channel, { news, ...more }) => outbox.delivered(hash(channel), { news: news.map(newsKey), ...more }),
    told: (channel) => outbox.told(hash(channel)),
    reminded: (channel, news, now) => outbox.reminded(hash(channel), news, now),
    closings: (channel) => outbox.closings(hash(channel)).map((one) => ({ ...one, reference: nameOf(one.reference) })),
    closed: (channel, news, now) => outbox.closed(hash(channel), news, now),
    receipt: (channel, news) => outbox.receipt(hash(channel), news),
    forget: (news) => outbox.forget(newsKey(news)),
    hasBaseline: (channel, repository) => outbox.hasBaseline(hash(channel), hash(repository)),
    recordBaseline: (channel, repository, now) => outbox.recordBaseline(hash(channel), hash(repository), now),
    window: (channel, kind) => outbox.window(hash(channel), kind),
    openWindow: (channel, kind, period) => outbox.openWindow(hash(channel), kind, period),
    trouble: (channel) => outbox.trouble(hash(channel)),
    failed: (channel, code, now) => outbox.failed(hash(channel), code, now),
    recovered: (channel) => outbox.recovered(hash(channel)),
  };
}
