import { limits } from '../../core/limits/limits.ts';
import type { BranchHead } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { isWithin } from './commits.ts';
import type { Git } from './git.ts';
import { changeRefs, type RefChange, refAt } from './git-refs.ts';
import { emptyLedger, formatLedger, type Ledger, type LocalProposal, ledgerRef, parseLedger } from './ledger.ts';
import { readHeads } from './local-repository.ts';

/** The ledger of a repository, and the blob it stands in. Throws ForgeError 'refused' when it cannot be read. */
export async function readLedger(
  gitDir: string,
  git: Git,
): Promise<{ readonly blob: string | undefined; readonly ledger: Ledger }> {
  const blob = await refAt(gitDir, ledgerRef, git);
  if (blob === undefined) return { blob, ledger: emptyLedger };
  const { code, stdout } = await git.run(gitDir, ['cat-file', 'blob', blob]);
  const ledger = code === 0 ? parseLedger(stdout.toString()) : undefined;
  if (ledger !== undefined) return { blob, ledger };
  throw new ForgeError(
    'refused',
    `reading ${ledgerRef} of ${gitDir}: it holds no proposals of ours; look at it, and take it away with git update-ref -d ${ledgerRef}`,
  );
}

/**
 * Moves branches and writes the ledger in one step, so that neither is ever seen without the other. A ledger that another
 * run has written meanwhile is read again; a branch that is elsewhere is not. Throws ForgeError 'raced' for that.
 */
export async function record(
  gitDir: string,
  moves: readonly RefChange[],
  edit: (ledger: Ledger) => Ledger | Promise<Ledger>,
  git: Git,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { blob, ledger } = await readLedger(gitDir, git);
    const wanted = await edit(ledger);
    const changes = [...moves];
    if (wanted !== ledger) {
      const written = await git.must(gitDir, ['hash-object', '-w', '--stdin'], { input: formatLedger(wanted) });
      changes.push({ ref: ledgerRef, before: blob, after: written.toString().trim() });
    }
    if (changes.length === 0) return;
    try {
      return await changeRefs(gitDir, changes, git);
    } catch (error) {
      const isOvertaken = error instanceof ForgeError && error.failure === 'raced';
      if (!isOvertaken || attempt === limits.tree.recordTries.most || (await refAt(gitDir, ledgerRef, git)) === blob)
        throw error;
    }
  }
}

/**
 * What people have made of a proposal: merged when its base has all of the branch, closed when the branch is gone, or
 * stands without our commit inside of its base, else open.
 */
export async function stateOf(
  { state, head, base, headCommit }: LocalProposal,
  heads: ReadonlyMap<string, BranchHead>,
  gitDir: string,
  git: Git,
): Promise<LocalProposal['state']> {
  if (state !== 'open') return state;
  const into = heads.get(base)?.commit;
  const now = heads.get(head)?.commit;
  if (into === undefined) return now === undefined ? 'closed' : 'open';
  if (now !== undefined && !(await isWithin(gitDir, now, into, git))) return 'open';
  return (await isWithin(gitDir, headCommit, into, git)) ? 'merged' : 'closed';
}

/** Moves branches, and with them what the ledger says of them. Throws ForgeError. */
export async function moveBranches(
  gitDir: string,
  moves: readonly {
    readonly branch: string;
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[],
  git: Git,
): Promise<void> {
  const edit = async (ledger: Ledger): Promise<Ledger> => {
    const heads = await readHeads(gitDir, git);
    const proposals: LocalProposal[] = [];
    for (const one of ledger.proposals) {
      const move = moves.find(({ branch }) => branch === one.head);
      if (one.state !== 'open' || move === undefined) proposals.push(one);
      // Of a branch that is made anew nobody could tell later that it was gone.
      else if (move.before === undefined) proposals.push({ ...one, state: await stateOf(one, heads, gitDir, git) });
      else if (move.after !== undefined) proposals.push({ ...one, headCommit: move.after });
      else proposals.push(one);
    }
    return proposals.every((one, i) => one === ledger.proposals[i]) ? ledger : { ...ledger, proposals };
  };
  const changes = moves.map(({ branch, ...move }) => ({ ref: `refs/heads/${branch}`, ...move }));
  await record(gitDir, changes, edit, git);
}
