import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits/limits.ts';
import { treeId } from '../../src/core/place.ts';
import type { BuildWish, Capabilities, Forge, ForgeRepository, OpenedPull, Selection } from '../../src/forges/forge.ts';
import { ForgeError } from '../../src/forges/forge-error.ts';
import type { ForgeType } from '../../src/forges/forge-type.ts';
import { namedBy } from '../../src/sources/discover-repositories.ts';

/** A repository on some forge, and what a person does in it by other ways than ours. */
export interface RepositoryFixture {
  /** Selects this one and no other. */
  readonly pattern: string;
  /** A person's commit on a branch, which begins where main is; returns its id. */
  push(branch: string, files: Readonly<Record<string, string>>): string;
  /** Adds a link and a submodule to main. */
  pushOddities(): void;
  head(branch: string): string | undefined;
  /** Has a branch name another commit, or nothing. */
  set(branch: string, commit: string | undefined): void;
  /** How many builds were begun in it, where the forge builds. */
  builds?(): number;
}

/** One forge with what stands behind it. */
export interface ForgeFixture {
  readonly forge: Forge;
  /** A repository with these files on main; none: an empty one. */
  create(files: Readonly<Record<string, string>>): RepositoryFixture;
  /** What has this name on another server of the same kind, where there can be one: all numbers are the same there. */
  readonly twin?: (pattern: string) => Promise<ForgeRepository | undefined>;
  /** A selection of nothing that is there. */
  readonly nowhere: string;
  /** From now on what is written is done, and nobody hears of it. */
  readonly loseAnswers?: () => void;
  close(): Promise<void>;
}

const everything = { topics: [], languages: [], archived: true, forks: true, templates: true };
const branch = 'plimsoll/base-1-12345678';

