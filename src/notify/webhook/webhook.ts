/*
 * src/notify/webhook/
 *
 * Any address that takes JSON. webhook-channel.ts renders and posts.
 * Begin here.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { secretText } from '../written.ts';

/** Any program of the operator's: the report as JSON, signed. */
export const webhook = defineNotifier({
  type: 'webhook',
  schema: z.strictObject({
    url: secretText.describe('where to post: ${ENV_NAME} or file:PATH'),
    secret: secretText.optional().describe('key of the signature: ${ENV_NAME} or file:PATH'),
  }),
  secrets: ['url', 'secret'],
  open: async (options, deps) => (await import('./webhook-channel.ts')).openWebhook(options, deps),
});
