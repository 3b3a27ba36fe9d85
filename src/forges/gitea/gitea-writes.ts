import type { ForgeHome, ForgeRepository, ForgeWrites } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { pushedBranches } from '../push/pushed-branches.ts';
import {
  type BranchAnswer,
  draftTitle,
  isDraftTitle,
  type PullAnswer,
  type RepositoryAnswer,
} from './gitea-answers.ts';
import { type GiteaApi, pathText } from './gitea-api.ts';
import { labelIds } from './gitea-labels.ts';
import { hasChecks } from './gitea-rights.ts';

/** The half that writes. Branches are moved by a push, which is compare-and-set in every version. */
export function giteaWrites(api: GiteaApi): ForgeWrites & ForgeHome {
  const { rest } = api;
  const pullPath = (repository: ForgeRepository, number: number): string => `${api.path(repository)}/pulls/${number}`;
  const itemPath = (repository: ForgeRepository, number: number): string => `${api.path(repository)}/issues/${number}`;

  const branches = pushedBranches({
    remote: (repository) => api.remote(repository),
    author: async () => ({ ...(await api.account()), time: api.now }),
    onCommit: (id) => api.own.add(id),
    api: {
      createBranch: (repository, branch, commit) =>
        rest.send('POST', `${api.path(repository)}/branches`, `creating ${branch} in ${repository.name}`, {
          new_branch_name: branch,
          old_ref_name: commit,
        }),
      async commit(repository, { branch, onto, subject, body, files }) {
        const attempt = `committing to ${branch} of ${repository.name}`;
        const { name, email } = await api.account();
        const who = { name, email };
        const changes = await Promise.all(
          files.map(async ({ path, bytes }) => {
            const at = `${api.path(repository)}/contents/${pathText(path)}`;
            const { sha } = await rest.get<{ readonly sha: string }>(at, attempt, { query: { ref: onto } });
            return { operation: 'update', path, sha, content: Buffer.from(bytes).toString('base64') };
          }),
        );
        const message = `${subject}\n\n${body}\n`;
        const { commit } = await rest.send<{
          readonly commit: { readonly sha: string; readonly parents: readonly { readonly sha: string }[] };
        }>('POST', `${api.path(repository)}/contents`, attempt, {
          branch,
          message,
          author: who,
          committer: who,
          files: changes,
        });
        return { id: commit.sha, parent: commit.parents[0]?.sha };
      },
    },
  });

  return {
    ...branches,

    async openPull(repository, { head, base, title, body, draft }) {
      const opened = await rest.send<PullAnswer>(
        'POST',
        `${api.path(repository)}/pulls`,
        `opening a pull request in ${repository.name}`,
        { head, base, title: draftTitle(title, draft), body },
      );
      return { number: opened.number, id: String(opened.number), url: opened.html_url, draft };
    },

    async changePull(repository, number, { title, body, state }) {
      const attempt = `changing #${number} of ${repository.name}`;
      const path = pullPath(repository, number);
      // Whether it is a draft stands in the title.
      const isDraft = title !== undefined && isDraftTitle((await rest.get<PullAnswer>(path, attempt)).title);
      await rest.send('PATCH', path, attempt, {
        ...(title !== undefined && { title: draftTitle(title, isDraft) }),
        ...(body !== undefined && { body }),
        ...(state !== undefined && { state }),
      });
    },

    async comment(repository, number, body) {
      const attempt = `commenting on #${number} of ${repository.name}`;
      await rest.send('POST', `${itemPath(repository, number)}/comments`, attempt, { body });
    },

    async addLabels(repository, number, names) {
      const labels = await labelIds(repository, names, api);
      const attempt = `labelling #${number} of ${repository.name}`;
      await rest.send('POST', `${itemPath(repository, number)}/labels`, attempt, { labels });
    },

    async removeLabel(repository, number, name) {
      const attempt = `taking a label off #${number} of ${repository.name}`;
      const path = `${itemPath(repository, number)}/labels`;
      const all = await rest.get<{ readonly id: number; readonly name: string }[]>(path, attempt);
      for (const label of all.filter((one) => one.name === name))
        await rest.find(`${path}/${label.id}`, attempt, { method: 'DELETE' });
    },

    async requestReviews(repository, number, { people, teams }) {
      const attempt = `requesting reviews of #${number} of ${repository.name}`;
      const body = { reviewers: people, team_reviewers: teams };
      await rest.send('POST', `${pullPath(repository, number)}/requested_reviewers`, attempt, body);
    },

    async assign(repository, number, { people, milestone }) {
      const attempt = `assigning #${number} of ${repository.name}`;
      await rest.send('PATCH', itemPath(repository, number), attempt, {
        ...(people.length > 0 && { assignees: people }),
        ...(milestone !== undefined && { milestone }),
      });
    },

    async setDraft(repository, { number }, draft) {
      const attempt = `changing a draft, #${number} of ${repository.name}`;
      const path = pullPath(repository, number);
      const { title } = await rest.get<PullAnswer>(path, attempt);
      await rest.send('PATCH', path, attempt, { title: draftTitle(title, draft) });
    },

    async setAutomerge(repository, { number }, on) {
      const attempt = `setting auto-merge of #${number} of ${repository.name}`;
      const path = pullPath(repository, number);
      if (!on) return void (await rest.find(`${path}/merge`, attempt, { method: 'DELETE' }));
      const { base, head } = await rest.get<PullAnswer>(path, attempt);
      const at = `${api.path(repository)}/branches/${pathText(base.ref)}`;
      const [branch, { default_merge_style: style = 'merge' }] = await Promise.all([
        rest.get<BranchAnswer>(at, attempt),
        rest.get<RepositoryAnswer>(api.path(repository), attempt),
      ]);
      // Without a check that it would wait for, it is merged at once.
      if (!hasChecks(branch)) {
        const todo = `protect ${base.ref} and name the checks that must succeed`;
        throw new ForgeError(
          'refused',
          `${attempt}: nothing is asked of it there, so it would be merged untested: ${todo}`,
        );
      }
      const body = { Do: style, head_commit_id: head.sha, merge_when_checks_succeed: true };
      await rest.send('POST', `${path}/merge`, attempt, body);
    },

    home: async () => unsupported('a job of its own'),
    keep: async () => unsupported('a state of its own'),

    async openIssue(repository, issue) {
      const attempt = `opening an issue in ${repository.name}`;
      const { title, body } = issue;
      const made = await rest.send<{ number: number; html_url: string }>(
        'POST',
        `${api.path(repository)}/issues`,
        attempt,
        { title, body },
      );
      return { number: made.number, url: made.html_url };
    },

    async changeIssue(repository, number, change) {
      const attempt = `changing #${number} of ${repository.name}`;
      await rest.send('PATCH', itemPath(repository, number), attempt, { ...change });
    },
  };
}

function unsupported(what: string): never {
  throw new ForgeError('unsupported', `there is no ${what} for us`);
}
