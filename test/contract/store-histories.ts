import { type Digest, digestOf } from '../../src/core/image/digest.ts';
import type { Consumer } from '../../src/state/fleet.ts';
import type { NewRun, Store } from '../../src/state/store.ts';
import { aRun, look, readScope, stored } from './store.ts';

/** Numbers below `below`, always the same after one seed (mulberry32). */
export function numbersAfter(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const hour = 3_600_000;
const scopes = ['alpha', 'Beta', 'ünïcode'];
const files = ['Dockerfile', 'a/compose.yml', 'a/b/%_\\.yml'];
const references = ['debian:12', 'ghcr.io/A/b:1', 'ghcr.io/a/b:1', 'quay.io/zero/\0:x', 'r.example/🐋:2'].map(
  (one) => `docker.io/${one}`,
);
const classes = ['packages', 'security', 'pin-broken', 'newer-tag', 'unknown'] as const;
const channels = ['ops', 'Dev'];
const names = ['openssl', 'OpenSSL', 'lib_a', 'lib%'];

/** What is done to a state, told so that it can be done to another. */
type Deed = (store: Store, numbers: readonly number[]) => Promise<unknown>;

/**
 * Random runs, whole and about a few things, killed in the middle, with clocks that jump; and all that people and services
 * do meanwhile. A deed gets the numbers of runs and acts as its own state gave them.
 */
export function historyOf(seed: number): readonly Deed[] {
  const number = numbersAfter(seed);
  const oneOf = <T>(all: readonly T[]): T => all[number(all.length)] as T;
  const someOf = <T>(all: readonly T[]): readonly T[] => all.filter(() => number(3) > 0);
  let now = 1_790_000_000_000;
  const deeds: Deed[] = [];
  const places = scopes.flatMap((scope) =>
    files.flatMap((file) =>
      references.map((reference) => ({ scope, file, reference, id: `${scope} ${file} ${reference}` })),
    ),
  );
  const run = (): NewRun => {
    const uses = someOf(someOf(places));
    const findings = uses.map(({ scope, file, reference, id }) => {
      const kind = oneOf(classes);
      const more = {
        class: kind,
        scope,
        file,
        reference,
        repository: `${scope}/x`,
        line: number(3),
        security: oneOf([true, false, null]),
        reason: oneOf(['because', 'of \0 this']),
        ...(number(2) === 0 && {
          detail: { platforms: ['linux/amd64'], packages: { first: [], all: 0 }, react: [], latest: `v${number(3)}` },
        }),
        ...(number(4) === 0 && { held: 'age' }),
      };
      return stored([`${kind} ${reference}`], id, more);
    });
    const read = someOf(scopes).map((id) =>
      readScope(id, { files: someOf(files), lost: [], missed: number(5) === 0 ? 'somewhere' : [] }),
    );
    const doubtful = someOf(someOf(references)).map((one) => [one, 'all'] as const);
    return aRun(now, {
      findings,
      looks: someOf(references).map((one) => look(digestOf(`${number(4)}`), oneOf(['*', 'linux/amd64']), one)),
      read,
      trigger: oneOf(['cli', 'schedule', 'hook', 'person']),
      isComplete: number(2) === 0,
      unsure: new Map(number(3) === 0 ? doubtful : []),
      notices:
        number(3) === 0
          ? [
              {
                class: 'unchecked',
                reference: 'host',
                news: ['unchecked host'],
                places: [{ scope: 'alpha', file: '' }],
              },
            ]
          : [],
      workloads:
        number(4) > 0
          ? []
          : [
              {
                scope: oneOf(scopes),
                engine: 'e',
                kind: 'container',
                name: `w${number(2)}`,
                written: 'debian',
                platform: null,
                running: null,
                state: 'current',
                mode: 'watch',
                why: '',
                findings: [],
              },
            ],
      dropped: number(12) === 0 ? [oneOf(scopes)] : [],
      ...(number(3) === 0 && {
        targeted: number(2) === 0 ? { references: new Set(someOf(references)) } : { scopes: new Set(someOf(scopes)) },
      }),
    });
  };
  const news = (): readonly string[] => someOf(classes.flatMap((kind) => references.map((one) => `${kind} ${one}`)));
  const uses = (): readonly Consumer[] =>
    someOf(places).map(({ id, scope, file, reference }) => {
      const digest = digestOf(`${number(3)}`);
      return {
        id,
        scope,
        repository: `${scope}/x`,
        file,
        line: 1,
        written: reference,
        reference,
        digest,
        manifests: [{ platform: 'linux/amd64', manifest: digest }],
      };
    });
  const kinds: readonly (() => Deed)[] = [
    () => {
      const one = run();
      return (store) => store.recordRun(one);
    },
    () => {
      const one = run();
      const killed = {
        ...one,
        get dropped(): never {
          throw new Error('killed');
        },
      };
      return (store) => store.recordRun(killed).catch(() => 'killed');
    },
    () => {
      const [known, consumers, at] = [run(), uses(), now];
      const unlooked = someOf(someOf(places)).map(({ id, scope, file, reference }) => ({ id, scope, file, reference }));
      const fixes = someOf(references).map((reference) => ({
        reference,
        package: oneOf(names),
        version: `${number(3)}`,
        remedy: oneOf(['edit', 'rebuild', 'none']),
      }));
      const seen = [{ digest: digestOf('9'), platform: 'linux/arm64', manifest: digestOf(`${number(4)}`) }];
      return (store) => store.fleet.record({ consumers, unlooked, seen, at }, fixes, known);
    },
    () => {
      const [manifest, isWhole] = [digestOf(`${number(4)}`), number(2) === 0];
      const packages = someOf([...names, ...names]).map((name) => ({
        name,
        version: `${number(3)}`,
        architecture: 'amd64',
        ...(number(2) === 0 && { source: { name: 'source' } }),
      }));
      const os = number(2) === 0 ? { os: 'debian 12' } : {};
      return (store) => store.fleet.addInventory(manifest, oneOf(['e']), { isWhole, scheme: 'dpkg', packages, ...os });
    },
    () => {
      const [channel, told, at] = [oneOf(channels), news(), now];
      const receipt = number(2) === 0 ? { receipt: 'r\0' } : {};
      return (store) => store.outbox.delivered(channel, { news: told, now: at, ...receipt });
    },
    () => {
      const [channel, told, at, isOver] = [oneOf(channels), news(), now, number(2) === 0];
      return (store) => (isOver ? store.outbox.closed(channel, told, at) : store.outbox.reminded(channel, told, at));
    },
    () => {
      const [channel, at, what] = [oneOf(channels), now, number(5)];
      return async (store) => {
        if (what === 0) return store.outbox.failed(channel, 'refused', at);
        if (what === 1) return store.outbox.recovered(channel);
        if (what === 2) return store.outbox.openWindow(channel, 'weekly', `${at}`);
        if (what === 3) return store.outbox.forget(`packages ${references[0]}`);
        return store.outbox.recordBaselines(channel, scopes, at);
      };
    },
    () => {
      const [at, until] = [now, now + number(100) * hour];
      const snoozes = someOf(references).map((value) => ({ kind: 'image' as const, value, until }));
      return (store) => store.snoozes.add(snoozes, at);
    },
    () => {
      const lines = new Map(someOf(references).map((one) => [one, digestOf(`${number(3)}`)]));
      const at = now;
      return (store) => store.moveBaseLines(lines, at);
    },
    () => {
      const [at, name, digest] = [now, `w${number(2)}`, digestOf(`${number(3)}`)];
      const outcome = oneOf(['moved', 'undone', undefined] as const);
      return async (store) => {
        const act = {
          id: name,
          workload: { engine: 'e', kind: 'container' as const, name },
          reference: 'r',
          from: null,
          to: { root: digest, manifest: digest },
          at,
          class: 'security',
        };
        const begun = await store.acts.begin(act);
        if (outcome !== undefined) await store.acts.end(begun, { outcome, reason: 'why', at });
        if (outcome === 'moved') await store.acts.told([begun], at);
      };
    },
    () => {
      const [at, keys] = [now, number(2) === 0 ? undefined : [digestOf('1')]];
      return (store) => store.acts.clear(keys, at);
    },
    () => {
      const [at, nodes] = [now, ['n1', 'n2', 'n3'].map((id) => ({ id, isReady: number(3) > 0 }))];
      return async (store) => [await store.swarms.observe('c', nodes, at), await store.swarms.setRebalanced('c', at)];
    },
    () => {
      const [at, targets, isBegun] = [now, new Set(someOf(references)), number(2) === 0];
      return async (store) => {
        const queued = await store.queueRun({
          trigger: 'hook',
          at,
          ...(targets.size > 0 && { targeted: { references: targets } }),
        });
        if (isBegun) await store.beginRun(queued, at);
      };
    },
    () => {
      const [at, which] = [now, number(3)];
      return async (store, numbers) => {
        const ended = numbers.at(-1 - which);
        if (ended !== undefined)
          await store.endRun(ended, {
            finishedAt: at,
            outcome: 'failed',
            exit: 3,
            problem: { code: 'ENGINE', message: 'why' },
          });
      };
    },
    () => {
      const [at, length] = [now, number(200) * hour];
      return (store) => store.prune({ events: length, inventories: length, runs: length }, at);
    },
    () => {
      const [at, some, delivery] = [now, someOf(references), `d${number(3)}`];
      return async (store) => {
        await store.daemon.addRechecks(some.map((reference) => ({ reference, requested: at, source: 'hook' })));
        await store.daemon.removeRechecks(some.slice(1));
        await store.daemon.setDue('main', at);
        await store.daemon.audit({ at, person: 'p', action: 'a', subject: delivery });
        return store.daemon.firstDelivery('hub', delivery, at);
      };
    },
  ];
  const length = 4 + number(14);
  for (let done = 0; done < length; done++) {
    now += number(8) === 0 ? (number(400) - 200) * hour : number(30) * hour;
    // Half of all is runs.
    deeds.push((number(2) === 0 ? (kinds[number(3)] as () => Deed) : oneOf(kinds))());
  }
  return deeds;
}

/** The answer to every question; runs go by their order, since a number may be left out. */
export async function answersOf(store: Store): Promise<unknown> {
  const runs = (await store.runs(1000)).toReversed();
  const orderOf = new Map(runs.map(({ id }, order) => [id, order]));
  const { outbox, fleet, memory, daemon, acts, swarms, watch, snoozes } = store;
  const digests = ['0', '1', '2', '3', '9'].map((one) => digestOf(one));
  const each = <T, A>(all: readonly T[], ask: (one: T) => Promise<A>): Promise<readonly A[]> =>
    Promise.all(all.map(ask));
  const actList = await acts.list(1000);
  return plain({
    runs: runs.map((one, order) => ({ ...one, id: order })),
    looks: await store.looks(references),
    ofPlatform: await store.looks(references, 'linux/amd64'),
    baseLines: await store.baseLines(references),
    news: await store.openNews(),
    outbox: await each(channels, (one) => outbox.memoryOf(one, scopes)),
    windows: await outbox.windows(channels),
    snoozes: await snoozes.active(0),
    watched: await watch.scopes(),
    readBefore: await watch.readBefore(scopes.flatMap((scope) => files.map((file) => ({ scope, file })))),
    coverage: await fleet.coverage(),
    known: await fleet.known(digests as Digest[], 'e'),
    carriers: await each([...names, 'source'], (one) => fleet.carriers(one)),
    similar: await each(['SSL', 'lib', 'openss', 'x lib_a y'], (one) => fleet.similar(one)),
    standing: await fleet.standing(),
    workloads: await fleet.workloads(),
    lastRun: await fleet.lastRun(),
    references: [
      await fleet.references(),
      ...(await each(['docker.io/debian', 'docker.io/ghcr.io/a/b'], (one) => fleet.references(one))),
    ],
    history: await each(references, (one) => fleet.history(one)),
    events: (await memory.events({}, 1000)).map((one) => ({ ...one, run: orderOf.get(one.run) })),
    days: await memory.days('2000-01-01'),
    images: await each([{}, { text: 'A/B' }, { class: 'security' as const }, { repository: 'Beta/x' }], (one) =>
      memory.images(one),
    ),
    uses: await each(references, (one) => memory.uses(one)),
    findings: await each([{}, { text: 'DEBIAN' }, { class: 'packages' as const }], (one) => memory.findings(one)),
    oldest: await memory.oldest(),
    openNews: await memory.openNews(),
    manifests: await each(digests, (one) => memory.manifests(one)),
    inventories: await each(digests, (one) => memory.inventory(one)),
    packages: await each([...names, 'source'], (one) => memory.packages(one)),
    byVersion: await each(names, (one) => memory.carriers(one, '1')),
    fixes: await memory.fixes(),
    packageNames: await each(['ssl', '_', '%'], (one) => memory.packageNames(one)),
    repositories: [await memory.repositories(), await memory.repositories(undefined, 'BETA')],
    newsRows: await memory.news(),
    channels: await memory.channels(),
    due: await daemon.due('main'),
    rechecks: await daemon.rechecks(),
    audited: await daemon.audited(100),
    acts: actList.toReversed().map((one, order) => ({ ...one, number: order })),
    actCounts: await acts.counts(),
    failed: await acts.failed(),
    untold: (await acts.untold()).length,
    rebalanced: await swarms.rebalanced('c'),
  });
}

/** Maps and sets by their content, in one order. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(plain).sort(byText);
  if (value instanceof Set) return [...value].map(plain).sort(byText);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
