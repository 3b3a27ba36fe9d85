import { Git } from '../forges/local/git.ts';

/** Milliseconds: when the fleet was committed. */
const committed = Date.UTC(2025, 5, 9);

/** Makes a git repository of a folder, with everything in it as its first commit. Throws ForgeError, also without git. */
export async function commitFolder(folder: string, searchPath: string): Promise<void> {
  const git = new Git(searchPath);
  const gitDir = `${folder}/.git`;
  await git.must(gitDir, ['init', '--quiet', '--template='], { cwd: folder });
  await git.must(gitDir, ['symbolic-ref', 'HEAD', 'refs/heads/main'], { cwd: folder });
  await git.must(gitDir, ['--work-tree=.', 'add', '--all'], { cwd: folder });
  const date = `@${committed / 1000} +0000`;
  await git.must(gitDir, ['--work-tree=.', 'commit', '--quiet', '-m', 'The fleet'], {
    cwd: folder,
    env: {
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_EMAIL: 'you@demo.example',
      GIT_COMMITTER_EMAIL: 'you@demo.example',
    },
  });
}
