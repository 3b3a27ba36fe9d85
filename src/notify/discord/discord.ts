/*
 * src/notify/discord/
 *
 * Discord, by webhook or as a bot that can reply. discord-render.ts makes embeds within Discord's limits (pure),
 * discord-channel.ts posts them.
 * Begin here.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { address, eitherWay, secretText } from '../written.ts';

/** Discord: by webhook, or as a bot, which can also reply. */
export const discord = defineNotifier({
  type: 'discord',
  schema: z.strictObject({
    url: secretText.optional().describe('of a webhook: ${ENV_NAME} or file:PATH'),
    token: secretText.optional().describe('of a bot: ${ENV_NAME} or file:PATH'),
    channel: z
      .string()
      .regex(/^\d{15,21}$/, { error: 'expected the id of a channel, a long number in quotes' })
      .optional()
      .describe('id of the channel a bot posts to'),
    api: address.optional().describe('base of the API when it is not https://discord.com/api'),
  }),
  secrets: ['url', 'token'],
  complaint: ({ url, token, channel }) =>
    (token === undefined) === (channel === undefined)
      ? eitherWay(url !== undefined, token !== undefined, 'channel')
      : 'token and channel go together',
  open: async (options, deps) => (await import('./discord-channel.ts')).openDiscord(options, deps),
});
