import { expect } from 'vitest';
import type { ByteCache } from '../../../src/cache/byte-cache.ts';
import { memoryCache } from '../../../src/cache/memory-cache.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { type Digest, digestOf } from '../../../src/core/image/digest.ts';
import { newsKey } from '../../../src/core/news.ts';
import type { Forge, Selection } from '../../../src/forges/forge.ts';
import type { Document } from '../../../src/formats/format.ts';
import { formats } from '../../../src/formats/index.ts';
import { Agents } from '../../../src/http/agents.ts';
import { type PlainFetch, plainFetch } from '../../../src/http/plain-fetch.ts';
import { noRebuilds } from '../../../src/job/published/plan-rebuilds.ts';
import type { RunResult } from '../../../src/job/run.ts';
import type { WatchedFile } from '../../../src/sources/discover.ts';
import { discoverRepositories, type ReadRepository } from '../../../src/sources/discover-repositories.ts';
import { parseFile } from '../../../src/sources/placed-uses.ts';
import type { Use } from '../../../src/sources/use.ts';
import { editableUse } from '../../../src/targets/preview-edits.ts';
import { parseMarker } from '../../../src/targets/proposals/marker.ts';
import { propose } from '../../../src/targets/proposals/propose.ts';
import { defaultLimits } from '../../../src/targets/proposals/pull-request-limits.ts';
import type { DecidedUse } from '../../../src/verdict/decided.ts';
import { saidOfUse } from '../../../src/verdict/said-of-use.ts';
import { fc, testSeed } from '../fast-check.ts';
import { aRecord } from '../findings.ts';
import { forgeFor } from './forge.ts';
import { ancestors } from './git.ts';
import type { ObjectStore } from './objects.ts';
import { type GitHubServer, startGitHub } from './server.ts';
import { type Item, type Repo, World } from './world.ts';

/*
 * Runs, people, registries and power cuts in any order, on the stand-in: whatever happens, nothing is proposed twice, no
 * person's commit is lost, and once all is quiet no branch is left without its pull request. What the registries say is
 * made up here; everything from the forge on is the real thing.
 */

const images = ['a', 'b'] as const;
type Image = (typeof images)[number];

/** What an image's tag names: how many fixes and other changes there were; rebuilds change the digest alone. */
interface Level {
  fixes: number;
  changes: number;
  rebuilds: number;
}

const digestAt = (image: Image, { fixes, changes, rebuilds }: Level): Digest =>
  digestOf(`${image} ${fixes} ${changes} ${rebuilds}`);

type Act =
  | { readonly kind: 'move'; readonly image: Image; readonly what: keyof Level }
  | { readonly kind: 'run' }
  | { readonly kind: 'die'; readonly after: number; readonly done: boolean }
  | { readonly kind: 'race'; readonly at: number; readonly act: Act }
  | { readonly kind: 'two-runs' }
  | { readonly kind: 'week' }
  | { readonly kind: 'person'; readonly does: PersonDoes; readonly which: number };

const deeds = [
  'push',
  'close',
  'reopen',
  'merge',
  'squash',
  'delete-branch',
  'push-main',
  'conflict',
  'edit-marker',
  'ignore',
  'rebase',
  'update-branch',
] as const;
type PersonDoes = (typeof deeds)[number];

const person: fc.Arbitrary<Act> = fc.record({
  kind: fc.constant('person' as const),
  does: fc.constantFrom(...deeds),
  which: fc.nat(3),
});
const move: fc.Arbitrary<Act> = fc.record({
  kind: fc.constant('move' as const),
  image: fc.constantFrom(...images),
  what: fc.constantFrom('fixes' as const, 'fixes' as const, 'changes' as const, 'rebuilds' as const),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: move },
  { weight: 5, arbitrary: fc.constant({ kind: 'run' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('die' as const), after: fc.nat(7), done: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('race' as const), at: fc.nat(12), act: fc.oneof(person, move) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'two-runs' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'week' as const }) },
  { weight: 6, arbitrary: person },
);

interface Disturbance {
  readonly intercept: ((method: string, path: string, body: string) => 'hang-up' | undefined) | undefined;
  readonly after: (() => 'hang-up' | undefined) | undefined;
}

