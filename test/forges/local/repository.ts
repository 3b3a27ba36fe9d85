import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Forge } from '../../../src/forges/forge.ts';
import { local } from '../../../src/forges/local/local.ts';
import { openLocal } from '../../../src/forges/local/open-local.ts';

/** A real repository in a temporary folder, and what a person does in it. */
export interface TestRepository {
  readonly folder: string;
  git(...args: readonly string[]): string;
  /** Writes files in the work tree and commits them to what is checked out. */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
  branches(): readonly string[];
  /** Every ref with what it names. */
  refs(): string;
  /** A file as it stands on a branch. */
  show(branch: string, file: string): string;
  remove(): void;
}

const person = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

export function createRepository(
  files: Readonly<Record<string, string>> = {},
  init: readonly string[] = [],
): TestRepository {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-local-'));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...person },
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
  git('init', '--quiet', '--initial-branch=main', ...init);
  const repository: TestRepository = {
    folder,
    git,
    commit(changed, message = 'a change') {
      for (const [name, text] of Object.entries(changed)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--no-verify', '-m', message);
      return git('rev-parse', 'HEAD').trim();
    },
    branches: () => git('for-each-ref', '--format=%(refname:short)', 'refs/heads/').trim().split('\n'),
    refs: () => git('for-each-ref', '--format=%(refname) %(objectname)'),
    show: (branch, file) => git('show', `${branch}:${file}`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  if (Object.keys(files).length > 0) repository.commit(files, 'the beginning');
  return repository;
}

/** The forge of git repositories in folders, which has git from these programs. */
export function localForge({ now, path: programs = process.env['PATH'] ?? '' }: { now: number; path?: string }): Forge {
  return { ...openLocal({ now, path: programs }), type: local.type, present: local.present };
}
