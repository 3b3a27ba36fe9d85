import { ForgeError } from '../forge-error.ts';
import type { Git } from './git.ts';

const branches = 'refs/heads/';

/** `before` undefined: it must not exist; `after` undefined: it is deleted. */
export interface RefChange {
  /** The full name. */
  readonly ref: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * All of the changes or none, each only from where it was seen: git-update-ref(1), --stdin with -z. A name that only
 * points to another is replaced, never followed. Throws ForgeError 'raced' when one is elsewhere, 'refused' when a
 * branch is checked out, for then the files of a person would not be what their branch says.
 */
export async function changeRefs(gitDir: string, changes: readonly RefChange[], git: Git): Promise<void> {
  const names = changes.map(({ ref }) => ref.replace(branches, '')).join(', ');
  const attempt = `moving ${names} in ${gitDir}`;
  if (changes.some(({ ref }) => ref.startsWith(branches))) {
    const taken = await checkedOut(gitDir, git);
    const busy = changes.find(({ ref }) => taken.has(ref));
    if (busy !== undefined) {
      const branch = busy.ref.replace(branches, '');
      throw new ForgeError(
        'refused',
        `${attempt}: ${branch} is checked out in a work tree; check out another branch there, and the next run goes on`,
      );
    }
  }
  const input = changes.map((change) => `option no-deref\0${commandOf(change)}`).join('');
  const { code, complaint } = await git.run(gitDir, ['update-ref', '-m', 'plimsoll', '-z', '--stdin'], { input });
  if (code === 0) return;
  const moved = await Promise.all(changes.map(async ({ ref, before }) => (await refAt(gitDir, ref, git)) !== before));
  const isLocked = /\.lock'?: File exists/.test(complaint);
  const failure =
    moved.includes(true) || isLocked ? 'raced' : /permission denied/i.test(complaint) ? 'denied' : 'refused';
  throw new ForgeError(failure, `${attempt}: ${complaint}`);
}

function commandOf({ ref, before, after }: RefChange): string {
  if (after === undefined) return `delete ${ref}\0${before ?? ''}\0`;
  return before === undefined ? `create ${ref}\0${after}\0` : `update ${ref}\0${after}\0${before}\0`;
}

/** What a ref names; undefined: there is none. */
export async function refAt(gitDir: string, ref: string, git: Git): Promise<string | undefined> {
  const { code, stdout } = await git.run(gitDir, ['rev-parse', '--verify', '--quiet', ref]);
  return code === 0 ? stdout.toString().trim() : undefined;
}

/** Full names of the branches that some work tree stands on: git-worktree(1), "Porcelain format". */
async function checkedOut(gitDir: string, git: Git): Promise<ReadonlySet<string>> {
  const text = (await git.must(gitDir, ['worktree', 'list', '--porcelain'])).toString();
  return new Set(text.split('\n').flatMap((line) => /^branch (.+)$/.exec(line)?.[1] ?? []));
}
