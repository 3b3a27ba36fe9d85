import { pathToFileURL } from 'node:url';
import { limits } from '../../core/limits/limits.ts';
import type { ForgePull, ForgeReads, ForgeRepository, OwnItem } from '../forge.ts';
import { readCommits } from './commits.ts';
import { hasConflicts } from './conflicts.ts';
import { type Git, localIdentity } from './git.ts';
import { readFiles } from './git-tree.ts';
import type { LocalProposal } from './ledger.ts';
import { openRepository, readHeads } from './local-repository.ts';
import { readLedger, stateOf } from './proposal-record.ts';

/** The half of the forge that changes nothing, no object included. */
export function localReads(git: Git): ForgeReads {
  return {
    async *repositories(selection) {
      yield await openRepository(selection, git);
    },

    async tree({ id }, tree) {
      return readFiles(id, tree, git);
    },

    blob({ id }, { blob }) {
      return git.must(id, ['cat-file', 'blob', blob]);
    },

    async ownItems(repository) {
      const [heads, { ledger }] = await Promise.all([readHeads(repository.id, git), readLedger(repository.id, git)]);
      const items: OwnItem[] = [];
      for (const one of ledger.proposals) {
        const { number, head, body, labels, updated, created } = one;
        const state = await stateOf(one, heads, repository.id, git);
        items.push({ number, url: addressOf(repository, head), kind: 'pull', state, body, labels, updated, created });
      }
      return items.sort((a, b) => (a.updated === b.updated ? b.number - a.number : a.updated < b.updated ? 1 : -1));
    },

    async state(repository, { bases, branches }) {
      const { id } = repository;
      const [heads, { ledger }] = await Promise.all([readHeads(id, git), readLedger(id, git)]);
      const known = branches.flatMap((name) => heads.get(name)?.commit ?? []);
      const commits = new Map((await readCommits(id, known, git)).map((commit) => [commit.oid, commit]));
      const pulls: ForgePull[] = [];
      for (const one of ledger.proposals) {
        if (!branches.includes(one.head)) continue;
        const state = await stateOf(one, heads, id, git);
        const [base, head] = [heads.get(one.base)?.commit, heads.get(one.head)?.commit];
        const mayConflict = state === 'open' && base !== undefined && head !== undefined;
        const conflicts = mayConflict ? await hasConflicts(id, base, head, git) : false;
        pulls.push({ ...toPull(one, repository), state, headCommit: head ?? one.headCommit, conflicts });
      }
      return {
        bases: new Map(bases.map((name) => [name, heads.get(name)])),
        branches: new Map(branches.map((name) => [name, commits.get(heads.get(name)?.commit ?? '')])),
        pulls,
      };
    },

    async blobsAt({ id }, commit, paths) {
      if (paths.length === 0) return [];
      const files = new Map((await readFiles(id, commit, git)).map(({ path, blob }) => [path, blob]));
      return paths.map((path) => files.get(path));
    },

    async commitsBetween({ id }, base, branch) {
      const heads = await readHeads(id, git);
      const [from, to] = [heads.get(base)?.commit, heads.get(branch)?.commit];
      if (from === undefined || to === undefined) return undefined;
      const range = ['--topo-order', '--reverse', `--max-count=${limits.tree.commits.most + 1}`, to, `^${from}`];
      const ids = (await git.must(id, ['rev-list', ...range])).toString().split('\n').filter(Boolean);
      return ids.length > limits.tree.commits.most ? undefined : readCommits(id, ids, git);
    },

    // Whoever can move branches can do everything.
    mayWrite: async () => true,
    barred: async () => undefined,
  };
}

/** No page, but a name for the branch that is unlike any other. */
export function addressOf({ name }: ForgeRepository, branch: string): string {
  return `${pathToFileURL(name).href}#${branch}`;
}

function toPull(
  one: LocalProposal,
  repository: ForgeRepository,
): Omit<ForgePull, 'state' | 'headCommit' | 'conflicts'> {
  const { number, head, base, title, body, draft, labels, comments } = one;
  return {
    id: String(number),
    number,
    url: addressOf(repository, head),
    isDraft: draft,
    isOwn: true,
    isForeign: false,
    head,
    base,
    title,
    body,
    automerge: false,
    comments: comments.map((text, i) => ({
      id: `${number}-${i}`,
      body: text,
      author: localIdentity.login,
      isOwn: true,
    })),
    // Nobody else can put one there, and our own ask for nothing.
    labels: labels.map((name) => ({ name, by: undefined })),
  };
}
