import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { NewCommit } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { Git } from './git.ts';
import { readFiles } from './git-tree.ts';

/**
 * Writes a commit of ours and returns its id; no branch is moved yet. An index of its own keeps the one that a person
 * works with out of it, and each file keeps its mode. `now`: milliseconds. Throws ForgeError.
 */
export async function makeCommit(
  gitDir: string,
  { onto, subject, body, files }: NewCommit,
  now: number,
  git: Git,
): Promise<string> {
  const known = new Map((await readFiles(gitDir, onto, git)).map((file) => [file.path, file]));
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-index-'));
  try {
    const env = { GIT_INDEX_FILE: path.join(folder, 'index') };
    const lines: string[] = [];
    for (const file of files) {
      const mode = known.get(file.path)?.mode;
      if (mode === undefined) throw new ForgeError('raced', `${file.path} is no plain file in ${onto} any more`);
      const blob = await git.must(gitDir, ['hash-object', '-w', '--no-filters', '--stdin'], { input: file.bytes });
      lines.push(`${mode} ${line(blob)}\t${file.path}\0`);
    }
    await git.must(gitDir, ['read-tree', onto], { env });
    await git.must(gitDir, ['update-index', '-z', '--index-info'], { env, input: lines.join('') });
    const tree = line(await git.must(gitDir, ['write-tree'], { env }));
    const date = `@${Math.floor(now / 1000)} +0000`;
    const commit = await git.must(gitDir, ['commit-tree', tree, '-p', onto, '-F', '-'], {
      env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      input: `${subject}\n\n${body}\n`,
    });
    return line(commit);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function line(answer: Buffer): string {
  return answer.toString().trim();
}
