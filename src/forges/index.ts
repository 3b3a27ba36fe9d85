/*
 * src/forges/
 *
 * Where repositories live and proposals are made: a folder per forge, one line in the list below. forge.ts is all that the
 * rest knows of one: lists, trees and blobs without a clone, branches by compare-and-set, pull requests, an issue; what it
 * can do beside that is a value of it (`can`), and so is how it is spoken of (`present`). `<type>.ts` has its keys of the
 * configuration and loads with that; what asks the forge loads when it is opened. A refusal is a ForgeError (forge-error.ts)
 * whose kind says what can be done about it. What becomes of a proposal is decided in targets/proposals/, never here.
 * How to add one: docs/adding-a-forge.md. Begin with forge.ts, then github/github.ts, gitlab/gitlab.ts, gitea/gitea.ts or local/local.ts.
 */

import type { ForgeType } from './forge-type.ts';
import { forgejo, gitea } from './gitea/gitea.ts';
import { github } from './github/github.ts';
import { gitlab } from './gitlab/gitlab.ts';
import { local } from './local/local.ts';

/** Every kind of forge there is, by the words that the configuration has for it. To add one, see docs/adding-a-forge.md. */
export const forges: readonly [ForgeType, ...ForgeType[]] = [github, gitlab, gitea, forgejo, local];