/** A forge on loopback that stories are played on. */
export interface Stage {
  readonly server: Pick<GitHubServer, 'log' | 'faults' | 'writes' | 'close' | 'world'>;
  /** Has requests not answered, before or after what they ask for was done. */
  disturb(hooks: Disturbance): void;
  newWorld(): World;
  open(options: { readonly cache: ByteCache; readonly fetch: PlainFetch }): Forge;
}

async function onGitHub(newStore: ((name: string) => ObjectStore) | undefined): Promise<Stage> {
  const server = await startGitHub();
  return {
    server,
    disturb: (hooks) => Object.assign(server, hooks),
    newWorld: () => new World(newStore),
    open: (options) => forgeFor(server, options),
  };
}

/** Plays so many random stories on GitHub, some at once; throws with the shortest one that ends badly. */
export function playInterleavings(numRuns: number, newStore?: (name: string) => ObjectStore): Promise<void> {
  return playStories(numRuns, () => onGitHub(newStore));
}

/** The same on any forge. */
export async function playStories(numRuns: number, start: () => Promise<Stage>): Promise<void> {
  const lanes = Math.min(8, Math.ceil(numRuns / 10));
  await Promise.all(Array.from({ length: lanes }, (_, lane) => playLane(lane, Math.ceil(numRuns / lanes), start)));
}

async function playLane(lane: number, numRuns: number, start: () => Promise<Stage>): Promise<void> {
  const stage = await start();
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 14 }), async (acts) => {
        const story = new Story(stage);
        await story.play(acts);
      }),
      { numRuns, ...(testSeed !== undefined && { seed: testSeed + lane }) },
    );
  } finally {
    await stage.server.close();
  }
}

