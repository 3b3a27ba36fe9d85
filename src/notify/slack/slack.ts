/*
 * src/notify/slack/
 *
 * Slack, by incoming webhook or as a bot that can answer in threads. slack-render.ts makes blocks within Block
 * Kit's limits (pure), slack-channel.ts posts them.
 * Begin here.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { address, eitherWay, secretText } from '../written.ts';

/** Slack: by incoming webhook, or as a bot, which can also answer in threads. */
export const slack = defineNotifier({
  type: 'slack',
  schema: z.strictObject({
    url: secretText.optional().describe('of an incoming webhook: ${ENV_NAME} or file:PATH'),
    token: secretText.optional().describe('of a bot (xoxb-…) with chat:write: ${ENV_NAME} or file:PATH'),
    channel: z.string().min(1).max(80).optional().describe('id or #name of the channel a bot posts to'),
    api: address.optional().describe('base of the API when it is not https://slack.com/api'),
  }),
  secrets: ['url', 'token'],
  complaint: ({ url, token, channel }) =>
    (token === undefined) === (channel === undefined)
      ? eitherWay(url !== undefined, token !== undefined, 'channel')
      : 'token and channel go together',
  open: async (options, deps) => (await import('./slack-channel.ts')).openSlack(options, deps),
});
