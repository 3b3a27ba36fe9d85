/*
 * src/notify/ntfy/
 *
 * ntfy, the smallest channel there is: ntfy-channel.ts renders and posts.
 * Begin here, also to see what a channel needs.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { secretText } from '../written.ts';

/** ntfy, public or one's own. The topic is as good as a password, so the address is a secret. */
export const ntfy = defineNotifier({
  type: 'ntfy',
  schema: z.strictObject({
    url: secretText.describe('server and topic (https://ntfy.sh/TOPIC): ${ENV_NAME} or file:PATH'),
    token: secretText.optional().describe('an access token: ${ENV_NAME} or file:PATH'),
  }),
  secrets: ['url', 'token'],
  open: async (options, deps) => (await import('./ntfy-channel.ts')).openNtfy(options, deps),
});