class Story {
  readonly #stage: Stage;
  readonly #github: Stage['server'];
  readonly #world: World;
  readonly #repo: Repo;
  readonly #levels: Record<Image, Level> = {
    a: { fixes: 0, changes: 0, rebuilds: 0 },
    b: { fixes: 0, changes: 0, rebuilds: 0 },
  };
  readonly #known = new Map<Digest, Level>();
  readonly #theirs: { branch: string; oid: string }[] = [];
  readonly #cache = memoryCache();
  #isWindowShut = false;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#github = stage.server;
    this.#world = stage.newWorld();
    stage.server.world = this.#world;
    stage.server.log.length = 0;
    const [a, b] = images.map((image) => this.#from(image));
    this.#repo = this.#world.create('o/r', { 'x/Dockerfile': a ?? '', 'y/Dockerfile': `${a}${b}` });
    this.#repo.permissions.set('ada', 'write');
  }

  async play(acts: readonly Act[]): Promise<void> {
    for (const one of acts) await this.#do(one);
    for (let i = 0; i < 3; i++) await this.#run();
    const before = this.#github.writes().length;
    await this.#run();
    expect(this.#github.writes().slice(before), 'written although nothing had changed').toEqual([]);
    this.#check();
  }

  #check(): void {
    const { store } = this.#repo;
    expect(this.#github.faults, "against the forge's descriptions").toEqual([]);
    const open = this.#world.open(this.#repo);
    const keys = open.map(({ body }) => parseMarker(body)?.key).filter((key) => key !== undefined);
    expect(new Set(keys).size, 'the same proposal twice').toBe(keys.length);
    const heads = open.map(({ pull }) => pull?.head);
    expect(new Set(heads).size, 'two pull requests for a branch').toBe(heads.length);
    const main = ancestors(store, this.#world.head(this.#repo, 'main') ?? '');
    for (const { branch, oid } of this.#theirs) {
      const head = this.#world.head(this.#repo, branch);
      const kept = main.has(oid) || (head !== undefined && ancestors(store, head).has(oid));
      expect(kept, `a person's commit on ${branch} is lost`).toBe(true);
    }
    for (const name of store.refs().keys()) {
      const branch = name.replace('refs/heads/', '');
      if (!branch.startsWith('plimsoll/') || heads.includes(branch)) continue;
      const isTheirs = this.#theirs.some((one) => one.branch === branch && !main.has(one.oid));
      expect(isTheirs, `${branch} is left without a pull request`).toBe(true);
    }
  }

  async #do(one: Act): Promise<void> {
    switch (one.kind) {
      case 'move':
        this.#levels[one.image][one.what]++;
        return;
      case 'week':
        this.#isWindowShut = !this.#isWindowShut;
        return;
      case 'run':
        return this.#run();
      case 'two-runs':
        await Promise.all([this.#run(), this.#run()]);
        return;
      case 'die':
        return this.#die(one.after, one.done);
      case 'race':
        return this.#race(one.at, one.act);
      case 'person':
        return this.#person(one.does, one.which);
    }
  }

  async #die(steps: number, done: boolean): Promise<void> {
    let left = steps;
    let isDead = false;
    const after = (): 'hang-up' | undefined => {
      if (done && !isDead && left-- <= 0) isDead = true;
      return isDead ? 'hang-up' : undefined;
    };
    const intercept: Disturbance['intercept'] = (method, _path, body) => {
      const isWrite = /"query":"\s*mutation/.test(body) || (method !== 'get' && !/"query":/.test(body));
      if (!done && isWrite && !isDead && left-- <= 0) isDead = true;
      return isDead ? 'hang-up' : undefined;
    };
    this.#stage.disturb({ intercept, after });
    await this.#run();
    this.#stage.disturb({ intercept: undefined, after: undefined });
  }

  async #race(at: number, then: Act): Promise<void> {
    let left = at;
    const intercept = (): undefined => {
      if (left-- === 0) {
        if (then.kind === 'person') this.#person(then.does, then.which);
        else if (then.kind === 'move') this.#levels[then.image][then.what]++;
      }
      return undefined;
    };
    this.#stage.disturb({ intercept, after: undefined });
    await this.#run();
    this.#stage.disturb({ intercept: undefined, after: undefined });
  }

  #person(does: PersonDoes, which: number): void {
    const world = this.#world;
    const repo = this.#repo;
    const open = world.open(repo);
    const pull: Item | undefined = open[which % Math.max(1, open.length)];
    const head = pull?.pull?.head ?? '';
    switch (does) {
      case 'push-main':
        world.push(repo, 'main', { 'README.md': `${world.id()}\n` });
        return;
      case 'conflict': {
        const file = which % 2 === 0 ? 'x/Dockerfile' : 'y/Dockerfile';
        world.push(repo, 'main', {
          [file]: `${world.files(repo, 'main')[file]?.replace(/( AS \w+)?\n/, ` AS s${world.id()}\n`)}`,
        });
        return;
      }
      case 'reopen': {
        const closed = repo.items.filter((item) => item.state === 'closed' && item.pull?.merged === undefined);
        const item = closed[which % Math.max(1, closed.length)];
        const branch = item?.pull?.head ?? '';
        // GitHub opens it again only when its branch is there and no other one is open for it.
        if (item === undefined || world.head(repo, branch) === undefined) return;
        if (open.some((one) => one.pull?.head === branch) || world.commits(repo, 'main', branch).length === 0) return;
        item.state = 'open';
        item.updated = world.now();
        return;
      }
      default:
    }
    if (pull === undefined) return;
    switch (does) {
      case 'push':
        this.#theirs.push({ branch: head, oid: world.push(repo, head, { [`theirs-${world.id()}.txt`]: 'x\n' }) });
        return;
      case 'update-branch': {
        const [main, own] = [world.head(repo, 'main'), world.head(repo, head)];
        if (main && own)
          world.push(
            repo,
            head,
            { 'README.md': world.files(repo, 'main')['README.md'] ?? null },
            { parents: [own, main], message: 'Merge' },
          );
        return;
      }
      case 'close':
        world.close(pull);
        return;
      case 'merge':
      case 'squash':
        world.merge(repo, pull, does);
        return;
      case 'delete-branch':
        world.setBranch(repo, head, undefined);
        this.#theirs.splice(0, this.#theirs.length, ...this.#theirs.filter(({ branch }) => branch !== head));
        return;
      case 'edit-marker':
        pull.body = pull.body.replace(/targets=[0-9a-f]{8}/, 'targets=00000000');
        pull.updated = world.now();
        return;
      case 'ignore':
        world.say(pull, 'ada', 'plimsoll: ignore this');
        return;
      case 'rebase':
        world.say(pull, 'ada', 'plimsoll: rebase');
        return;
      default:
    }
  }

  /** As a process of its own: its connections end with it, or thousands of them would wait to be closed. */
  async #run(): Promise<void> {
    const agents = new Agents();
    const fetch = plainFetch(agents, new AbortController().signal);
    try {
      await this.#propose(this.#stage.open({ cache: this.#cache, fetch }));
    } finally {
      agents.destroy();
    }
  }

  async #propose(forge: Forge): Promise<void> {
    const selection: Selection = {
      pattern: 'o/r',
      topics: [],
      languages: [],
      archived: false,
      forks: false,
      templates: false,
      branches: [],
    };
    const policy = { rules: [], pin: false };
    const repositories: ReadRepository[] = [];
    const files: WatchedFile[] = [];
    const decided: DecidedUse[] = [];
    const settings = {
      discovery: { formats, include: [], exclude: [] },
      platforms: { targets: [], build: { os: 'linux', architecture: 'amd64' } },
      policy,
      commit: { prefix: '', signoff: false },
    };
    for await (const tree of discoverRepositories({ selections: [selection], settings: () => settings }, forge)) {
      if (tree.read === undefined) continue;
      repositories.push(tree.read);
      for (const watched of tree.discovery.files) {
        files.push(watched);
        const { uses, document } = parseFile(watched, settings.platforms);
        for (const use of uses) {
          const found = this.#decide(use, document);
          if (found !== undefined) decided.push(found);
        }
      }
    }
    const record = aRecord(decided.flatMap(({ findings }) => findings));
    const result: RunResult = {
      record,
      files,
      matchedGlobs: new Set(),
      decided,
      decidedPins: [],
      rootfs: [],
      redeploys: [],
      unmoved: new Map(),
      ailing: [],
      swarms: [],
      rebuilds: noRebuilds,
      untoldPublished: [],
      repositories,
    };
    await propose(
      result,
      { limits: defaultLimits, dryRun: false },
      {
        forge,
        now: 1_767_614_400_000,
        cache: this.#cache,
        isBatchDone: () => this.#isWindowShut,
        isGone: async () => false,
      },
    );
  }

  /** A use whose tag moved on, as the pipeline would decide it. */
  #decide(use: Use, document: Document): DecidedUse | undefined {
    const { reference, place } = use;
    const image = images.find((one) => reference?.repository === `library/${one}`);
    const current = reference?.digest;
    if (image === undefined || current === undefined) return undefined;
    const level = this.#levels[image];
    const target = digestAt(image, level);
    this.#known.set(target, { ...level });
    if (target === current) return undefined;
    const old = this.#known.get(current) ?? { fixes: 0, changes: 0, rebuilds: 0 };
    const isFix = level.fixes > old.fixes;
    const isChange = level.changes > old.changes;
    const kind = isFix ? 'security' : isChange ? 'packages' : 'rebuild';
    const at = editableUse(use);
    const edit = document.edit(at ? [{ use: at, digest: target }] : []).done[0];
    const examined = {
      use,
      platforms: ['linux/amd64'],
      examination: {
        resolution: { kind: 'moved' as const, before: current, after: target },
        pinned: 'index' as const,
        target,
        platforms: [],
        notes: [],
      },
    };
    const fixes = Array.from({ length: level.fixes }, (_, n) => n + 1).filter((n) => n > old.fixes);
    const finding: Finding = {
      ...saidOfUse(examined),
      class: kind,
      security: isFix,
      news: isFix ? fixes.map((n) => newsKey('security', image, [n])) : [newsKey(kind, image, [level.changes])],
      remedy: 'edit',
      latest: { digest: target, tag: '1' },
      current: { digest: current },
      packages: [
        { name: 'p', kind: 'upgraded', after: `${level.fixes}.${level.changes}`, security: isFix, advisories: [] },
      ],
      edits: (edit?.edits ?? []).map((one) => ({ file: 'file' in place ? place.file : '', ...one })),
      reason: 'made up',
      notes: [],
      problem: null,
      reaction: { react: kind === 'rebuild' ? ['record'] : ['propose'], when: isFix ? 'now' : 'weekly' },
    };
    return { examined, findings: [finding] };
  }

  #from(image: Image): string {
    const digest = digestAt(image, this.#levels[image]);
    this.#known.set(digest, { ...this.#levels[image] });
    return `FROM ${image}:1@${digest}\n`;
  }
}
