import { timestamp } from '../../core/time/clock.ts';
import type { ForgeHome, ForgeRepository, ForgeWrites } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import type { Git } from './git.ts';
import { type LocalProposal, withProposal } from './ledger.ts';
import { addressOf } from './local-reads.ts';
import { readHeads } from './local-repository.ts';
import { makeCommit } from './make-commit.ts';
import { moveBranches, record, stateOf } from './proposal-record.ts';

/** The half that writes: branches, and the ledger of proposals. What has no meaning here is 'unsupported'. */
export function localWrites(git: Git, now: number): ForgeWrites & ForgeHome {
  const change = (
    { id }: ForgeRepository,
    number: number,
    edit: (proposal: LocalProposal) => Partial<LocalProposal>,
  ): Promise<void> => {
    const updated = timestamp(now);
    return record(id, [], (ledger) => withProposal(ledger, number, (one) => ({ ...one, ...edit(one), updated })), git);
  };

  return {
    moveBranches: ({ id }, moves) => moveBranches(id, moves, git),

    createBranch: ({ id }, branch, commit) => moveBranches(id, [{ branch, before: undefined, after: commit }], git),

    async commit({ id }, commit) {
      const made = await makeCommit(id, commit, now, git);
      await moveBranches(id, [{ branch: commit.branch, before: commit.onto, after: made }], git);
      return made;
    },

    async openPull(repository, pull) {
      const { id, name } = repository;
      const heads = await readHeads(id, git);
      const headCommit = heads.get(pull.head)?.commit;
      if (headCommit === undefined) throw new ForgeError('raced', `there is no ${pull.head} in ${name} any more`);
      const created = timestamp(now);
      let number = 0;
      const edit: Parameters<typeof record>[2] = async (ledger) => {
        const proposals: LocalProposal[] = [];
        for (const one of ledger.proposals) proposals.push({ ...one, state: await stateOf(one, heads, id, git) });
        const open = proposals.find(({ state, head }) => state === 'open' && head === pull.head);
        if (open !== undefined) {
          throw new ForgeError('refused', `${pull.head} of ${name} has a proposal already, number ${open.number}`);
        }
        number = ledger.next;
        const own: LocalProposal = {
          number,
          ...pull,
          labels: [],
          comments: [],
          state: 'open',
          headCommit,
          created,
          updated: created,
        };
        return { ...ledger, next: number + 1, proposals: [...proposals, own] };
      };
      await record(id, [], edit, git);
      return { number, url: addressOf(repository, pull.head), id: String(number), draft: pull.draft };
    },

    changePull: (repository, number, wanted) => change(repository, number, () => wanted),

    comment: (repository, number, body) =>
      change(repository, number, ({ comments }) => ({ comments: [...comments, body] })),

    addLabels: (repository, number, labels) =>
      change(repository, number, (one) => ({ labels: [...new Set([...one.labels, ...labels])] })),

    removeLabel: (repository, number, label) =>
      change(repository, number, ({ labels }) => ({ labels: labels.filter((one) => one !== label) })),

    setDraft: (repository, { number }, draft) => change(repository, number, () => ({ draft })),

    requestReviews: async () => unsupported('reviewers'),
    assign: async () => unsupported('assignees and milestones'),
    setAutomerge: async () => unsupported('auto-merge'),
    home: async () => unsupported('a job of its own'),
    keep: async () => unsupported('a state of its own'),
    openIssue: async () => unsupported('issues'),
    changeIssue: async () => unsupported('issues'),
  };
}

function unsupported(what: string): never {
  throw new ForgeError('unsupported', `a local repository has no ${what}`);
}
