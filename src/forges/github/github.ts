/*
 * src/forges/github/
 *
 * GitHub and GitHub Enterprise Server; Octokit is used nowhere else. github-login.ts finds out who we are, client.ts signs
 * in (a token, or an App) and paces; github-reads.ts is the half that changes nothing, with conditional requests,
 * github-writes.ts the half that writes. queries.ts has every GraphQL document as text, github-answers.ts reads what comes
 * back, failure.ts words what GitHub refuses. home.ts is what a job does in the repository it lives in: its state and its
 * issue.
 * Begin here, then github-api.ts.
 */

import * as z from 'zod';
import { branchNames, defineForge, names, usualSizes } from '../forge-type.ts';
import { githubLogin } from './github-login.ts';

/** GitHub, and GitHub Enterprise Server. */
export const github = defineForge({
  type: 'github',
  schema: z.strictObject({
    github: z
      .string()
      .regex(/^[\w.-]+\/[^/\s]+$/, { error: 'expected owner/name, where the name may be a glob, such as my-org/*' })
      .describe('owner/name; the name may be a glob'),
    topics: names.optional().describe('only repositories with one of these topics'),
    languages: names.optional().describe('only repositories whose main language is one of these'),
    archived: z.boolean().optional().describe('also archived ones, which are only checked; default false'),
    fork: z.boolean().optional().describe('also forks; default false'),
    template: z.boolean().optional().describe('also templates; default true'),
    branches: branchNames,
  }),
  present: {
    name: 'GitHub',
    proposal: 'pull request',
    proposalName: (url) => {
      const number = /\/pull\/(\d{1,10})$/.exec(url)?.[1];
      return number === undefined ? 'pull request' : `pull request #${number}`;
    },
    // GitHub Docs, "Creating a permanent link to a code snippet".
    line: '{repository}/blob/{commit}/{file}#L{line}',
    most: usualSizes,
    ownerOf: (name) => name.split('/')[0],
  },
  select: ({ github: pattern, topics = [], languages = [], archived = false, fork, template, branches = [] }) => ({
    pattern,
    topics,
    languages,
    archived,
    forks: fork ?? false,
    templates: template ?? true,
    branches,
  }),
  login: githubLogin,
  open: async (login, deps) => (await import('./open-github.ts')).openGitHub({ ...login, ...deps }),
});
