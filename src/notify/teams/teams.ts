/*
 * src/notify/teams/
 *
 * Microsoft Teams, by a workflow's webhook. teams-channel.ts renders cards and posts them.
 * Begin here.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { secretText } from '../written.ts';

/** Microsoft Teams, by the webhook of a workflow ("Post to a channel when a webhook request is received"). */
export const teams = defineNotifier({
  type: 'teams',
  schema: z.strictObject({ url: secretText.describe('of the workflow’s webhook: ${ENV_NAME} or file:PATH') }),
  secrets: ['url'],
  open: async (options, deps) => (await import('./teams-channel.ts')).openTeams(options, deps),
});
