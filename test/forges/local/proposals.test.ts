import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Digest } from '../../../src/core/image/digest.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { debianImage, push } from '../../support/fleet.ts';
import { asSecurity, type CentralResult, centralRun, runTime } from '../../support/github/run.ts';
import { createRepository, localForge, type TestRepository } from './repository.ts';

let registry: FakeRegistry;
const made: TestRepository[] = [];
beforeEach(async () => {
  registry = await startFakeRegistry();
});
afterEach(async () => {
  await registry.close();
  for (const one of made.splice(0)) one.remove();
});

const now = runTime;
const publish = (version: string): Digest => push(registry, 'base', debianImage({ libc6: '1', openssl: version }), '1');
const from = (digest: Digest): string => `FROM ${registry.host}/base:1@${digest}\n`;

function create(files: Readonly<Record<string, string>> = {}, init: readonly string[] = []): TestRepository {
  const repository = createRepository(files, init);
  made.push(repository);
  return repository;
}

/** One scheduled run over the repository, as a process of its own would do it. */
function run(
  { folder }: { readonly folder: string },
  more: Parameters<typeof centralRun>[1] = {},
): Promise<CentralResult> {
  const forge = localForge({ now });
  // The stand-in for GitHub is only asked for a forge, which is given.
  return centralRun(undefined as never, { pattern: folder, forge, adjust: asSecurity, ...more });
}

/** A repository whose base image has moved on, and the branch that a run proposed. */
async function proposed(): Promise<{ repository: TestRepository; branch: string; digests: [Digest, Digest] }> {
  const old = publish('1.0');
  const repository = create({ Dockerfile: from(old), 'README.md': 'one\n' });
  const now = publish('1.1');
  const { outcomes } = await run(repository);
  expect(outcomes).toMatchObject([{ kind: 'created' }]);
  return { repository, branch: outcomes[0]!.branch, digests: [old, now] };
}

const stored = ({ git }: TestRepository) =>
  JSON.parse(git('cat-file', 'blob', 'refs/plimsoll/proposals')) as { proposals: { body: string; state: string }[] };

