/*
 * src/notify/telegram/
 *
 * Telegram, as a bot. telegram-channel.ts renders and posts.
 * Begin here.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { address, secretText } from '../written.ts';

/** Telegram, as a bot. */
export const telegram = defineNotifier({
  type: 'telegram',
  schema: z.strictObject({
    token: secretText.describe('of the bot, from @BotFather: ${ENV_NAME} or file:PATH'),
    chat: z
      .string()
      .regex(/^(-?\d{1,20}|@\w{4,40})$/, { error: 'expected the id of a chat in quotes, or @name of a channel' })
      .describe('id of the chat, or @name of a channel'),
    api: address.optional().describe('base of the Bot API when it is not https://api.telegram.org'),
  }),
  secrets: ['token'],
  open: async (options, deps) => (await import('./telegram-channel.ts')).openTelegram(options, deps),
});
