import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { everything, type Forge } from '../../src/forges/forge.ts';
import { gitea } from '../../src/forges/gitea/gitea.ts';
import { github } from '../../src/forges/github/github.ts';
import { gitlab } from '../../src/forges/gitlab/gitlab.ts';
import { local } from '../../src/forges/local/local.ts';
import { describeForge, type ForgeFixture, type RepositoryFixture } from '../contract/forge.ts';
import { giteaForge, startGitea } from '../support/gitea/forge.ts';
import { forgeFor } from '../support/github/forge.ts';
import { writeCommit, writeTree } from '../support/github/git.ts';
import { startGitHub } from '../support/github/server.ts';
import { gitlabForge, startGitLab } from '../support/gitlab/forge.ts';
import type { StandIn } from '../support/stand-in.ts';
import { createRepository, localForge, type TestRepository } from './local/repository.ts';

describeForge(github, async (): Promise<ForgeFixture> => {
  const server = await startGitHub();
  const { world } = server;
  let count = 0;
  return {
    forge: forgeFor(server),
    nowhere: 'o/nowhere',
    loseAnswers: () => {
      server.after = () => 'hang-up';
    },
    create(files): RepositoryFixture {
      const name = `o/r${count++}`;
      const repo = world.create(name, files);
      return {
        pattern: name,
        push(branch, changed) {
          if (world.head(repo, branch) === undefined) world.setBranch(repo, branch, world.head(repo, 'main'));
          return world.push(repo, branch, changed);
        },
        pushOddities() {
          const { store } = repo;
          const blob = store.write('blob', Buffer.from('/etc/passwd'));
          const head = world.head(repo, 'main') ?? '';
          const file = store.write('blob', Buffer.from('FROM a\n'));
          const tree = writeOddTree(store, file, blob, head);
          const who = { name: 'a', email: 'a@b.example' };
          const commit = { tree, parents: [head], author: who, committer: who, message: 'odd' };
          world.setBranch(repo, 'main', writeCommit(store, commit));
        },
        head: (branch) => world.head(repo, branch),
        set: (branch, commit) => world.setBranch(repo, branch, commit),
        builds: () => repo.builds.length,
      };
    },
    async close() {
      await server.close();
      expect(server.faults).toEqual([]);
    },
  };
});

function writeOddTree(store: Parameters<typeof writeTree>[0], file: string, blob: string, commit: string): string {
  return writeTree(store, [
    { mode: '100644', name: 'Dockerfile', oid: file },
    { mode: '120000', name: 'link', oid: blob },
    { mode: '160000', name: 'module', oid: commit },
  ]);
}

describeForge(local, async (): Promise<ForgeFixture> => {
  const made: TestRepository[] = [];
  const empty = mkdtempSync(path.join(tmpdir(), 'plimsoll-nowhere-'));
  return {
    forge: localForge({ now: Date.parse('2026-01-05T12:00:00Z') }),
    nowhere: path.join(empty, 'nowhere'),
    create(files): RepositoryFixture {
      const repository = createRepository(files);
      made.push(repository);
      const { folder, git } = repository;
      const head = (branch: string): string | undefined => {
        try {
          return git('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`).trim();
        } catch {
          return undefined;
        }
      };
      return {
        pattern: folder,
        push(branch, changed) {
          git('checkout', '--quiet', ...(head(branch) === undefined ? ['-b', branch, 'main'] : [branch]));
          const commit = repository.commit(changed);
          git('checkout', '--quiet', '--detach');
          return commit;
        },
        pushOddities() {
          git('checkout', '--quiet', 'main');
          symlinkSync('Dockerfile', path.join(folder, 'link'));
          git('add', '--all');
          git('update-index', '--add', '--cacheinfo', `160000,${head('main')},module`);
          git('commit', '--quiet', '-m', 'odd');
        },
        head,
        set(branch, commit) {
          if (commit === undefined) git('update-ref', '-d', `refs/heads/${branch}`);
          else git('update-ref', `refs/heads/${branch}`, commit);
        },
      };
    },
    async close() {
      rmSync(empty, { recursive: true });
      for (const one of made) one.remove();
    },
  };
});

/** A stand-in over real bare repositories, with a second server of the same kind whose repositories have the same numbers. */
async function standIn(start: () => Promise<StandIn>, forgeOf: (server: StandIn) => Forge): Promise<ForgeFixture> {
  const [server, other] = await Promise.all([start(), start()]);
  let count = 0;
  return {
    forge: forgeOf(server),
    nowhere: 'o/nowhere',
    loseAnswers: () => {
      server.after = () => 'hang-up';
    },
    create(files): RepositoryFixture {
      const name = `o/r${count++}`;
      const { world } = server;
      const repo = world.create(name, files);
      other.world.create(name, files);
      repo.permissions.set('ada', 'write');
      return {
        pattern: name,
        push(branch, changed) {
          if (world.head(repo, branch) === undefined) world.setBranch(repo, branch, world.head(repo, 'main'));
          return world.push(repo, branch, changed);
        },
        pushOddities() {
          const { store } = repo;
          const blob = store.write('blob', Buffer.from('/etc/passwd'));
          const head = world.head(repo, 'main') ?? '';
          const file = store.write('blob', Buffer.from('FROM a\n'));
          const tree = writeOddTree(store, file, blob, head);
          const who = { name: 'a', email: 'a@b.example' };
          const commit = { tree, parents: [head], author: who, committer: who, message: 'odd' };
          world.setBranch(repo, 'main', writeCommit(store, commit));
        },
        head: (branch) => world.head(repo, branch),
        set: (branch, commit) => world.setBranch(repo, branch, commit),
        builds: () => repo.builds.length,
      };
    },
    async twin(pattern) {
      for await (const one of forgeOf(other).repositories({ ...everything, pattern })) return one;
      return undefined;
    },
    async close() {
      await Promise.all([server.close(), other.close()]);
      expect([...server.faults, ...other.faults]).toEqual([]);
      expect(server.untested).toEqual([]);
    },
  };
}

describeForge(gitlab, () => standIn(startGitLab, gitlabForge));

describeForge(gitea, () => standIn(startGitea, giteaForge));
