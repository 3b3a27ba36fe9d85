import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ForgeRepository, Selection } from '../../../src/forge/forge.ts';
import { forgeFor } from '../../support/github/forge.ts';
import { type GitHubServer, startGitHub } from '../../support/github/server.ts';

let github: GitHubServer;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(async () => {
  await github.close();
  expect(github.faults).toEqual([]);
});

const all: Selection = {
  pattern: 'o/*',
  topics: [],
  languages: [],
  archived: false,
  forks: false,
  templates: false,
  branches: [],
};

async function listed(selection: Partial<Selection> = {}): Promise<ForgeRepository[]> {
  const found: ForgeRepository[] = [];
  for await (const one of forgeFor(github).repositories({ ...all, ...selection })) found.push(one);
  return found;
}

describe('repositories', () => {
  it('reads the files of a repository', async () => {
    github.world.create('o/a', { 'docker/Dockerfile': 'FROM debian\n', 'README.md': 'hello\n' });
    const [repository] = await listed();
    const forge = forgeFor(github);
    const files = await forge.tree(repository!, repository!.branches[0]!.tree);
    expect(files.map(({ path }) => path).sort()).toEqual(['README.md', 'docker/Dockerfile']);
    const file = files.find(({ path }) => path === 'docker/Dockerfile')!;
    expect(Buffer.from(await forge.blob(repository!, file)).toString()).toBe('FROM debian\n');
  });
});

describe('writing', () => {
  it('commits to a new branch and opens a pull request', async () => {
    const repo = github.world.create('o/a', { Dockerfile: 'FROM debian\n' });
    const [repository] = await listed();
    const forge = forgeFor(github);
    const onto = repository!.branches[0]!.commit;
    await forge.moveBranches(repository!, [{ branch: 'plimsoll/x', before: undefined, after: onto }]);
    await forge.commit(repository!, {
      branch: 'plimsoll/x',
      onto,
      subject: 's',
      body: 'b',
      files: [{ path: 'Dockerfile', bytes: Buffer.from('FROM x\n') }],
    });
    const pull = await forge.openPull(repository!, {
      head: 'plimsoll/x',
      base: 'main',
      title: 't',
      body: 'b',
      draft: false,
    });
    expect(github.world.files(repo, 'plimsoll/x')).toEqual({ Dockerfile: 'FROM x\n' });
    const state = await forge.state(repository!, { bases: ['main'], branches: ['plimsoll/x', 'plimsoll/none'] });
    expect(state.pulls).toMatchObject([{ number: pull.number, isOwn: true, state: 'open', conflicts: false }]);
    expect(state.branches.get('plimsoll/x')).toMatchObject({ isOwn: true });
    expect(state.branches.get('plimsoll/none')).toBeUndefined();
    expect(await forge.ownItems(repository!)).toMatchObject([{ number: pull.number, isPull: true }]);
    expect(await forge.commitsBetween(repository!, 'main', 'plimsoll/x')).toHaveLength(1);
    await forge.comment(repository!, pull.number, 'hi');
    await forge.addLabels(repository!, pull.number, ['a']);
    await forge.removeLabel(repository!, pull.number, 'a');
    await forge.removeLabel(repository!, pull.number, 'a');
    await forge.requestReviews(repository!, pull.number, { people: ['p'], teams: ['t'] });
    await forge.assign(repository!, pull.number, { people: ['p'], milestone: 1 });
    await forge.setDraft(pull, true, repository!);
    await forge.setAutomerge(pull, true, repository!);
    expect(await forge.mayWrite(repository!, 'p')).toBe(false);
    await forge.changePull(repository!, pull.number, { state: 'closed', body: 'c' });
    expect(repo.items[0]).toMatchObject({ state: 'closed', body: 'c', pull: { draft: true, automerge: true } });
  });
});