describe('a proposal in a local repository', () => {
  it('is a branch with the edit, and the next run writes nothing', async () => {
    const { repository, branch, digests } = await proposed();
    expect(repository.branches()).toEqual(['main', branch]);
    expect(repository.show(branch, 'Dockerfile')).toBe(from(digests[1]));
    expect(repository.show('main', 'Dockerfile')).toBe(from(digests[0]));
    expect(repository.git('log', '--format=%an <%ae> %cn <%ce> %cI', `main..${branch}`)).toBe(
      'Plimsoll <plimsoll@localhost> Plimsoll <plimsoll@localhost> 2026-01-05T12:00:00+00:00\n',
    );
    expect(stored(repository).proposals).toMatchObject([
      { state: 'open', body: expect.stringContaining('1 security fix: openssl') },
    ]);
    const refs = repository.refs();
    const objects = repository.git('count-objects', '-v');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'unchanged' }]);
    expect(repository.refs()).toBe(refs);
    expect(repository.git('count-objects', '-v')).toBe(objects);
  });

  it('leaves work tree and index of a person alone', async () => {
    const old = publish('1.0');
    const repository = create({ Dockerfile: from(old), 'notes.txt': 'one\n' });
    publish('1.1');
    writeFileSync(path.join(repository.folder, 'notes.txt'), 'two\n');
    repository.git('add', 'notes.txt');
    writeFileSync(path.join(repository.folder, 'notes.txt'), 'three\n');
    await run(repository);
    expect(repository.git('status', '--porcelain')).toBe('MM notes.txt\n');
  });

  it('is named in the findings it would fix by its branch', async () => {
    const { repository, branch } = await proposed();
    const { findings } = await run(repository);
    expect(findings).toMatchObject([{ proposal: { state: 'open', url: `file://${repository.folder}#${branch}` } }]);
  });

  it('is brought up to date in place when its target moves on', async () => {
    const { repository, branch } = await proposed();
    const newest = publish('1.2');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(repository.branches()).toEqual(['main', branch]);
    expect(repository.show(branch, 'Dockerfile')).toBe(from(newest));
    expect(repository.git('rev-list', '--count', `main..${branch}`)).toBe('1\n');
    expect(stored(repository).proposals).toHaveLength(1);
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'unchanged' }]);
  });

  it('is left alone once a person has committed to it, and is told of a newer target once', async () => {
    const { repository, branch } = await proposed();
    repository.git('checkout', '--quiet', branch);
    const mine = repository.commit({ 'more.txt': 'mine\n' });
    repository.git('checkout', '--quiet', 'main');
    publish('1.2');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect(repository.git('rev-parse', branch).trim()).toBe(mine);
    expect(stored(repository).proposals).toMatchObject([
      { state: 'open', comments: [expect.stringContaining('told')] },
    ]);
    const refs = repository.refs();
    await run(repository);
    expect(repository.refs()).toBe(refs);
  });

  it('is left alone when a person has amended it', async () => {
    const { repository, branch } = await proposed();
    repository.git('checkout', '--quiet', branch);
    repository.git('commit', '--quiet', '--amend', '--no-edit');
    repository.git('checkout', '--quiet', 'main');
    const mine = repository.git('rev-parse', branch);
    publish('1.2');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect(repository.git('rev-parse', branch)).toBe(mine);
  });

  it.each([
    ['a fast-forward', ['--ff-only']],
    ['a merge commit', ['--no-ff', '--no-edit']],
  ])('is over after %s, and its branch is taken away', async (_name, how) => {
    const { repository, branch } = await proposed();
    repository.git('merge', '--quiet', ...how, branch);
    await run(repository);
    expect(repository.branches()).toEqual(['main']);
    const refs = repository.refs();
    await run(repository);
    expect(repository.refs()).toBe(refs);
    publish('1.2');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'created' }]);
    expect(stored(repository).proposals.map(({ state }) => state)).toEqual(['merged', 'open']);
  });

  it('stays closed when a person deletes the branch, until there is news', async () => {
    const { repository, branch } = await proposed();
    repository.git('branch', '-D', branch);
    const refs = repository.refs();
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'left-alone' }]);
    expect(repository.refs()).toBe(refs);
    publish('1.2');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'created', branch }]);
    expect(stored(repository).proposals.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('is closed when nothing is left to propose', async () => {
    const { repository, digests } = await proposed();
    repository.commit({ Dockerfile: from(digests[1]) });
    await run(repository);
    expect(repository.branches()).toEqual(['main']);
    expect(stored(repository).proposals).toMatchObject([{ state: 'closed' }]);
  });

  it('is kept while its base moves on elsewhere, and made anew when it conflicts', async () => {
    const { repository, branch, digests } = await proposed();
    const before = repository.git('rev-parse', branch);
    repository.commit({ 'README.md': 'two\n' });
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'unchanged' }]);
    expect(repository.git('rev-parse', branch)).toBe(before);
    repository.commit({ Dockerfile: `${from(digests[0]).trimEnd()} AS build\n` });
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(repository.show(branch, 'Dockerfile')).toBe(`${from(digests[1]).trimEnd()} AS build\n`);
    repository.git('merge', '--quiet', '--ff-only', branch);
  });

  it('exists once when two runs are at work at once', async () => {
    const old = publish('1.0');
    const repository = create({ Dockerfile: from(old) });
    publish('1.1');
    await Promise.all([run(repository), run(repository), run(repository)]);
    expect(stored(repository).proposals).toHaveLength(1);
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'unchanged' }]);
    expect(repository.branches()).toEqual(['main', expect.stringMatching(/^plimsoll\/.*base-1-[0-9a-f]{8}$/)]);
    expect(repository.git('rev-list', '--count', `main..${repository.branches()[1]}`)).toBe('1\n');
  });

  it('is not moved while it is checked out', async () => {
    const { repository, branch } = await proposed();
    repository.git('checkout', '--quiet', branch);
    const before = repository.refs();
    publish('1.2');
    expect((await run(repository)).outcomes).toMatchObject([
      { kind: 'failed', reason: expect.stringContaining(`${branch} is checked out in a work tree`) },
    ]);
    expect(repository.branches()).toEqual(['main', branch, expect.stringMatching(/^plimsoll\/next-/)]);
    expect(repository.git('status', '--porcelain')).toBe('');
    repository.git('checkout', '--quiet', 'main');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect(repository.refs()).not.toBe(before);
    expect(repository.branches()).toEqual(['main', branch]);
  });

  it('is made in a repository of the longer ids too', async () => {
    const old = publish('1.0');
    const repository = create({ Dockerfile: from(old) }, ['--object-format=sha256']);
    publish('1.1');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'created' }]);
    repository.commit({ Dockerfile: `${from(old).trimEnd()} AS build\n` });
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'updated' }]);
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'unchanged' }]);
  });

  it('is entered again for a branch of ours that a run which was killed has left, or whose ledger was lost', async () => {
    const { repository, branch } = await proposed();
    const before = repository.git('rev-parse', branch);
    repository.git('update-ref', '-d', 'refs/plimsoll/proposals');
    expect((await run(repository)).outcomes).toMatchObject([{ kind: 'created', branch }]);
    expect(repository.git('rev-parse', branch)).toBe(before);
    expect(stored(repository).proposals).toMatchObject([{ state: 'open' }]);
  });

  it('survives a run that ended between branch and commit', async () => {
    const { repository, branch } = await proposed();
    repository.git('update-ref', '-d', 'refs/plimsoll/proposals');
    repository.git('branch', '--force', branch, 'main');
    const { outcomes } = await run(repository);
    expect(outcomes).toMatchObject([{ kind: 'created', branch }]);
    expect(repository.git('rev-list', '--count', `main..${branch}`)).toBe('1\n');
    expect(repository.branches()).toEqual(['main', branch]);
  });

  it('is over when a person has squashed it into the base', async () => {
    const { repository, branch } = await proposed();
    repository.git('merge', '--quiet', '--squash', branch);
    repository.git('commit', '--quiet', '-m', 'squashed');
    await run(repository);
    expect(repository.branches()).toEqual(['main']);
  });

  it('has no reviewers, and says so', async () => {
    const old = publish('1.0');
    const repository = create({ Dockerfile: from(old) });
    publish('1.1');
    const rules = [{ match: {}, reviewers: ['ada'], labels: ['deps'] }];
    const { outcomes } = await run(repository, { rules });
    expect(outcomes).toMatchObject([{ kind: 'created', reason: expect.stringContaining('has no reviewers') }]);
    expect(stored(repository).proposals).toMatchObject([{ labels: ['deps'] }]);
  });

  it('is made in a bare repository too', async () => {
    const old = publish('1.0');
    const repository = create({ Dockerfile: from(old) });
    const bare = `${repository.folder}/.bare.git`;
    repository.git('clone', '--quiet', '--bare', '.', bare);
    const now = publish('1.1');
    const { outcomes } = await run({ folder: bare });
    expect(outcomes).toMatchObject([{ kind: 'created' }]);
    expect(repository.git('-C', bare, 'show', `${outcomes[0]!.branch}:Dockerfile`)).toBe(from(now));
  });

  it('keeps the mode of an executable file, and of others everything', async () => {
    const old = publish('1.0');
    const repository = create({ 'run/Dockerfile': from(old) });
    repository.git('update-index', '--chmod=+x', 'run/Dockerfile');
    repository.git('commit', '--quiet', '-m', 'executable');
    publish('1.1');
    const { outcomes } = await run(repository);
    expect(repository.git('diff', '--raw', 'main', outcomes[0]!.branch)).toMatch(
      /^:100755 100755 .*M\trun\/Dockerfile\n$/,
    );
  });

  it('says so when a dry run would make one, and makes none', async () => {
    const old = publish('1.0');
    const repository = create({ Dockerfile: from(old) });
    publish('1.1');
    const before = repository.refs();
    const { outcomes } = await run(repository, { settings: { dryRun: true } });
    expect(outcomes).toMatchObject([{ kind: 'created' }]);
    expect(repository.refs()).toBe(before);
  });
});
