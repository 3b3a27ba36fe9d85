/*
 * src/forges/gitea/
 *
 * Gitea and Forgejo, which has grown from it and answers the same, by their REST API, version 1, and by git's own push, as
 * neither moves a branch from where it was seen in every version (../push/). gitea-login.ts finds out who we are, gitea-api.ts
 * asks and knows what we pushed; gitea-reads.ts is the half that changes nothing, gitea-writes.ts the half that writes,
 * gitea-labels.ts finds labels by name, gitea-answers.ts reads what comes back, gitea-rights.ts says what is missing, for doctor.
 * Begin here, then gitea-api.ts.
 */

import * as z from 'zod';
import type { Presentation, Selection } from '../forge.ts';
import { branchNames, defineForge, type ForgeServer, names, serverKeys, usualSizes } from '../forge-type.ts';
import { type GiteaLogin, giteaLogin } from './gitea-login.ts';

const pattern = z
  .string()
  .regex(/^[\w.-]+\/[^/\s]+$/, { error: 'expected owner/name, where the name may be a glob, such as my-org/*' })
  .describe('owner/name; the name may be a glob');

const keys = {
  ...serverKeys,
  login: z.string().min(1).max(100).optional().describe('whose the token is, for one that may not ask'),
  topics: names.optional().describe('only repositories with one of these topics'),
  languages: names.optional().describe('only repositories whose main language is one of these'),
  archived: z.boolean().optional().describe('also archived ones, which are only checked; default false'),
  fork: z.boolean().optional().describe('also forks; default false'),
  template: z.boolean().optional().describe('also templates; default true'),
  branches: branchNames,
};

const present: Omit<Presentation, 'name'> = {
  proposal: 'pull request',
  proposalName: (url) => {
    const number = /\/pulls\/(\d{1,10})$/.exec(url)?.[1];
    return number === undefined ? 'pull request' : `pull request #${number}`;
  },
  line: '{repository}/src/commit/{commit}/{file}#L{line}',
  most: usualSizes,
  ownerOf: (name) => name.split('/')[0],
};

type Entry = Partial<z.infer<z.ZodObject<typeof keys>>>;

function selected(
  pattern: string,
  { topics = [], languages = [], archived = false, fork = false, template = true, branches = [] }: Entry,
): Selection {
  return { pattern, topics, languages, archived, forks: fork, templates: template, branches };
}

const login = (env: Readonly<Record<string, string | undefined>>, server: ForgeServer): GiteaLogin | string =>
  giteaLogin(env, server);

/** Gitea. */
export const gitea = defineForge({
  type: 'gitea',
  schema: z.strictObject({ gitea: pattern, ...keys }),
  present: { name: 'Gitea', ...present },
  select: ({ gitea, ...entry }) => selected(gitea, entry),
  login,
  open: async (login, deps) => (await import('./open-gitea.ts')).openGitea({ ...login, ...deps }),
});

/** The same under the name of Forgejo: what is remembered of a repository does not hang on the name. */
export const forgejo = defineForge({
  type: 'forgejo',
  schema: z.strictObject({ forgejo: pattern, ...keys }),
  present: { name: 'Forgejo', ...present },
  select: ({ forgejo, ...entry }) => selected(forgejo, entry),
  login,
  open: async (login, deps) => (await import('./open-gitea.ts')).openGitea({ ...login, ...deps }),
});
