import { limits } from '../../core/limits/limits.ts';
import type { ForgeHome, ForgeRepository, ForgeWrites } from '../forge.ts';
import { ForgeError } from '../forge-error.ts';
import { pushedBranches } from '../push/pushed-branches.ts';
import { draftTitle, isDraftTitle, type UserAnswer, type WholeMergeAnswer } from './gitlab-answers.ts';
import type { GitLabApi } from './gitlab-api.ts';
import { inert } from './quick-actions.ts';

interface Opened {
  readonly iid: number;
  readonly web_url: string;
}

/** Seconds between two looks whether a pipeline is there. */
const pipelineEvery = 3;

/** The half that writes. Branches are moved by a push, which is compare-and-set; the API cannot tell where one was. */
export function gitlabWrites(api: GitLabApi): ForgeWrites & ForgeHome {
  const { rest } = api;
  const pathOf = (repository: ForgeRepository, number: number): string =>
    `${api.path(repository)}/merge_requests/${number}`;

  /** Changes a merge request. */
  async function edit(repository: ForgeRepository, number: number, what: string, body: object): Promise<void> {
    await rest.send('PUT', pathOf(repository, number), `${what} !${number} of ${repository.name}`, body);
  }

  async function whole(repository: ForgeRepository, number: number): Promise<WholeMergeAnswer & { title: string }> {
    return rest.get(pathOf(repository, number), `looking at !${number} of ${repository.name}`);
  }

  async function idsOf(people: readonly string[], attempt: string): Promise<number[]> {
    const found = await Promise.all(
      people.map((username) => rest.get<UserAnswer[]>('/users', attempt, { query: { username } })),
    );
    const missing = people.filter((_, i) => found[i]?.length === 0);
    if (missing.length > 0) throw new ForgeError('refused', `${attempt}: there is no ${missing.join(', ')}`);
    return found.flatMap(([user]) => user?.id ?? []);
  }

  const branches = pushedBranches({
    remote: (repository) => api.remote(repository),
    author: async () => ({ ...(await api.account()), time: api.now }),
    onCommit: (id) => api.own.add(id),
    api: {
      createBranch: (repository, branch, ref) =>
        rest.send('POST', `${api.path(repository)}/repository/branches`, `creating ${branch} in ${repository.name}`, {
          branch,
          ref,
        }),
      async commit(repository, { branch, subject, body, files }) {
        const { name, email } = await api.account();
        const made = await rest.send<{ readonly id: string; readonly parent_ids: readonly string[] }>(
          'POST',
          `${api.path(repository)}/repository/commits`,
          `committing to ${branch} of ${repository.name}`,
          {
            branch,
            commit_message: `${subject}\n\n${body}\n`,
            author_name: name,
            author_email: email,
            actions: files.map(({ path, bytes }) => ({
              action: 'update',
              file_path: path,
              encoding: 'base64',
              content: Buffer.from(bytes).toString('base64'),
            })),
          },
        );
        return { id: made.id, parent: made.parent_ids[0] };
      },
    },
  });

  return {
    ...branches,

    async openPull(repository, { head, base, title, body, draft }) {
      const opened = await rest.send<Opened>(
        'POST',
        `${api.path(repository)}/merge_requests`,
        `opening a merge request in ${repository.name}`,
        { source_branch: head, target_branch: base, title: draftTitle(title, draft), description: inert(body) },
      );
      return { number: opened.iid, id: String(opened.iid), url: opened.web_url, draft };
    },

    async changePull(repository, number, { title, body, state }) {
      // Whether it is a draft stands in the title.
      const isDraft = title !== undefined && isDraftTitle((await whole(repository, number)).title);
      await edit(repository, number, 'changing', {
        ...(title !== undefined && { title: draftTitle(title, isDraft) }),
        ...(body !== undefined && { description: inert(body) }),
        ...(state !== undefined && { state_event: 'close' }),
      });
    },

    async comment(repository, number, body) {
      const attempt = `commenting on !${number} of ${repository.name}`;
      await rest.send('POST', `${pathOf(repository, number)}/notes`, attempt, { body: inert(body) });
    },

    addLabels: (repository, number, labels) =>
      edit(repository, number, 'labelling', { add_labels: labels.map(plainLabel).join(',') }),

    removeLabel: (repository, number, label) =>
      edit(repository, number, 'taking a label off', { remove_labels: plainLabel(label) }),

    async requestReviews(repository, number, { people, teams }) {
      const attempt = `requesting reviews of !${number} of ${repository.name}`;
      if (people.length > 0) {
        const ids = await idsOf(people, attempt);
        await edit(repository, number, 'requesting reviews of', { reviewer_ids: ids });
      }
      if (teams.length > 0)
        throw new ForgeError('unsupported', `${attempt}: GitLab has no teams that review; name people`);
    },

    async assign(repository, number, { people, milestone }) {
      const attempt = `assigning !${number} of ${repository.name}`;
      const found =
        milestone === undefined
          ? []
          : await rest.get<{ id: number }[]>(`${api.path(repository)}/milestones`, attempt, {
              query: { iids: [milestone] },
            });
      if (milestone !== undefined && found.length === 0)
        throw new ForgeError('refused', `${attempt}: there is no milestone %${milestone}`);
      await edit(repository, number, 'assigning', {
        ...(people.length > 0 && { assignee_ids: await idsOf(people, attempt) }),
        ...(found[0] && { milestone_id: found[0].id }),
      });
    },

    async setDraft(repository, { number }, draft) {
      const { title } = await whole(repository, number);
      await edit(repository, number, 'changing a draft,', { title: draftTitle(title, draft) });
    },

    async setAutomerge(repository, { number }, on) {
      const attempt = `setting auto-merge of !${number} of ${repository.name}`;
      const path = pathOf(repository, number);
      if (!on) {
        await rest.send('POST', `${path}/cancel_merge_when_pipeline_succeeds`, attempt, {});
        return;
      }
      const why = (await api.project(repository)).only_allow_merge_if_pipeline_succeeds
        ? undefined
        : 'this project does not ask that pipelines succeed, so GitLab would merge untested: switch on "Pipelines must succeed"';
      if (why !== undefined) throw new ForgeError('refused', `${attempt}: ${why}`);
      const sha = await testedHead(repository, number, attempt);
      // Both names: the second is that of 17.11 and newer.
      const body = { merge_when_pipeline_succeeds: true, auto_merge: true, sha };
      await rest.send('PUT', `${path}/merge`, attempt, body);
    },

    home: async () => unsupported('a job of its own'),
    keep: async () => unsupported('a state of its own'),

    async openIssue(repository, { title, body }) {
      const attempt = `opening an issue in ${repository.name}`;
      const made = await rest.send<Opened>('POST', `${api.path(repository)}/issues`, attempt, {
        title,
        description: inert(body),
      });
      return { number: made.iid, url: made.web_url };
    },

    async changeIssue(repository, number, { title, body, state }) {
      const attempt = `changing the issue #${number} of ${repository.name}`;
      await rest.send('PUT', `${api.path(repository)}/issues/${number}`, attempt, {
        ...(title !== undefined && { title }),
        ...(body !== undefined && { description: inert(body) }),
        ...(state !== undefined && { state_event: state === 'closed' ? 'close' : 'reopen' }),
      });
    },
  };

  /**
   * The head that a pipeline looks at: GitLab makes one a moment after the merge request, and until then it would merge at once.
   * Throws ForgeError 'refused' when none comes.
   */
  async function testedHead(repository: ForgeRepository, number: number, attempt: string): Promise<string> {
    const tries = limits.host.forgePipeline.most / (pipelineEvery * 1000);
    for (let n = 0; ; n++) {
      const { sha, head_pipeline: pipeline } = await whole(repository, number);
      if (sha !== null && pipeline?.sha === sha && !['failed', 'canceled', 'skipped'].includes(pipeline.status))
        return sha;
      if (n >= tries) {
        const why = 'no pipeline is under way for its head, and without one GitLab would merge at once';
        throw new ForgeError('refused', `${attempt}: ${why}`);
      }
      await api.pause(pipelineEvery);
    }
  }
}

/** A comma would make two of one. */
function plainLabel(label: string): string {
  return label.replaceAll(',', ' ');
}

function unsupported(what: string): never {
  throw new ForgeError('unsupported', `GitLab has no ${what} for us`);
}
