/*
 * src/forges/gitlab/
 *
 * GitLab, at gitlab.com and wherever it is run, by its REST API, version 4, and by git's own push where that moves branches more
 * safely than the API does (../push/). gitlab-login.ts finds out who we are, gitlab-api.ts asks and knows which commits we
 * pushed; gitlab-reads.ts is the half that changes nothing, gitlab-writes.ts the half that writes, gitlab-answers.ts reads what
 * comes back, gitlab-rights.ts says what is missing, for doctor.
 * Begin here, then gitlab-api.ts.
 */

import * as z from 'zod';
import { branchNames, defineForge, names, serverKeys, usualSizes } from '../forge-type.ts';
import { gitlabLogin } from './gitlab-login.ts';

/** GitLab, every edition. */
export const gitlab = defineForge({
  type: 'gitlab',
  schema: z.strictObject({
    gitlab: z
      .string()
      .regex(/^[\w.-]+\/[^\s]*[^\s/]$/, {
        error: 'expected group/project, where all but the first may be globs, such as my-group/** or my-group/team-*/*',
      })
      .describe('group/project, with as many groups as there are; all but the first may be globs, ** for every depth'),
    ...serverKeys,
    topics: names.optional().describe('only projects with one of these topics'),
    archived: z.boolean().optional().describe('also archived ones, which are only checked; default false'),
    fork: z.boolean().optional().describe('also forks; default false'),
    branches: branchNames,
  }),
  present: {
    name: 'GitLab',
    proposal: 'merge request',
    proposalName: (url) => {
      const number = /\/merge_requests\/(\d{1,10})$/.exec(url)?.[1];
      return number === undefined ? 'merge request' : `merge request !${number}`;
    },
    line: '{repository}/-/blob/{commit}/{file}#L{line}',
    // A title may have 255, a draft's prefix included; a description a million (GitLab Docs, "Merge requests API").
    most: usualSizes,
    ownerOf: (name) => name.split('/')[0],
  },
  select: ({ gitlab: pattern, topics = [], archived = false, fork = false, branches = [] }) => ({
    pattern,
    topics,
    languages: [],
    archived,
    forks: fork,
    templates: true,
    branches,
  }),
  login: gitlabLogin,
  open: async (login, deps) => (await import('./open-gitlab.ts')).openGitLab({ ...login, ...deps }),
});
