import type { Octokit } from '@octokit/rest';
import { limits } from '../../core/limits/limits.ts';
import type { TreeFile } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { failureOf } from './failure.ts';

interface Entry {
  readonly path?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly sha?: string | null;
  readonly size?: number;
}

/**
 * Every plain file of a tree in one request, if it fits (GitHub cuts at 100,000 entries or 7 MB); else folder by folder.
 * Symbolic links (mode 120000) and submodules (160000) are left out.
 * Source: https://docs.github.com/en/rest/git/trees
 */
export async function readTree(
  octokit: Octokit,
  repository: { readonly owner: string; readonly repo: string },
  tree: string,
): Promise<readonly TreeFile[]> {
  const name = `${repository.owner}/${repository.repo}`;
  const ask = async (sha: string, recursive: boolean): Promise<{ entries: readonly Entry[]; cut: boolean }> => {
    try {
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
        ...repository,
        tree_sha: sha,
        ...(recursive && { recursive: '1' }),
      });
      return { entries: data.tree, cut: data.truncated ?? false };
    } catch (error) {
      throw failureOf(error, `listing the files of ${name}`);
    }
  };
  const whole = await ask(tree, true);
  if (!whole.cut) return whole.entries.flatMap((entry) => toFile(entry, ''));

  const files: TreeFile[] = [];
  const waiting = [{ sha: tree, prefix: '' }];
  for (let asked = 0; waiting.length > 0; asked++) {
    const { sha, prefix } = waiting.shift() as { sha: string; prefix: string };
    if (asked >= limits.tree.folders.most || files.length > limits.tree.files.most) {
      throw new ForgeError(
        'refused',
        `listing the files of ${name}: more than ${limits.tree.folders.most} folders; exclude some`,
      );
    }
    const { entries } = await ask(sha, false);
    files.push(...entries.flatMap((entry) => toFile(entry, prefix)));
    for (const { type, path, sha: folder } of entries) {
      if (type === 'tree' && path && folder) waiting.push({ sha: folder, prefix: `${prefix}${path}/` });
    }
  }
  return files;
}

function toFile({ path, mode, type, sha, size }: Entry, prefix: string): TreeFile[] {
  if (type !== 'blob' || !path || !sha || mode === '120000') return [];
  return [{ path: `${prefix}${path}`, blob: sha, size: size ?? 0 }];
}
