/*
 * src/notify/matrix/
 *
 * Matrix, by a homeserver's client API. matrix-channel.ts renders and posts.
 * Begin here.
 */

import * as z from 'zod';
import { defineNotifier } from '../notifier.ts';
import { address, secretText } from '../written.ts';

/** A Matrix room, not encrypted. */
export const matrix = defineNotifier({
  type: 'matrix',
  schema: z.strictObject({
    homeserver: address.describe('base of the client API, such as https://matrix.example.com'),
    token: secretText.describe('an access token: ${ENV_NAME} or file:PATH'),
    room: z
      .string()
      .max(255)
      .regex(/^![^\s/?#]+$/, { error: 'expected the id of a room, such as !abc:example.com' }),
  }),
  secrets: ['token'],
  open: async (options, deps) => (await import('./matrix-channel.ts')).openMatrix(options, deps),
});
