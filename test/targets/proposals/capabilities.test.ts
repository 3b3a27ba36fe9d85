import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Capabilities, Forge } from '../../../src/forges/forge.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { forgeFor } from '../../support/github/forge.ts';
import { asSecurity, type CentralResult, centralRun } from '../../support/github/run.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';
import type { Repo } from '../../support/github/world.ts';

let github: GitHubServer;
let registry: FakeRegistry;
beforeEach(async () => {
  [github, registry] = await Promise.all([startGitHub(), startFakeRegistry()]);
});
afterEach(async () => {
  await Promise.all([github.close(), registry.close()]);
  expect(github.faults).toEqual([]);
});

const publish = (version: string): string => push(registry, 'base', debianImage({ libc6: '1', openssl: version }), '1');

function create(): Repo {
  const old = publish('1.0');
  publish('1.1');
  return github.world.create('o/a', { Dockerfile: `FROM ${registry.host}/base:1@${old}\n` });
}

/** The stand-in's forge, which says that it can do less. */
function without(...less: readonly (keyof Capabilities)[]): Forge {
  const forge = forgeFor(github);
  return { ...forge, can: { ...forge.can, ...Object.fromEntries(less.map((key) => [key, false])) } };
}

const everything = {
  match: {},
  labels: ['x'],
  reviewers: ['ada'],
  assignees: ['ada'],
  automerge: true,
};

function run(forge: Forge): Promise<CentralResult> {
  const adjust: Parameters<typeof centralRun>[1] = { adjust: asSecurity, rules: [everything], forge };
  return centralRun(github, adjust);
}

it('what a forge cannot do is said beside the proposal, and not asked for', async () => {
  const repo = create();
  const { outcomes } = await run(without('labels', 'reviewers', 'assignees', 'automerge'));
  expect(outcomes).toMatchObject([{ kind: 'created' }]);
  const { reason = '' } = outcomes[0] ?? {};
  for (const what of ['labels', 'reviewers', 'assignees and milestones', 'auto-merge'])
    expect(reason).toContain(`GitHub has no ${what}`);
  expect(repo.items).toMatchObject([{ labels: [], assignees: [], pull: { reviewers: [], automerge: false } }]);
  expect(github.writes()).toHaveLength(3);
});

it('what it can do is done', async () => {
  const repo = create();
  expect((await run(without())).outcomes).toMatchObject([
    { kind: 'created', reason: expect.not.stringMatching(/has no/) },
  ]);
  expect(repo.items).toMatchObject([
    { labels: [{ name: 'x' }], assignees: ['ada'], pull: { reviewers: ['ada'], automerge: true } },
  ]);
});

it('a draft is an ordinary proposal where there are none', async () => {
  const repo = create();
  const draft: Parameters<typeof centralRun>[1] = {
    forge: without('drafts'),
    adjust: (finding) => ({ ...asSecurity(finding), reaction: { react: ['propose'], when: 'now', draft: true } }),
  };
  const { outcomes } = await centralRun(github, draft);
  expect(outcomes).toMatchObject([{ kind: 'created', reason: expect.stringContaining('no drafts') }]);
  expect(repo.items).toMatchObject([{ pull: { draft: false } }]);
});

it('branches that cannot be moved together are moved one by one, and what is left over is swept away', async () => {
  const repo = create();
  const forge = without('atomicMoves');
  await run(forge);
  publish('1.2');
  const moves: number[] = [];
  const counted: Forge = {
    ...forge,
    moveBranches: (on, all) => {
      moves.push(all.length);
      return forge.moveBranches(on, all);
    },
  };
  expect((await run(counted)).outcomes).toMatchObject([{ kind: 'updated' }]);
  expect(moves).toEqual([1, 1, 1]);
  const branches = [...repo.store.refs().keys()].filter((name) => name.startsWith('refs/heads/plimsoll/'));
  expect(branches).toHaveLength(1);
  expect(github.world.files(repo, branches[0]?.replace('refs/heads/', '') ?? '')['Dockerfile']).toContain('@sha256:');
});
