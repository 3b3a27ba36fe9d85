import type { ForgeCommit } from '../forge.ts';
import { type Git, localIdentity } from './git.ts';

/** Commits by their ids, in that order; what is none, or not there, is left out. */
export async function readCommits(gitDir: string, ids: readonly string[], git: Git): Promise<readonly ForgeCommit[]> {
  if (ids.length === 0) return [];
  const answer = await git.must(gitDir, ['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join('') });
  const commits: ForgeCommit[] = [];
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf(10, at);
    const [oid = '', type, size] = answer.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (size === undefined) continue;
    const content = answer.toString('utf8', at, at + Number(size));
    at += Number(size) + 1;
    if (type === 'commit') commits.push(parseCommit(oid, content));
  }
  return commits;
}

/** A commit object: header lines, an empty line, the message (gitformat-pack(5), git-cat-file(1)). */
function parseCommit(oid: string, content: string): ForgeCommit {
  const end = content.indexOf('\n\n');
  const header = content.slice(0, end).split('\n');
  const committer = header.find((line) => line.startsWith('committer ')) ?? '';
  return {
    oid,
    message: content.slice(end + 2).trimEnd(),
    parents: header.flatMap((line) => (line.startsWith('parent ') ? line.slice('parent '.length) : [])),
    // Who amends or rebases becomes the committer.
    isOwn: committer.includes(` <${localIdentity.email}> `),
  };
}

/** Is everything that the first has in the second? No, where one of them is gone. */
export async function isWithin(gitDir: string, commit: string, within: string, git: Git): Promise<boolean> {
  return (await git.run(gitDir, ['merge-base', '--is-ancestor', commit, within])).code === 0;
}