/** What every forge must keep, whatever stands behind it. */
export function describeForge(type: ForgeType, start: () => Promise<ForgeFixture>): void {
  let fixture: ForgeFixture;
  beforeEach(async () => {
    fixture = await start();
  });
  afterEach(() => fixture.close());

  async function find(pattern: string, branches: readonly string[] = []): Promise<ForgeRepository> {
    const selection: Selection = { ...everything, pattern, branches };
    for await (const one of fixture.forge.repositories(selection)) return one;
    throw new Error(`there is no ${pattern}`);
  }

  /** A repository whose main has two commits, and what the forge says of it. */
  async function repository(
    files: Readonly<Record<string, string>> = { Dockerfile: 'FROM a\n' },
  ): Promise<{ forge: Forge; own: RepositoryFixture; on: ForgeRepository; first: string; second: string }> {
    const own = fixture.create(files);
    const first = own.head('main') ?? '';
    const second = own.push('main', { 'README.md': 'two\n' });
    return { forge: fixture.forge, own, on: await find(own.pattern), first, second };
  }

  const commitTo = (name: string, onto: string, text = 'FROM b\n'): Parameters<Forge['commit']>[1] => ({
    branch: name,
    onto,
    subject: 'Move a',
    body: `- a\n\nPlimsoll: ${'1'.repeat(64)} ${'2'.repeat(64)}`,
    files: [{ path: 'Dockerfile', bytes: Buffer.from(text) }],
  });

  /** A branch with a commit of ours. */
  async function proposed(name: string, onto: string, on: ForgeRepository): Promise<string> {
    await fixture.forge.createBranch(on, name, onto);
    return fixture.forge.commit(on, commitTo(name, onto, `FROM ${name}\n`));
  }

  async function opened(): Promise<Awaited<ReturnType<typeof repository>> & { head: string; pull: OpenedPull }> {
    const found = await repository();
    const head = await proposed(branch, found.second, found.on);
    const pull = await fixture.forge.openPull(found.on, { ...text, head: branch });
    return { ...found, head, pull };
  }

  const text = { base: 'main', title: 'Move a', body: '<!-- marker -->\nbody\n', draft: false };
  const failure = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'done',
      (error: unknown) => {
        expect(error).toBeInstanceOf(ForgeError);
        expect((error as ForgeError).message).toMatch(/^(?!.*\n).{20,1200}$/);
        return (error as ForgeError).failure;
      },
    );

  describe(`${type.present.name} as a value`, () => {
    it('says its type in every repository, and what the reports show of it', async () => {
      const { forge, on, pull } = await opened();
      expect([forge.type, on.forge, forge.present]).toEqual([type.type, type.type, type.present]);
      expect(type.present.proposalName(pull.url)).toMatch(new RegExp(`^(?!.*\\n).*${type.present.proposal}`));
      const placeholders = [...(type.present.line ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(placeholders).toEqual(type.present.line === undefined ? [] : ['repository', 'commit', 'file', 'line']);
      const { title, body, issue } = type.present.most;
      expect(Math.min(title, body, issue)).toBeGreaterThan(0);
      expect(body).toBeLessThanOrEqual(limits.proposal.body.most);
    });

    it('has its own keys in the configuration, and says what a login lacks', () => {
      expect(type.schema.safeParse({ unheard: 'of' }).success).toBe(false);
      const login = type.login({});
      if (typeof login === 'string') expect(login).toMatch(/^(?!.*\n).*[A-Z]+_[A-Z]+/);
    });

    it('knows whom it acts as, and counts what that took', async () => {
      const { forge, own } = await repository();
      const { login, name, email } = await forge.account(own.pattern);
      expect([login, name, email]).toEqual([
        expect.stringMatching(/./),
        expect.stringMatching(/./),
        expect.stringMatching(/@/),
      ]);
      expect(forge.requests()).toBeGreaterThanOrEqual(0);
    });
  });

  describe(`builds on ${type.present.name}`, () => {
    const [ours, other] = ['plimsoll-0123456789abcdef', 'plimsoll-fedcba9876543210'];
    const steps = 'on: { workflow_dispatch: { inputs: { of: {} } } }\njobs: {}\n';
    const files = { '.github/workflows/build.yml': steps, '.gitea/workflows/build.yml': steps };

    it('are begun once, and found again by what stands in their name or inputs', async () => {
      const { forge, on, own } = await repository(files);
      const { builds } = forge;
      if (builds === undefined) return;
      for (const how of builds.can) {
        const wish = (correlation: string): BuildWish => ({
          how,
          ...(how === 'workflow' && { workflow: 'build.yml' }),
          ref: 'main',
          inputs: { of: correlation },
          correlation,
        });
        const before = own.builds?.() ?? 0;
        expect(await builds.find(on, wish(ours), undefined)).toBeUndefined();
        expect(await builds.start(on, wish(other))).toMatch(/^https?:/);
        expect(await builds.find(on, wish(ours), 0)).toBeUndefined();
        await builds.start(on, wish(ours));
        expect(await builds.find(on, wish(ours), undefined)).toMatch(/^https?:/);
        expect(own.builds?.()).toBe(before + 2);
      }
    });

    it('without a name of ours are taken for what was asked for, when nothing else can be meant', async () => {
      const { forge, on } = await repository(files);
      const { builds } = forge;
      for (const how of builds?.can ?? []) {
        if (how === 'event') continue;
        const wish: BuildWish = { how, workflow: 'build.yml', ref: 'main', inputs: {}, correlation: ours };
        await builds?.start(on, wish);
        expect(await builds?.find(on, wish, undefined)).toBeUndefined();
        expect(await builds?.find(on, wish, 0)).toMatch(/^https?:/);
        expect(await builds?.find(on, wish, Date.parse('2999-01-01T00:00:00Z'))).toBeUndefined();
        if (how === 'workflow') expect(await builds?.find(on, { ...wish, workflow: 'other.yml' }, 0)).toBeUndefined();
      }
    });

    it('whose answer is lost are not begun again', async () => {
      const { forge, on, own } = await repository(files);
      const { builds } = forge;
      for (const how of builds?.can ?? []) {
        const before = own.builds?.() ?? 0;
        fixture.loseAnswers?.();
        const wish: BuildWish = { how, workflow: 'build.yml', ref: 'main', inputs: { of: ours }, correlation: ours };
        expect(await failure(builds?.start(on, wish) ?? Promise.resolve())).toBe('failed');
        expect(own.builds?.()).toBe(before + 1);
      }
    });

    it('that cannot be are refused', async () => {
      const { forge, on, own } = await repository();
      for (const how of forge.builds?.can ?? []) {
        if (how !== 'workflow') continue;
        const wish: BuildWish = { how, workflow: 'no.yml', ref: 'main', inputs: {}, correlation: ours };
        expect(['missing', 'refused']).toContain(await failure(forge.builds?.start(on, wish) ?? Promise.resolve()));
        expect(own.builds?.()).toBe(0);
      }
    });
  });

  describe(`what ${type.present.name} is read for`, () => {
    it('is found by its pattern, which names it still', async () => {
      const { own, on, second } = await repository();
      expect(on.branches).toMatchObject([{ name: 'main', commit: second }]);
      const isNamed = namedBy([{ ...everything, pattern: own.pattern, branches: [] }]);
      expect([isNamed(on.name), isNamed(`${on.name}@main`), isNamed(`${on.name}x`)]).toEqual([true, true, false]);
      expect(on.id).not.toBe('');
    });

    it('has an identity of its own, whatever other servers call theirs', async () => {
      const { own, on } = await repository();
      const twin = await fixture.twin?.(own.pattern);
      if (fixture.twin === undefined) return;
      expect([twin?.name, twin?.forge]).toEqual([on.name, on.forge]);
      expect(twin?.id.replace(/^.*:/, '')).toBe(on.id.replace(/^.*:/, ''));
      expect(treeId(on.name, on)).not.toBe(treeId(on.name, twin));
      expect(treeId(on.name, on)).toMatch(new RegExp(`^${type.type}:127\\.0\\.0\\.1:\\d+:\\d+$`));
    });

    it('has the branches that were asked for and exist, and names ours', async () => {
      const { own, second } = await repository();
      own.set('release', second);
      own.set(branch, second);
      const on = await find(own.pattern, ['release', 'gone', '--help']);
      expect(on.branches.map(({ name }) => name)).toEqual(['release']);
      expect(on.ownBranches).toMatchObject([{ name: branch, commit: second }]);
    });

    it('has no branch where nothing was ever committed, and says what is not there', async () => {
      expect((await find(fixture.create({}).pattern)).branches).toEqual([]);
      expect(await failure(find(fixture.nowhere))).toBe('missing');
    });

    it('lists every plain file with its bytes; equal trees are equal files', async () => {
      const { forge, own, on } = await repository({ 'docker/Dockerfile': 'FROM a\r\n', b: '\u0000\u00ff' });
      const [head] = on.branches;
      const files = await forge.tree(on, head!.tree);
      expect(files.map(({ path }) => path).sort()).toEqual(['README.md', 'b', 'docker/Dockerfile']);
      for (const file of files) {
        if (file.size !== undefined) expect(await forge.blob(on, file)).toHaveLength(file.size);
      }
      const file = files.find(({ path }) => path.startsWith('docker/'))!;
      expect(Buffer.from(await forge.blob(on, file)).toString()).toBe('FROM a\r\n');
      const blobs = await forge.blobsAt(on, head!.commit, [file.path, 'none']);
      expect(blobs).toEqual([file.blob, undefined]);
      own.push('main', { 'README.md': 'three\n' });
      expect((await find(own.pattern)).branches[0]?.tree).not.toBe(head!.tree);
    });

    it('leaves links and submodules out', async () => {
      const own = fixture.create({ Dockerfile: 'FROM a\n' });
      own.pushOddities();
      const on = await find(own.pattern);
      const files = await fixture.forge.tree(on, on.branches[0]!.tree);
      expect(files.map(({ path }) => path)).toEqual(['Dockerfile']);
    });

    it('knows names of files that are hard to write', async () => {
      const names = ['with space', "it's", 'ünïcode', '-dash', 'a/[b]', 'a"b'];
      const { forge, own, on, second } = await repository(Object.fromEntries(names.map((name) => [name, name])));
      const listed = await forge.tree(on, on.branches[0]!.tree);
      expect(
        listed
          .map(({ path }) => path)
          .filter((path) => path !== 'README.md')
          .sort(),
      ).toEqual([...names].sort());
      await forge.createBranch(on, branch, second);
      const files = names.map((path) => ({ path, bytes: Buffer.from(`changed ${path}\r\n`) }));
      await forge.commit(on, { ...commitTo(branch, second), files });
      const [head] = (await find(own.pattern, [branch])).branches;
      for (const file of await forge.tree(on, head!.tree)) {
        const wanted = names.includes(file.path) ? `changed ${file.path}\r\n` : 'two\n';
        expect(Buffer.from(await forge.blob(on, file)).toString()).toBe(wanted);
      }
    });

    it('tells our commits from those of people', async () => {
      const { forge, own, on, second } = await repository();
      await proposed(branch, second, on);
      expect(await forge.commitsBetween(on, 'main', branch)).toMatchObject([{ isOwn: true, parents: [second] }]);
      const theirs = own.push(branch, { Dockerfile: 'mine\n' });
      const between = await forge.commitsBetween(on, 'main', branch);
      expect(between?.map(({ isOwn, oid }) => [isOwn, oid === theirs])).toEqual([
        [true, false],
        [false, true],
      ]);
      const { branches, bases } = await forge.state(on, { bases: ['main', 'gone'], branches: [branch, 'plimsoll/no'] });
      expect(branches.get(branch)).toMatchObject({ oid: theirs, isOwn: false });
      expect([branches.get('plimsoll/no'), bases.get('gone')]).toEqual([undefined, undefined]);
      expect(bases.get('main')).toMatchObject({ name: 'main', commit: second });
    });
  });

  describe(`branches on ${type.present.name}`, () => {
    it('are never moved from where they were not seen', async () => {
      const { forge, own, on, first, second } = await repository();
      await forge.createBranch(on, branch, first);
      const theirs = own.push(branch, { mine: 'mine\n' });
      const attempts = [
        () => forge.createBranch(on, branch, second),
        () => forge.commit(on, commitTo(branch, first)),
        () => forge.moveBranches(on, [{ branch, before: first, after: second }]),
        () => forge.moveBranches(on, [{ branch, before: first, after: undefined }]),
        () => forge.moveBranches(on, [{ branch, before: undefined, after: second }]),
        () => forge.moveBranches(on, [{ branch: 'plimsoll/none', before: first, after: second }]),
      ];
      for (const attempt of attempts) expect(await failure(attempt())).toBe('raced');
      expect([own.head(branch), own.head('plimsoll/none')]).toEqual([theirs, undefined]);
    });

    it('are created, moved to a commit that is none of their own, and deleted', async () => {
      const { forge, own, on, first, second } = await repository();
      await forge.createBranch(on, branch, second);
      await forge.moveBranches(on, [{ branch, before: second, after: first }]);
      expect(own.head(branch)).toBe(first);
      await forge.moveBranches(on, [{ branch, before: first, after: undefined }]);
      expect(own.head(branch)).toBeUndefined();
    });

    it('are all moved or none, where they move together', async () => {
      const { forge, own, on, first, second } = await repository();
      if (!forge.can.atomicMoves) return;
      await forge.createBranch(on, branch, first);
      const good = { branch, before: first, after: second };
      const bad = { branch: 'plimsoll/other', before: first, after: second };
      for (const moves of [
        [good, bad],
        [bad, good],
      ])
        expect(await failure(forge.moveBranches(on, moves))).toBe('raced');
      expect([own.head(branch), own.head('plimsoll/other')]).toEqual([first, undefined]);
      await forge.moveBranches(on, [good, { ...bad, before: undefined }]);
      expect([own.head(branch), own.head('plimsoll/other')]).toEqual([second, second]);
    });

    it('belong to one of several that write at once', async () => {
      const { forge, own, on, second } = await repository();
      const created = [1, 2, 3].map(() => failure(forge.createBranch(on, branch, second)));
      expect((await Promise.all(created)).sort()).toEqual(['done', 'raced', 'raced']);
      const texts = ['FROM b\n', 'FROM c\n', 'FROM d\n'];
      const made = await Promise.allSettled(texts.map((one) => forge.commit(on, commitTo(branch, second, one))));
      const won = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(won).toEqual([own.head(branch)]);
    });
  });

  describe(`proposals on ${type.present.name}`, () => {
    it('say what they are, until people say otherwise', async () => {
      const { forge, on, head, pull } = await opened();
      const { pulls } = await forge.state(on, { bases: [], branches: [branch] });
      expect(pulls).toMatchObject([
        {
          number: pull.number,
          id: pull.id,
          url: pull.url,
          state: 'open',
          head: branch,
          headCommit: head,
          base: 'main',
          title: text.title,
          body: text.body,
          isDraft: false,
          isOwn: true,
          isForeign: false,
          conflicts: false,
          automerge: false,
        },
      ]);
      expect(await forge.ownItems(on)).toMatchObject([{ kind: 'pull', number: pull.number, state: 'open' }]);
      await forge.changePull(on, pull.number, { title: 'Other' });
      await forge.changePull(on, pull.number, { body: 'other' });
      const [changed] = (await forge.state(on, { bases: [], branches: [branch] })).pulls;
      expect(changed).toMatchObject({ title: 'Other', body: 'other', state: 'open' });
      await forge.changePull(on, pull.number, { state: 'closed' });
      expect(await forge.ownItems(on)).toMatchObject([{ state: 'closed' }]);
    });

    it('are one per branch, however many try', async () => {
      const { forge, on, second } = await repository();
      await proposed(branch, second, on);
      const tries = await Promise.all([1, 2, 3].map(() => failure(forge.openPull(on, { ...text, head: branch }))));
      expect(tries.sort()).toEqual(['done', 'refused', 'refused']);
      expect((await forge.state(on, { bases: [], branches: [branch] })).pulls).toHaveLength(1);
    });

    it('keep what several write of them at the same time', async () => {
      const { forge, on, second } = await repository();
      const heads = ['a', 'b', 'c', 'd'].map((name) => `plimsoll/${name}-12345678`);
      for (const name of heads) await proposed(name, second, on);
      const all = await Promise.all(heads.map((head) => forge.openPull(on, { ...text, head })));
      expect(new Set(all.map(({ number }) => number)).size).toBe(4);
      await Promise.all(all.map(({ number }, i) => forge.changePull(on, number, { title: `title ${i}` })));
      const { pulls } = await forge.state(on, { bases: [], branches: heads });
      expect(pulls.map(({ title }) => title).sort()).toEqual(['title 0', 'title 1', 'title 2', 'title 3']);
    });

    it('are merged when their base has them, closed when their branch is gone, and in conflict when both changed', async () => {
      const { forge, own, on, second, head } = await opened();
      const states = async (): Promise<unknown> =>
        (await forge.state(on, { bases: [], branches: [branch] })).pulls.map(({ state, conflicts }) => [
          state,
          conflicts,
        ]);
      own.push('main', { Dockerfile: 'FROM theirs\n' });
      expect(await states()).toEqual([['open', true]]);
      own.set('main', second);
      own.set('main', head);
      expect(await states()).toMatchObject([['merged', expect.anything()]]);
      const other = 'plimsoll/other-12345678';
      await proposed(other, head, on);
      await forge.openPull(on, { ...text, head: other });
      own.set(other, undefined);
      const { pulls } = await forge.state(on, { bases: [], branches: [other] });
      expect(pulls.map(({ state }) => state)).toEqual(['closed']);
    });

    it('follow their branch when it is made anew', async () => {
      const { forge, own, on, first, head, pull } = await opened();
      const staging = 'plimsoll/next-12345678';
      await forge.createBranch(on, staging, first);
      const made = await forge.commit(on, commitTo(staging, first, 'FROM newer\n'));
      const moves = [
        { branch, before: head, after: made },
        { branch: staging, before: made, after: undefined },
      ];
      for (const step of forge.can.atomicMoves ? [moves] : moves.map((one) => [one]))
        await forge.moveBranches(on, step);
      expect([own.head(branch), own.head(staging)]).toEqual([made, undefined]);
      const { pulls } = await forge.state(on, { bases: [], branches: [branch] });
      expect(pulls).toMatchObject([{ number: pull.number, state: 'open', headCommit: made }]);
    });

    it('are said to, and what we said is known as ours', async () => {
      const { forge, on, pull } = await opened();
      const [before] = await forge.ownItems(on);
      await forge.comment(on, pull.number, 'one <!-- mark -->');
      const [found] = (await forge.state(on, { bases: [], branches: [branch] })).pulls;
      expect(found?.comments).toMatchObject([{ body: 'one <!-- mark -->', isOwn: true }]);
      expect((await forge.ownItems(on))[0]!.updated >= before!.updated).toBe(true);
    });
  });

  describe(`what ${type.present.name} can do besides`, () => {
    type Attempt = (forge: Forge, on: ForgeRepository, pull: OpenedPull) => Promise<unknown>;
    const attempts: Readonly<Record<Exclude<keyof Capabilities, 'atomicMoves' | 'comments'>, Attempt>> = {
      issues: (forge, on) => forge.openIssue(on, { title: 't', body: 'b' }),
      drafts: (forge, on, pull) => forge.setDraft(on, pull, true),
      labels: (forge, on, { number }) => forge.addLabels(on, number, ['x', 'y']),
      reviewers: (forge, on, { number }) => forge.requestReviews(on, number, { people: ['ada'], teams: [] }),
      assignees: (forge, on, { number }) => forge.assign(on, number, { people: ['ada'] }),
      automerge: (forge, on, pull) => forge.setAutomerge(on, pull, true),
    };

    it.each(Object.entries(attempts))('%s: as it says, or not at all', async (name, attempt) => {
      const { forge, on, pull } = await opened();
      const can = forge.can[name as keyof Capabilities];
      expect(await failure(attempt(forge, on, pull))).toBe(can ? 'done' : 'unsupported');
    });

    it('shows on a proposal, and goes away again', async () => {
      const { forge, on, pull } = await opened();
      const shown = async () => (await forge.state(on, { bases: [], branches: [branch] })).pulls[0];
      if (forge.can.labels) {
        await forge.addLabels(on, pull.number, ['x', 'y', 'x']);
        await forge.removeLabel(on, pull.number, 'x');
        await forge.removeLabel(on, pull.number, 'x');
        expect((await shown())?.labels.map((one) => one.name)).toEqual(['y']);
      }
      if (forge.can.drafts) {
        await forge.setDraft(on, pull, true);
        expect((await shown())?.isDraft).toBe(true);
        await forge.setDraft(on, pull, false);
        expect((await shown())?.isDraft).toBe(false);
      }
      if (forge.can.automerge) {
        await forge.setAutomerge(on, pull, true);
        expect((await shown())?.automerge).toBe(true);
        await forge.setAutomerge(on, pull, false);
        expect((await shown())?.automerge).toBe(false);
      }
    });

    it('names an item by its kind and number: one changes, the other stays', async () => {
      const { forge, on, pull } = await opened();
      if (!forge.can.issues) return;
      const issue = await forge.openIssue(on, { title: 'Dashboard', body: '- [ ] box' });
      const names = (await forge.ownItems(on)).map(({ kind, number }) => `${kind} ${number}`);
      expect(names.sort()).toEqual([`issue ${issue.number}`, `pull ${pull.number}`]);
      await forge.changeIssue(on, issue.number, { body: '- [x] box', state: 'closed' });
      await forge.changePull(on, pull.number, { body: 'pull' });
      const items = await forge.ownItems(on);
      expect(items.find(({ kind }) => kind === 'issue')).toMatchObject({ body: '- [x] box', state: 'closed' });
      expect(items.find(({ kind }) => kind === 'pull')).toMatchObject({ body: 'pull', state: 'open' });
    });
  });
}
