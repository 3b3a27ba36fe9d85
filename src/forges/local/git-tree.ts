import type { TreeFile } from '../forge.ts';
import type { Git } from './git.ts';

/** A plain file of a tree, with git's mode, so that it is written back as it was. */
export interface LocalFile extends TreeFile {
  readonly mode: '100644' | '100755';
  readonly size: number;
}

/**
 * The plain files of a tree or commit. Links and submodules are left out, and so is a name that is no UTF-8: it could not
 * be named in any report. Source: git-ls-tree(1), "Output format" with -l and -z.
 */
export async function readFiles(gitDir: string, treeish: string, git: Git): Promise<LocalFile[]> {
  const answer = await git.must(gitDir, ['ls-tree', '-r', '-l', '-z', '--full-tree', treeish]);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const files: LocalFile[] = [];
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf(0, at);
    const tab = answer.indexOf(9, at);
    const [mode, , blob = '', size] = answer.toString('latin1', at, tab).split(/ +/);
    const name = answer.subarray(tab + 1, end);
    at = end + 1;
    if (mode !== '100644' && mode !== '100755') continue;
    try {
      files.push({ path: utf8.decode(name), blob, size: Number(size), mode });
    } catch {
      // No UTF-8.
    }
  }
  return files;
}
