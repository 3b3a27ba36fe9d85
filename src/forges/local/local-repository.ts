import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../core/errors.ts';
import type { BranchHead, ForgeRepository, Selection } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { Git } from './git.ts';

const ownPrefix = 'plimsoll/';

/** Opens the repository that a folder is, bare or with a work tree. Its id is its git directory. Throws ForgeError. */
export async function openRepository({ pattern: folder, branches }: Selection, git: Git): Promise<ForgeRepository> {
  const { gitDir, isBare } = await locate(folder, git);
  const heads = await readHeads(gitDir, git);
  const names = branches.length > 0 ? branches : await defaultBranch(gitDir, isBare, heads, git);
  return {
    forge: 'local',
    id: gitDir,
    name: folder,
    url: pathToFileURL(folder).href,
    isPrivate: true,
    archived: false,
    branches: names.flatMap((name) => heads.get(name) ?? []),
    ownBranches: [...heads.values()].filter(({ name }) => name.startsWith(ownPrefix)),
  };
}

/** Only the folder itself is looked at: one inside of a repository is not meant to be that repository. */
async function locate(folder: string, git: Git): Promise<{ readonly gitDir: string; readonly isBare: boolean }> {
  const attempt = `opening the repository ${folder}`;
  let own: string;
  try {
    const real = realpathSync(folder);
    const inside = path.join(real, '.git');
    own = statSync(inside, { throwIfNoEntry: false }) === undefined ? real : inside;
    if (!statSync(real).isDirectory()) throw new ForgeError('missing', `${attempt}: it is no folder`);
    // A linked work tree and a submodule have a file there, which git follows.
    const cwd = statSync(own).isDirectory() ? own : real;
    const asked = ['rev-parse', '--git-common-dir', '--is-bare-repository'];
    const { code, stdout, complaint } = await git.run(own, asked, { cwd });
    if (code !== 0) throw new ForgeError('missing', `${attempt}: ${complaint || 'it is no git repository'}`);
    const [common = '', bare] = splitLast(stdout.toString().trimEnd());
    return { gitDir: realpathSync(path.resolve(cwd, common)), isBare: bare === 'true' };
  } catch (error) {
    if (error instanceof ForgeError) throw error;
    throw new ForgeError('missing', `${attempt}: ${messageOf(error)}`, { cause: error });
  }
}

/** A path may hold line ends. */
function splitLast(text: string): [string, string] {
  const at = text.lastIndexOf('\n');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Every branch as it is now. */
export async function readHeads(gitDir: string, git: Git): Promise<ReadonlyMap<string, BranchHead>> {
  const format = '--format=%(objectname) %(tree) %(refname)';
  const text = (await git.must(gitDir, ['for-each-ref', format, 'refs/heads/'])).toString();
  const heads = new Map<string, BranchHead>();
  for (const line of text.split('\n')) {
    const [, commit, tree, name] = /^(\S+) (\S+) refs\/heads\/(.+)$/.exec(line) ?? [];
    if (commit !== undefined && tree !== undefined && name !== undefined) heads.set(name, { name, commit, tree });
  }
  return heads;
}

/**
 * In a bare repository what HEAD names. In a work tree HEAD is what somebody works at this moment, so it comes last: after
 * the default branch of `origin`, `main` and `master`. A branch of ours is never the answer.
 */
async function defaultBranch(
  gitDir: string,
  isBare: boolean,
  heads: ReadonlyMap<string, BranchHead>,
  git: Git,
): Promise<readonly string[]> {
  const named = async (ref: string, prefix: string): Promise<string> => {
    const { stdout } = await git.run(gitDir, ['symbolic-ref', '--quiet', ref]);
    const target = stdout.toString().trim();
    return target.startsWith(prefix) ? target.slice(prefix.length) : '';
  };
  const head = await named('HEAD', 'refs/heads/');
  const origin = isBare ? '' : await named('refs/remotes/origin/HEAD', 'refs/remotes/origin/');
  const order = isBare ? [head] : [origin, 'main', 'master', head];
  return order.filter((name) => heads.has(name) && !name.startsWith(ownPrefix)).slice(0, 1);
}
